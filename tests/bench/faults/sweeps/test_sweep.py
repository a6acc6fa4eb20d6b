"""Sweeps on a real server; what is to be found is derived from the protocol and from where transactions end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from bench.errors import InvalidMeasurement
from bench.faults.cells import NAMES
from bench.faults.sweeps.sweep import VOID, SweepPlan, Swept, sweep
from bench.guarded import Guarded
from bench.results.faults_schema import SweepRecord, SweepRow
from bench.scenes import KINDS, WITHOUT_AGENTS
from bench.stores import Store, copy
from tests.bench.crash.conftest import DESIGNS
from variants.contract import Commit, Design, Options, Rejected, Statement, Task, Writing
from variants.dual import Dual
from variants.floor import Floor
from workloads.operations import Context, Edit, Write


def swept(store: Store, **plan: Any) -> list[Swept]:
    return list(sweep(store, SweepPlan(**plan), lambda _done, _total: None))


def rows_of(found: Sequence[Swept], **wanted: object) -> list[SweepRow]:
    return [row for _, rows in found for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]


def left(rows: Sequence[SweepRow]) -> Counter[str]:
    return Counter(row.left for row in rows)


@pytest.fixture(scope="session")
def sends(template_of: Callable[[Design], Store], database_names: Any) -> list[Swept]:
    """A send of `dual` with one agent: every message in every cell in the fast lane, and where nobody tries again in both."""
    with copy(template_of(Dual(Options())), next(database_names)) as store:
        kinds = (("send", 1),)
        both = swept(store, cells=("per_side",), kinds=kinds)
        return both + swept(store, cells=[name for name in NAMES if name != "per_side"], kinds=kinds, lanes=("fast",))


def expected_left(record: SweepRecord, side: str) -> list[str]:
    """What two transactions leave that are cut at each message: COMMIT is executed at its Execute, not at its Sync."""
    commits = [number for number, label in enumerate(record.labels, start=1) if "Execute COMMIT" in label]
    assert len(commits) == 2
    first, second = commits
    reached = [message if side == "reply-lost" else message - 1 for message in range(1, len(record.labels) + 1)]
    return ["whole" if last >= second else "partial" if last >= first else "lost" for last in reached]


@pytest.mark.parametrize("lane", ["proxy", "fast"])
@pytest.mark.parametrize("side", ["request-lost", "reply-lost"])
def test_each_message_of_two_transactions_leaves_what_the_protocol_says(sends: list[Swept], lane: str, side: str) -> None:
    (record,) = (record for record, _ in sends if (record.cell, record.lane) == ("per_side", lane))
    rows = rows_of(sends, cell="per_side", lane=lane, side=side)
    assert [row.message for row in rows] == list(range(1, len(record.labels) + 1))
    assert [row.left for row in rows] == expected_left(record, side)
    assert {row.told for row in rows if row.left != "lost"} == {"info"}
    assert all(row.happened for row in rows)


def test_a_zombie_leaves_what_a_lost_request_leaves_once_it_is_let_go(sends: list[Swept]) -> None:
    zombies = rows_of(sends, cell="per_side", lane="proxy", side="zombie")
    assert len(zombies) > 0
    assert [row.left for row in zombies] == [row.left for row in rows_of(sends, cell="per_side", lane="proxy", side="request-lost")]


def test_the_fast_lane_tells_the_same_as_the_lane_of_record(sends: list[Swept]) -> None:
    (proxy, fast) = (record for record, _ in sends if record.cell == "per_side")
    assert (proxy.lane, fast.lane) == ("proxy", "fast")
    assert (fast.differences, fast.shown_in) == (0, "proxy")
    assert proxy.labels == fast.labels
    assert all(record.void == 0 for record, _ in sends)


def test_both_checkers_look_at_every_outcome_and_agree(sends: list[Swept]) -> None:
    # The undisturbed operation and one outcome are at least two; they are looked at in the first lane of an operation.
    first = {record.cell: record for record, _ in reversed(sends)}
    assert all(record.looked_at_twice >= 2 for record in first.values())
    # Split, lost, and told ok though an answer was lost.
    assert first["per_side"].looked_at_twice >= 4
    assert all(record.links_looked_at == record.looked_at_twice - 1 for record in first.values())
    assert {record.disagreements for record in first.values()} == {0}


@pytest.mark.parametrize("cell", [name for name in NAMES if name != "per_side"])
def test_so_it_does_at_some_messages_in_every_other_cell(fresh_store: Callable[[Design], Store], cell: str) -> None:
    found = swept(fresh_store(Dual(Options())), cells=(cell,), kinds=(("send", 1),), limit=6)
    (_, fast) = (record for record, _ in found)
    assert fast.schedules == 6
    assert fast.differences == 0


def test_one_transaction_is_never_split(sends: list[Swept]) -> None:
    for cell in ("joined", "joined_derived"):
        assert "partial" not in left(rows_of(sends, cell=cell))


def test_a_retry_under_a_derived_id_heals_every_cut_of_one_fault(sends: list[Swept]) -> None:
    for cell in ("per_side_derived", "joined_derived"):
        rows = rows_of(sends, cell=cell)
        assert left(rows) == {"whole": len(rows)}
        assert {row.told for row in rows} == {"ok"}
        assert {row.truth for row in rows} == {"committed"}
        assert all(row.violations == [] for row in rows)


def test_a_retry_under_a_fresh_id_doubles_what_was_split_and_nobody_is_told(sends: list[Swept]) -> None:
    split = {row.message for row in rows_of(sends, cell="per_side", lane="proxy", side="reply-lost") if row.left != "lost"}
    fresh = rows_of(sends, cell="per_side_fresh", side="reply-lost")
    assert {row.message for row in fresh if row.left == "duplicated"} == split
    assert {row.told for row in fresh} == {"ok"}
    assert all("I3" in row.violations for row in fresh if row.left == "duplicated")
    assert all(row.violations == [] for row in fresh if row.left == "whole")


def test_an_outbox_is_never_split_and_a_bus_that_restarts_loses_what_one_that_redelivers_heals(sends: list[Swept]) -> None:
    assert "partial" not in left(rows_of(sends, cell="outbox"))
    split = left(rows_of(sends, cell="per_side", lane="fast"))["partial"]
    assert left(rows_of(sends, cell="async_restart", lane="fast"))["partial"] == split
    # The reply to the client's COMMIT may still be lost, and then nothing is put on the bus.
    (record,) = (record for record, _ in sends if (record.cell, record.lane) == ("async_redelivery", "fast"))
    (first, _) = [number for number, label in enumerate(record.labels, start=1) if "Execute COMMIT" in label]
    redelivered = rows_of(sends, cell="async_redelivery", lane="fast")
    assert {row.message for row in redelivered if row.left == "partial"} == {first, first + 1}


def test_a_split_send_breaks_the_agreement_of_both_sides(sends: list[Swept]) -> None:
    for row in rows_of(sends, cell="per_side"):
        assert row.violations == (["I4"] if row.left == "partial" else [])


def test_the_same_sweep_by_two_processes_tells_the_same(sends: list[Swept], fresh_store: Callable[[Design], Store]) -> None:
    cells = ("per_side", "outbox", "async_restart")
    found = swept(fresh_store(Dual(Options())), cells=cells, kinds=(("send", 1),), lanes=("fast",), workers=2)
    assert [record.cell for record, _ in found] == list(cells)
    for cell in cells:
        assert rows_of(found, cell=cell) == rows_of(sends, cell=cell, lane="fast")


def test_two_faults_split_what_one_could_not(fresh_store: Callable[[Design], Store]) -> None:
    store = fresh_store(Dual(Options()))
    cells = ("per_side", "per_side_derived", "joined_derived")
    found = swept(store, cells=cells, kinds=(("send", 1),), faults=2, lanes=("fast",))
    records = {record.cell: record for record, _ in found}
    assert records["per_side"].absent == "nobody tries again, so there is no attempt for a second fault"
    assert left(rows_of(found, cell="per_side_derived"))["partial"] > 0
    assert "partial" not in left(rows_of(found, cell="joined_derived"))
    flights = records["joined_derived"].flights
    # Each flight on both sides, in both attempts.
    assert records["joined_derived"].schedules == (2 * flights) ** 2
    assert all(record.void == 0 for record, _ in found)


def test_with_a_limit_the_same_messages_are_taken_in_both_lanes_and_the_rest_is_told(
    fresh_store: Callable[[Design], Store],
) -> None:
    found = swept(fresh_store(Floor(Options())), cells=("per_side",), kinds=(("send", 1),), limit=4)
    (proxy, fast) = (record for record, _ in found)
    assert {row.message for row in found[0][1]} == {row.message for row in found[1][1]}
    assert fast.schedules == 4
    assert fast.schedules + fast.left_out == 2 * len(fast.labels)
    assert fast.why == "at most 4 schedules of a sweep were asked for"
    assert fast.differences == 0
    assert proxy.schedules == 6


def test_what_a_design_has_not_is_told_and_not_run(fresh_store: Callable[[Design], Store]) -> None:
    told: list[tuple[int, int]] = []
    plan = SweepPlan(cells=("outbox", "joined"), kinds=(("send", 1), ("create_server", 1)), lanes=("fast",), limit=2)
    found = list(sweep(fresh_store(Floor(Options())), plan, lambda *at: told.append(at)))
    assert [record.absent for record, _ in found] == [
        "no agent has a task of its own that a relay could apply",
        "there is no create_server at k=1",
        None,
        "there is no create_server at k=1",
    ]
    assert [bool(rows) for _, rows in found] == [False, False, True, False]
    assert told == [(number, 4) for number in range(1, 5)]


class Hasty(Dual):
    """`dual`, but an agent's memory is stored in a transaction of its own behind the others."""

    name = "hasty"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return [replace(task, body=_behind(task.body)) for task in super().write(operation, context)]


