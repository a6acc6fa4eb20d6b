"""Points and partial outcomes of every design, derived by reading it; each figure stands with its reason."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bench.crash.census import census
from bench.crash.client import Attempt, die
from bench.crash.rig import Rig
from bench.drive.drivers import Told
from bench.drive.flights import Atomicity, Exchange
from bench.errors import InvalidMeasurement
from bench.perform import write
from bench.results.schema import CrashPoint
from bench.scenes import KINDS
from bench.stores import Store
from tests.bench.crash.conftest import EACH
from variants.contract import Commit, Design, Options, Rejected, Statement, Task, Writing
from variants.dual import Dual
from variants.floor import Floor
from variants.hybrid import Hybrid
from workloads.operations import Context, Edit, Join, Send, Write

Figures = dict[str, dict[int, tuple[int, int]]]
"""By kind and k: crash points and partial outcomes."""


def steps(transactions: int, partial: int) -> tuple[int, int]:
    """An operation of n transactions has 2n+1 points."""
    return 2 * transactions + 1, partial


# One transaction leaves nothing in part. Of n that each show something, n - 1 can be the last: after its commit, and before the
# next one's, the operation is partial, so there are 2(n - 1) partial points.
ONCE = {0: steps(1, 0)}
CENTRAL = {1: steps(1, 0), 2: steps(1, 0)}
CENTRAL_AND_EACH_AGENT = {1: steps(2, 2), 2: steps(3, 4)}
EACH_AGENT = {1: steps(1, 0), 2: steps(2, 2)}

DUAL: Figures = {
    "create_server": ONCE,
    "create_channel": ONCE,
    # The agent's own row, then server_agents: the first is in no view, so two transactions leave nothing in part.
    "add_agent": {0: steps(2, 0)},
    # Agents learn of members at their first message.
    "join": CENTRAL,
    "join_agent": CENTRAL,
    "leave": CENTRAL_AND_EACH_AGENT,
    # The leaving agent empties its room, the k - 1 others strike it off.
    "leave_agent": CENTRAL_AND_EACH_AGENT,
    "send": CENTRAL_AND_EACH_AGENT,
    # The author, central, the k - 1 others.
    "reply": CENTRAL_AND_EACH_AGENT,
    "edit": CENTRAL_AND_EACH_AGENT,
    "delete": CENTRAL_AND_EACH_AGENT,
}

PER_SIDE: dict[str, Figures] = {
    "dual": DUAL,
    # An agent of a server is its world: one transaction.
    "option_a": DUAL | {"add_agent": ONCE},
    "option_b": DUAL,
    # Membership is in the agents' rooms alone, each in a transaction of its own; a joining agent is one more.
    "hybrid": DUAL
    | {
        "add_agent": ONCE,
        "join": EACH_AGENT,
        "join_agent": CENTRAL_AND_EACH_AGENT,
        "leave": EACH_AGENT,
        "leave_agent": EACH_AGENT,
    },
    # Everything is stored once.
    "floor": {kind: ONCE if 0 in by_k else CENTRAL for kind, by_k in DUAL.items()},
}

JOINED: Figures = {kind: ONCE if 0 in by_k else CENTRAL for kind, by_k in DUAL.items()}


def figures(points: Sequence[CrashPoint], atomicity: Atomicity) -> Figures:
    found: Figures = {}
    for point in points:
        if point.atomicity == atomicity:
            all_points, partial = found.setdefault(point.kind, {}).get(point.k, (0, 0))
            found[point.kind][point.k] = all_points + 1, partial + (point.left == "partial")
    return found


def run(store: Store, kinds: Sequence[str], ks: Sequence[int]) -> list[CrashPoint]:
    return list(census(store, kinds, ks, lambda _done, _total: None))


@pytest.mark.parametrize("name", EACH)
def test_points_and_partial_outcomes_per_side_are_those_derived(census_of: Callable[[str], list[CrashPoint]], name: str) -> None:
    assert figures(census_of(name), Atomicity.PER_SIDE) == PER_SIDE[name]


@pytest.mark.parametrize("name", EACH)
def test_joined_has_three_points_an_operation_and_leaves_nothing_in_part(
    census_of: Callable[[str], list[CrashPoint]], name: str
) -> None:
    found = census_of(name)
    assert figures(found, Atomicity.JOINED) == JOINED
    joined = [point for point in found if point.atomicity == Atomicity.JOINED]
    assert {(point.point, point.left) for point in joined} == {
        ("before-step-1", "lost"),
        ("before-commit-1", "lost"),
        ("after-commit-1", "whole"),
    }


@pytest.mark.parametrize("name", EACH)
def test_each_point_stands_once_with_the_schedule_that_names_it(census_of: Callable[[str], list[CrashPoint]], name: str) -> None:
    found = census_of(name)
    assert len({point.schedule for point in found}) == len(found)
    for point in found:
        assert point.schedule == f"{name}/{point.atomicity}/{point.kind}/k={point.k}/{point.point}"
        assert bool(point.parts) == (point.left == "partial")


@pytest.mark.parametrize("name", EACH)
def test_what_is_lost_before_the_first_commit_is_whole_after_any_retry(
    census_of: Callable[[str], list[CrashPoint]], name: str
) -> None:
    early = [point for point in census_of(name) if point.point in {"before-step-1", "before-commit-1"}]
    assert {(p.left, p.retry_same, p.told_same) for p in early} == {("lost", "whole", "ok")}
    assert {(p.retry_fresh, p.told_fresh) for p in early} == {("whole", "ok"), (None, None)}


@pytest.mark.parametrize("name", EACH)
def test_a_message_in_part_stays_so_under_its_id_and_is_doubled_under_a_fresh_one(
    census_of: Callable[[str], list[CrashPoint]], name: str
) -> None:
    partial = [point for point in census_of(name) if point.left == "partial" and point.kind in {"send", "reply"}]
    assert len(partial) == (0 if name == "floor" else 2 * (2 + 4))
    assert {(p.retry_same, p.told_same, p.retry_fresh, p.told_fresh) for p in partial} <= {("partial", "fail", "duplicated", "ok")}


@pytest.mark.parametrize("name", EACH)
def test_what_is_not_a_new_message_heals_with_one_retry(census_of: Callable[[str], list[CrashPoint]], name: str) -> None:
    partial = [point for point in census_of(name) if point.left == "partial" and point.kind not in {"send", "reply"}]
    assert {(p.retry_same, p.told_same) for p in partial} <= {("whole", "ok")}
    assert {p.retry_fresh for p in partial} <= {None}


@pytest.mark.parametrize("name", EACH)
def test_the_retry_of_a_whole_insert_is_told_a_failure_though_nothing_is_wrong(
    census_of: Callable[[str], list[CrashPoint]], name: str
) -> None:
    whole = [point for point in census_of(name) if point.left == "whole"]
    assert {point.retry_same for point in whole} == {"whole"}
    failing = {point.kind for point in whole if point.told_same == "fail"}
    assert failing == {"create_server", "create_channel", "send", "reply"}
    assert {(point.retry_fresh, point.told_fresh) for point in whole if point.retry_fresh} == {("duplicated", "ok")}


def test_a_reply_that_dies_early_is_known_to_its_author_alone(census_of: Callable[[str], list[CrashPoint]]) -> None:
    (point,) = (p for p in census_of("dual") if p.schedule == "dual/per_side/reply/k=2/after-commit-1")
    assert point.parts == ["agent 1 of 2"]
    (point,) = (p for p in census_of("dual") if p.schedule == "dual/per_side/send/k=2/after-commit-2")
    assert point.parts == ["central", "agent 1 of 2"]


def test_an_operation_that_stores_nothing_has_no_points(fresh_store: Callable[[Design], Store]) -> None:
    # Without an agent, members are a gap of the hybrid; kinds that need an agent do not exist at k = 0.
    assert run(fresh_store(Hybrid(Options())), ["join", "leave", "reply"], [0]) == []


def test_progress_is_told_for_each_point_up_to_all_of_them(fresh_store: Callable[[Design], Store]) -> None:
    told: list[tuple[int, int]] = []
    found = list(census(fresh_store(Floor(Options())), ["join", "create_server"], [1], lambda *at: told.append(at)))
    assert len(found) == 2 * 3 + 2 * 3
    assert told == [(number, 12) for number in range(1, 13)]


def test_half_a_join_of_the_hybrid_cuts_later_messages_of_that_member_in_part(
    fresh_store: Callable[[Design], Store],
) -> None:
    """Why a member whom one of two agents does not know counts as partial: its messages cannot reach that agent."""
    with Rig.opened(fresh_store(Hybrid(Options()))) as rig:
        scene, model = rig.new_scene("join", 2)
        (join,) = scene.target
        assert isinstance(join, Join)
        context = model.context(join)
        # BEGIN, find, the entity, the participant, COMMIT of the first agent.
        death = die(Attempt(rig.store, join, context), 5)
        assert death.signal == 9
        assert rig.wait_until_gone(death.backends)
        model.apply(join, context)
        send = Send("later", join.at_ms + 1, join.channel_id, join.member.id, "hello", "discord")
        completion = write(rig.store.design, rig.retrying, send, model.context(send), Atomicity.PER_SIDE, Exchange.PLAIN)
        assert (completion.told, completion.sqlstate) == (Told.INFO, "23503")
        seen = rig.observe(scene)
        assert sum(row.author == join.member.id for row in seen.c_message) == 1
        assert sum(row.author == join.member.id for row in seen.a_message) == 1


class MemoryBehindCommit(Dual):
    """`dual`, but an agent's memory is inserted behind the commit that world, room and participant are stored with."""

    name = "memory_behind_commit"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return [behind_commit(task, "INSERT INTO memories") for task in super().write(operation, context)]


