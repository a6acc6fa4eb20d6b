"""A design's operation is interrupted at every flight, and what is left is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from bench.faults.clients.interrupted import interruptions
from bench.faults.estimate import INTERRUPTIONS
from bench.results.faults_schema import InterruptionRow, LookRecord
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual import Dual


def rows_of(store: Store, cell: str) -> list[InterruptionRow]:
    told: list[tuple[float, float]] = []
    found = list(interruptions(store, [cell], ["send"], lambda *at: told.append(at)))
    assert told == [(0, 1), (1, 1)]
    (look,) = [record for record in found if isinstance(record, LookRecord)]
    assert look.outcomes > 1
    assert look.disagreements == 0
    return [row for row in found if isinstance(row, InterruptionRow)]


@pytest.mark.full
def test_an_interrupted_send_in_one_transaction_is_lost_as_a_whole(fresh_store: Callable[[Design], Store]) -> None:
    rows = rows_of(fresh_store(Dual(Options())), "joined")
    assert {(row.left, row.truth) for row in rows if row.happened} == {("lost", "aborted")}


def test_an_interrupted_send_splits_the_sides_only_between_its_commits(fresh_store: Callable[[Design], Store]) -> None:
    rows = rows_of(fresh_store(Dual(Options())), "per_side")
    # What a run is expected to take is reckoned with about so many.
    assert INTERRUPTIONS / 2 < len(rows) < 2 * INTERRUPTIONS
    first_commit = min(row.flight for row in rows if row.fault == "serialization-failure")
    for row in rows:
        if row.happened:
            is_split = row.flight > first_commit
            # A backend that is gone when COMMIT goes out cannot say whether it got it.
            is_unsure = row.flight == first_commit and row.fault in {"terminated", "idle-timeout"}
            assert (row.left, row.truth) == (("partial", "partial") if is_split else ("lost", "aborted")), row
            assert row.told == ("info" if is_split or is_unsure else "fail"), row
    happened = Counter((row.fault, row.happened) for row in rows)
    for fault in ("terminated", "idle-timeout", "serialization-failure", "swallowed-error", "no-connection"):
        assert not happened[fault, False], fault
    for fault in ("cancelled", "statement-timeout", "lock-timeout"):
        assert happened[fault, True], fault
