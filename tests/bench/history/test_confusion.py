"""What clients make of their last error against what the server did."""

from __future__ import annotations

from bench.drive.drivers import Told
from bench.history.confusion import confusion, naive_against_resolved, of_pairs, told_against_resolved
from bench.history.entry import Attempt, Entry, Truth
from bench.results.faults_schema import SweepRow


def entry(told: Told, truth: Truth, *words: Told, ended: bool = True) -> Entry:
    attempts = tuple(Attempt(number, told=word) for number, word in enumerate(words, start=1))
    return Entry(1, "send", "key", "c", None, 1, 2 if ended else None, told, truth, attempts=attempts)


HEALED = entry(Told.OK, Truth.COMMITTED, Told.INFO, Told.OK)
HIDDEN = entry(Told.INFO, Truth.COMMITTED, Told.INFO, Told.FAIL)
CLAIMED = entry(Told.OK, Truth.ABORTED, Told.OK)
DIED = entry(Told.INFO, Truth.PARTIAL, ended=False)


def test_a_last_error_hides_what_an_earlier_attempt_left() -> None:
    naive, told = (matrix([HEALED, HIDDEN, CLAIMED]) for matrix in (naive_against_resolved, told_against_resolved))
    assert (naive.false_failures, naive.false_acknowledgements) == (1, 1)
    assert (told.false_failures, told.false_acknowledgements) == (0, 1)
    assert naive.operations == told.operations == 3


def test_a_client_that_died_labels_nothing() -> None:
    assert naive_against_resolved([DIED]).operations == 0
    assert told_against_resolved([DIED]).counts == {(Told.INFO, Truth.PARTIAL): 1}


def test_what_nobody_could_resolve_is_neither_true_nor_false() -> None:
    matrix = of_pairs([(Told.OK, Truth.UNKNOWN), (Told.FAIL, Truth.UNKNOWN)])
    assert (matrix.unresolved, matrix.false_failures, matrix.false_acknowledgements) == (2, 0, 0)


def row(cell: str, naive: str, truth: str, *, happened: bool = True) -> SweepRow:
    return SweepRow.model_validate(
        {
            "design": "dual",
            "cell": cell,
            "kind": "send",
            "k": 1,
            "schedule": "s",
            "lane": "fast",
            "faults": 1,
            "attempt": 1,
            "message": 1,
            "flight": 1,
            "side": "reply-lost",
            "second": None,
            "happened": happened,
            "told": "info",
            "truth": truth,
            "left": "whole",
            "naive": naive,
        }
    )


def test_rows_of_sweeps_are_counted_by_design_cell_and_label_and_void_ones_are_not() -> None:
    rows = [row("joined", "fail", "committed"), row("joined", "fail", "committed"), row("per_side", "ok", "partial")]
    counts = confusion([*rows, row("joined", "fail", "committed", happened=False)])
    assert [(item.cell, item.naive, item.resolved, item.n) for item in counts] == [
        ("joined", "fail", "committed", 2),
        ("per_side", "ok", "partial", 1),
    ]