def _behind(actions: Writing) -> Generator[Any, Any, Rejected | None]:
    late: list[Statement] = []
    answer: Any = None
    while True:
        try:
            action = actions.send(answer)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        answer = None
        if isinstance(action, Statement) and action.constant.sql.startswith("INSERT INTO memories"):
            late.append(action)
            continue
        answer = yield action
        if isinstance(action, Commit):
            yield from late
            late = []


def test_a_design_cannot_hide_a_statement_behind_its_transactions(fresh_store: Callable[[Design], Store]) -> None:
    found = swept(fresh_store(Hasty(Options())), cells=("per_side",), kinds=(("send", 1),))
    (record,) = (record for record, _ in found if record.lane == "fast")
    assert record.differences == 0
    # Its last statement is one of its own, which is committed at its Sync: until then the message is partial.
    assert record.labels[-1].endswith("Sync INSERT agent")
    requests = rows_of(found, lane="fast", side="request-lost")
    assert requests[-1].left == "partial"
    replies = rows_of(found, lane="fast", side="reply-lost")
    assert [row.left for row in replies[-2:]] == ["partial", "whole"]


class Forgetful(Dual):
    """`dual`, but the central side never hears of an edit."""

    name = "forgetful"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        return [task for task in tasks if task.actor != "central"] if isinstance(operation, Edit) else tasks


