"""Clients that are stopped past a takeover, on a real server."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import psutil
import pytest

from bench.crash.exposure import Cell as Kind
from bench.crash.exposure import Rehearsal, rehearse
from bench.crash.judge import Outcome
from bench.crash.points import Place, Point
from bench.crash.rig import Rig
from bench.drive.drivers import Told
from bench.errors import UserError
from bench.faults.cells import cell_named
from bench.faults.clients.pausing import Paused, opened, pause, pauses, taken_over
from bench.faults.clients.replaying import replay
from bench.faults.other_schedules import TakenOver, parse
from bench.history.resolve import Resolver
from bench.stores import Store, copy
from variants.contract import Design, Options
from variants.dual import Dual

BEFORE_COMMIT_1, AFTER_COMMIT_1 = Point(Place.BEFORE_COMMIT, 1), Point(Place.AFTER_COMMIT, 1)
AFTER_COMMIT_2 = Point(Place.AFTER_COMMIT, 2)


@pytest.fixture(scope="module")
def store(template_of: Callable[[Design], Store], database_names: Iterator[str]) -> Iterator[Store]:
    with copy(template_of(Dual(Options())), next(database_names)) as made:
        yield made


@pytest.fixture(scope="module")
def parts(store: Store) -> Iterator[tuple[Rig, Resolver, Rehearsal]]:
    with opened(store) as (rig, resolver):
        levels = cell_named("per_side").levels
        yield rig, resolver, rehearse(rig, Kind("send", 1, levels.atomicity))


def paused(parts: tuple[Rig, Resolver, Rehearsal], point: Point, cell: str, *, fenced: bool = False) -> Paused:
    return pause(*parts, point, cell_named(cell).levels, fenced=fenced)


def test_a_late_client_writes_once_more_under_its_own_id(parts: tuple[Rig, Resolver, Rehearsal]) -> None:
    found = paused(parts, AFTER_COMMIT_1, "per_side_fresh")
    assert found.left is not None
    assert found.taker is not None
    assert (found.told, found.taker.told, found.left.outcome) == (Told.OK, Told.OK, Outcome.DUPLICATED)


def test_a_taker_waits_in_vain_for_the_rows_of_a_stopped_client(parts: tuple[Rig, Resolver, Rehearsal]) -> None:
    found = paused(parts, BEFORE_COMMIT_1, "per_side")
    assert found.left is not None
    assert found.taker is not None
    assert (found.taker.told, found.taker.sqlstate) == (Told.FAIL, "55P03")
    assert (found.told, found.left.outcome) == (Told.OK, Outcome.WHOLE)


def test_a_fenced_client_leaves_the_operation_to_its_taker(parts: tuple[Rig, Resolver, Rehearsal]) -> None:
    found = paused(parts, BEFORE_COMMIT_1, "per_side", fenced=True)
    assert found.left is not None
    assert found.taker is not None
    assert (found.taker.told, found.left.outcome) == (Told.OK, Outcome.WHOLE)
    assert found.told is Told.INFO


def test_with_derived_ids_that_mind_no_row_both_are_told_ok_and_the_message_is_there_once(
    parts: tuple[Rig, Resolver, Rehearsal],
) -> None:
    found = paused(parts, AFTER_COMMIT_1, "per_side_derived")
    assert found.left is not None
    assert found.taker is not None
    assert (found.told, found.taker.told, found.left.outcome) == (Told.OK, Told.OK, Outcome.WHOLE)


def test_a_client_that_was_stopped_behind_its_end_is_told_ok(parts: tuple[Rig, Resolver, Rehearsal]) -> None:
    found = paused(parts, AFTER_COMMIT_2, "per_side")
    assert found.taker is not None
    assert (found.told, found.taker.sqlstate) == (Told.OK, "23505")


def test_a_takeover_is_run_again_from_its_text_and_told_in_lines(store: Store) -> None:
    text = "dual/per_side_fresh/send/k=1/paused@after-commit-1"
    schedule = parse(text)
    assert isinstance(schedule, TakenOver)
    first, what, told, left = replay(store, schedule)
    assert first == text
    assert what == "a client is stopped at after-commit-1, another one takes the send over, the first one goes on"
    assert told == "the one that took over was told ok, the late one ok"
    assert left.startswith("left: duplicated: ")


def test_a_point_that_the_operation_does_not_have_is_refused(store: Store) -> None:
    schedule = parse("dual/joined/send/k=1/paused@after-commit-2")
    assert isinstance(schedule, TakenOver)
    with pytest.raises(UserError, match="there is no after-commit-2: the operation has before-step-1, before-commit-1, "):
        taken_over(store, schedule)


def test_a_client_that_does_not_stop_makes_its_exposure_void(
    parts: tuple[Rig, Resolver, Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "SIGSTOP", 0)
    found = paused(parts, AFTER_COMMIT_1, "per_side")
    assert found.left is None
    assert found.void.startswith("its client was not stopped")


def test_every_point_of_every_cell_that_the_design_has_is_a_row(store: Store) -> None:
    told: list[tuple[int, int]] = []
    cells = [cell_named(name) for name in ("joined", "async_restart")]
    rows = list(pauses(store, cells, lambda done, total: told.append((done, total)), kinds=("send",)))
    assert [row.at for row in rows] == ["before-step-1", "before-commit-1", "after-commit-1"]
    assert {row.cell for row in rows} == {"joined"}
    assert all(row.happened for row in rows)
    assert {row.left for row in rows} == {"whole"}
    assert [row.schedule for row in rows] == [f"dual/joined/send/k=1/paused@{row.at}" for row in rows]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert not [child for child in psutil.Process().children() if child.status() == psutil.STATUS_STOPPED]