class SubscriptionBehindCommit(Floor):
    """`floor`, but an agent's subscription is inserted behind the commit that stores it as a member."""

    name = "subscription_behind_commit"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return [behind_commit(task, "INSERT INTO subscriptions") for task in super().write(operation, context)]


def behind_commit(task: Task, moved: str) -> Task:
    def body(actions: Writing) -> Generator[Any, Any, Rejected | None]:
        late: list[Statement] = []
        answer: Any = None
        while True:
            try:
                action = actions.send(answer)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            answer = None
            if isinstance(action, Statement) and action.constant.sql.startswith(moved):
                late.append(action)
                continue
            answer = yield action
            if isinstance(action, Commit):
                yield from late
                late = []

    return replace(task, body=body(task.body))


@pytest.mark.full
def test_a_memory_moved_behind_its_commit_changes_the_table(fresh_store: Callable[[Design], Store]) -> None:
    found = run(fresh_store(MemoryBehindCommit(Options())), ["send", "reply", "edit"], [1, 2])
    # Each agent adds one point, after its memory. Its transaction alone shows nothing of a message: a reply that dies behind it
    # is still lost, a sent message still as partial as before.
    assert figures(found, Atomicity.PER_SIDE) == {
        "send": {1: (6, 3), 2: (9, 6)},
        "reply": {1: (6, 2), 2: (9, 5)},
        "edit": DUAL["edit"],
    }
    assert figures(found, Atomicity.JOINED) == {kind: JOINED[kind] for kind in ("send", "reply", "edit")}


