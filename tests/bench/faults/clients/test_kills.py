"""Clients killed at random instants, on a real server: what they leave, by kill and by operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from bench.crash.judge import Outcome
from bench.errors import UserError
from bench.faults.cells import cell_named
from bench.faults.clients import kills as killing
from bench.faults.clients.kills import Killer, kills
from bench.history.assemble import assemble
from bench.history.entry import Truth
from bench.history.journal import Journal, read
from bench.results.faults_schema import KillRow
from bench.stores import Store, copy
from bench.streams import Stream, generator
from variants.contract import Design, Options
from variants.dual import Dual
from variants.dual_deployed import DualDeployed
from variants.floor import Floor

TRUTH = {Outcome.WHOLE: Truth.COMMITTED, Outcome.PARTIAL: Truth.PARTIAL, Outcome.LOST: Truth.ABORTED}


def rows_of(store: Store, cell: str, n: int, **options: str) -> list[KillRow]:
    return list(kills(store, cell_named(cell), n, 7, lambda _done, _all: None, **options))  # type: ignore[arg-type]  # a kind


@pytest.fixture(scope="module")
def dual(template_of: Callable[[Design], Store], database_names: Iterator[str]) -> Iterator[Store]:
    with copy(template_of(Dual(Options())), next(database_names)) as made:
        yield made


@pytest.mark.parametrize("kind", ["send", *(pytest.param(kind, marks=pytest.mark.full) for kind in ("reply", "edit"))])
def test_every_client_dies_by_signal_9_and_what_it_was_at_is_judged(dual: Store, kind: str) -> None:
    rows = rows_of(dual, "per_side", 5, kind=kind)
    assert [row.kill for row in rows] == [0, 1, 2, 3, 4]
    assert all(row.happened and row.at_ns > 0 for row in rows)
    for row in rows:
        assert row.in_flight or row.left == "whole"
        assert row.operations >= (0 if row.in_flight else 1)
        assert bool(row.parts) == (row.left == "partial")


def test_a_client_in_one_transaction_leaves_nothing_in_part(dual: Store) -> None:
    assert not {"partial", "duplicated"} & {row.left for row in rows_of(dual, "joined", 5)}


def test_with_an_outbox_what_a_dead_client_committed_is_applied(dual: Store) -> None:
    assert {row.left for row in rows_of(dual, "outbox", 3)} <= {"whole", "lost"}


def test_the_server_s_word_and_the_store_agree_on_every_operation_that_a_kill_hit(dual: Store) -> None:
    random = np.random.default_rng(3)
    with Killer.opened(dual, cell_named("per_side"), identified=True) as killer:
        killed = [killer.kill(number, random) for number in range(8)]
    hit = [one for one in killed if one.in_flight]
    assert hit
    for one in hit:
        assert one.entry is not None
        assert one.left is not None
        assert one.entry.truth is TRUTH[one.left.outcome]


@pytest.mark.full
def test_where_a_write_has_no_transaction_s_id_the_truth_stays_unknown_rather_than_wrong(
    fresh_store: Callable[[Design], Store],
) -> None:
    random = np.random.default_rng(3)
    with Killer.opened(fresh_store(DualDeployed(Options())), cell_named("per_side"), identified=True) as killer:
        hit = [one for one in (killer.kill(number, random) for number in range(20)) if one.in_flight]
    truths = {(one.entry.truth, TRUTH.get(one.left.outcome)) for one in hit if one.entry is not None and one.left is not None}
    assert truths
    assert all(truth in {Truth.UNKNOWN, left} for truth, left in truths)


def test_the_histories_of_killed_clients_are_kept_with_their_faults(dual: Store, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    with Journal.opened(path) as journal:
        rows = list(kills(dual, cell_named("per_side"), 3, 7, lambda _done, _all: None, journal=journal))
    assert list(tmp_path.iterdir()) == [path]
    history = assemble(read(path))
    assert len(history.entries) == sum(row.operations + row.in_flight for row in rows)
    assert [fault.happened for fault in history.faults] == [True] * 3
    assert Counter(entry.completed_ns is None for entry in history.entries)[True] == sum(row.in_flight for row in rows)


def test_the_same_seed_draws_the_same_instants() -> None:
    first, second = (generator(7, Stream.FAULTS_KILLS).uniform(size=3).tolist() for _ in range(2))
    assert first == second


def test_progress_is_told_by_the_kill(dual: Store) -> None:
    told: list[tuple[int, int]] = []
    list(kills(dual, cell_named("joined"), 2, 7, lambda done, total: told.append((done, total))))
    assert told == [(1, 2), (2, 2)]


def test_a_client_that_comes_to_its_end_makes_its_exposure_void(dual: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(killing, "_OPERATIONS_MAX", 1)
    monkeypatch.setattr(killing, "OPERATIONS_MEAN", 40)
    rows = rows_of(dual, "joined", 3)
    assert "" in {row.left for row in rows}
    assert all(row.happened == bool(row.left) for row in rows)
    # One that is void is made up for by another one, and no more than that.
    assert [row.kill for row in rows] == [0, 1, 2, 3]


def test_a_client_that_does_not_begin_makes_its_exposure_void_and_leaves_no_file(
    dual: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killing, "living", lambda _life, _pulse: lambda say: say("backend 1"))
    with Journal.opened(tmp_path / "history.jsonl") as journal:
        rows = list(kills(dual, cell_named("joined"), 1, 7, lambda _done, _all: None, journal=journal))
    assert [(row.happened, row.in_flight, row.operations, row.left) for row in rows] == [(False, False, 0, "")] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["history.jsonl"]


def test_no_client_is_left_behind(dual: Store) -> None:
    before = psutil.Process().children(recursive=False)
    rows_of(dual, "per_side", 2)
    assert psutil.Process().children(recursive=False) == before


def test_a_cell_that_the_design_does_not_have_is_refused(fresh_store: Callable[[Design], Store]) -> None:
    with pytest.raises(UserError, match="cell outbox: floor has none: no agent has a task of its own"):
        rows_of(fresh_store(Floor(Options())), "outbox", 1)


def test_a_cell_with_an_asynchronous_bus_is_refused(dual: Store) -> None:
    with pytest.raises(UserError, match="cell async_restart: a client that dies takes no bus along"):
        rows_of(dual, "async_restart", 1)


@pytest.mark.full
@pytest.mark.parametrize(("cell", "splits"), [("per_side", True), ("joined", False)])
def test_two_hundred_kills_tell_two_transactions_from_one(dual: Store, cell: str, splits: bool) -> None:
    rows = rows_of(dual, cell, 200)
    partial = sum(row.left == "partial" for row in rows)
    assert sum(row.happened for row in rows) >= 195
    assert (partial >= 20) if splits else (partial == 0)