def test_a_design_that_does_other_work_than_the_model_is_not_swept(fresh_store: Callable[[Design], Store]) -> None:
    with pytest.raises(InvalidMeasurement, match="forgetful: edit, k=1: the undisturbed operation") as caught:
        swept(fresh_store(Forgetful(Options())), cells=("per_side",), kinds=(("edit", 1),), lanes=("fast",))
    assert any(line.startswith("c_message: message=") and ": text is " in line for line in caught.value.lines)


def stranger(name: str, kind: str) -> Design:
    """A design of a distribution that is not installed here."""
    path = Path(__file__).parents[3] / "plugins" / name / f"{name}_design.py"
    spec = spec_from_file_location(f"{name}_design", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return Guarded(getattr(module, kind)(Options()))


def test_a_strangers_design_is_swept_by_its_contract_alone(fresh_store: Callable[[Design], Store]) -> None:
    cells = ("per_side", "per_side_fresh", "joined_derived")
    found = swept(fresh_store(stranger("postbox", "Postbox")), cells=cells, kinds=(("send", 1), ("delete", 1)), limit=12)
    assert {record.differences for record, _ in found if record.lane == "fast"} == {0}
    assert {record.void for record, _ in found} == {0}
    # Each of its operations is one transaction.
    assert "partial" not in left(rows_of(found))
    assert left(rows_of(found, cell="per_side_fresh", kind="send"))["duplicated"] > 0
    assert {record.disagreements for record, _ in found} == {0}


@pytest.mark.full
@pytest.mark.parametrize("kind", ["Ledger", "LedgerByCte"])
def test_what_an_odd_design_leaves_is_what_the_server_did(fresh_store: Callable[[Design], Store], kind: str) -> None:
    kinds = (("send", 1), ("reply", 2), ("edit", 1), ("delete", 1))
    found = swept(fresh_store(stranger("ledger", kind)), cells=NAMES, kinds=kinds, workers=2)
    there = [record for record, _ in found if record.absent is None]
    assert {record.cell for record in there} >= {"per_side", "per_side_fresh", "joined", "async_restart"}
    assert {(record.void, record.disagreements, record.differences or 0) for record in there} == {(0, 0, 0)}
    # Its changes are made inside of queries, whose tags do not say so.
    truth = {"whole": "committed", "partial": "partial", "lost": "aborted"}
    for row in rows_of(found, cell="per_side"):
        assert row.truth == truth[row.left], row.schedule
    assert left(rows_of(found, cell="per_side", kind="send"))["partial"] > 0
    assert "partial" not in left(rows_of(found, cell="joined"))


EVERY_KIND = tuple((kind, 0 if kind in WITHOUT_AGENTS else 1) for kind in KINDS)


@pytest.mark.full
@pytest.mark.parametrize("name", DESIGNS)
def test_every_kind_in_every_cell_is_told_the_same_by_both_lanes(fresh_store: Callable[[Design], Store], name: str) -> None:
    found = swept(fresh_store(DESIGNS[name](Options())), cells=NAMES, kinds=EVERY_KIND, workers=2)
    assert {record.differences for record, _ in found if record.lane == "fast" and record.absent is None} == {0}
    assert not [row.schedule for row in rows_of(found) if row.left == VOID]
    for cell in ("joined", "joined_derived"):
        assert "partial" not in left(rows_of(found, cell=cell))