def test_a_subscription_moved_behind_its_commit_changes_the_table(fresh_store: Callable[[Design], Store]) -> None:
    found = run(fresh_store(SubscriptionBehindCommit(Options())), ["join", "join_agent"], [1])
    assert figures(found, Atomicity.PER_SIDE) == {"join": {1: (3, 0)}, "join_agent": {1: (4, 1)}}
    (partial,) = (point for point in found if point.left == "partial")
    assert partial.point == "after-commit-1"
    # Agent 1 knows of the new member, which is agent 2 and knows nothing: no message will reach it.
    assert partial.parts == ["central", "agent 1 of 2"]


class Forgetful(Dual):
    """`dual`, but the central side never hears of an edit."""

    name = "forgetful"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        return [task for task in tasks if task.actor != "central"] if isinstance(operation, Edit) else tasks


def test_a_design_that_does_other_work_than_the_model_has_no_census(fresh_store: Callable[[Design], Store]) -> None:
    with pytest.raises(InvalidMeasurement, match="forgetful/per_side/edit/k=1: the undisturbed operation") as caught:
        run(fresh_store(Forgetful(Options())), ["edit"], [1])
    assert any(line.startswith("c_message: message=") and ": text is " in line for line in caught.value.lines)


def test_every_kind_of_write_is_in_the_table() -> None:
    assert all(set(table) == set(KINDS) for table in PER_SIDE.values())
