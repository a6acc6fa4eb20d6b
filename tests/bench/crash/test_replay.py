from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.crash.census import Replayed, replay
from bench.crash.points import Retry, parse_schedule
from bench.errors import UserError
from bench.results.schema import CrashPoint
from bench.stores import Store
from tests.bench.crash.conftest import DESIGNS
from variants.contract import Design, Options
from variants.dual import Dual
from variants.hybrid import Hybrid


def as_in_the_census(replayed: Replayed) -> tuple[object, ...]:
    by_retry = {exposure.retry: exposure for exposure in replayed.exposures}
    same, fresh = by_retry[Retry.SAME], by_retry.get(Retry.FRESH)
    assert all(exposure.left == same.left for exposure in replayed.exposures)
    return (
        same.left.outcome,
        list(same.left.parts),
        same.ended.outcome,
        same.retried.told,
        fresh and fresh.ended.outcome,
        fresh and fresh.retried.told,
    )


def row(point: CrashPoint) -> tuple[object, ...]:
    return point.left, point.parts, point.retry_same, point.told_same, point.retry_fresh, point.told_fresh


@pytest.mark.parametrize(
    ("name", "every"), [("dual", 36), *(pytest.param(name, 1, marks=pytest.mark.full) for name in ("dual", "hybrid"))]
)
def test_every_partial_outcome_is_reproduced_by_its_schedule(
    census_of: Callable[[str], list[CrashPoint]], fresh_store: Callable[[Design], Store], name: str, every: int
) -> None:
    partial = [point for point in census_of(name) if point.left == "partial" and point.k == 2]
    assert len(partial) == {"dual": 24, "hybrid": 26}[name]
    store = fresh_store(DESIGNS[name](Options()))
    for point in partial[::every]:
        assert as_in_the_census(replay(store, parse_schedule(point.schedule))) == row(point), point.schedule


def test_a_schedule_can_be_replayed_twice_in_one_database(fresh_store: Callable[[Design], Store]) -> None:
    store = fresh_store(Dual(Options()))
    schedule = parse_schedule("dual/per_side/send/k=1/before-commit-2")
    first, second = replay(store, schedule), replay(store, schedule)
    assert as_in_the_census(first) == as_in_the_census(second)
    assert first.lines == second.lines


def test_a_replay_tells_what_was_sent_left_and_retried(fresh_store: Callable[[Design], Store]) -> None:
    lines = replay(fresh_store(Dual(Options())), parse_schedule("dual/per_side/send/k=2/after-commit-1")).lines
    assert lines[0] == "dual/per_side/send/k=2/after-commit-1"
    sent = [line.split("  ")[-1].strip() for line in lines if line.startswith("  sent, answered")]
    assert [command.split(" (")[0] for command in sent] == [
        "central: BEGIN",
        "central: INSERT INTO root_messages",
        "central: COMMIT",
    ]
    killed = lines.index("  killed           after-commit-1: by signal 9, and its backend ended")
    assert lines[killed + 1] == "  never sent       agent: BEGIN"
    left = lines.index("left: partial")
    assert lines[left + 1 : left + 4] == ("  central: there", "  agent 1 of 2: missing", "  agent 2 of 2: missing")
    (same,) = (number for number, line in enumerate(lines) if line.startswith("retried with the same message id: told fail"))
    assert "23505" in lines[same]
    assert lines[same + 1] == "then: partial"
    fresh = lines.index("retried with a fresh message id: told ok")
    assert lines[fresh + 1 : fresh + 3] == ("then: duplicated", "  central: more than once")


def test_a_replay_of_what_writes_no_message_does_not_speak_of_message_ids(
    fresh_store: Callable[[Design], Store],
) -> None:
    lines = replay(fresh_store(Hybrid(Options())), parse_schedule("hybrid/per_side/leave/k=2/after-commit-1")).lines
    assert "retried: told ok" in lines
    assert lines[-4:-3] == ("then: whole",)
    assert not any("message id" in line for line in lines)


@pytest.mark.parametrize(("suffix", "retry"), [("retry-same", Retry.SAME), ("retry-fresh", Retry.FRESH)])
def test_a_replay_with_a_retry_named_runs_that_one_alone(fresh_store: Callable[[Design], Store], suffix: str, retry: Retry) -> None:
    schedule = parse_schedule(f"dual/joined/send/k=1/after-commit-1/{suffix}")
    replayed = replay(fresh_store(Dual(Options())), schedule)
    assert [exposure.retry for exposure in replayed.exposures] == [retry]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("hybrid/joined/send/k=1/after-commit-2", "before-step-1, before-commit-1, after-commit-1"),
        ("hybrid/per_side/join/k=0/before-step-1", "none, for it stores nothing"),
    ],
)
def test_a_point_that_an_operation_does_not_have_is_refused_with_those_it_has(
    fresh_store: Callable[[Design], Store], text: str, points: str
) -> None:
    with pytest.raises(UserError, match="there is no ") as caught:
        replay(fresh_store(Hybrid(Options())), parse_schedule(text))
    assert str(caught.value).endswith(f"the points of this operation are {points}")
    assert "\n" not in str(caught.value)
