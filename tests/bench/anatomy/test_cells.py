"""From counts to a row, and what happens when harness and server disagree."""

from __future__ import annotations

import pytest

from bench.anatomy.cells import agree, anatomy_cell
from bench.anatomy.counters import Window
from bench.anatomy.plan import Cell
from bench.anatomy.unit import UnitCounts
from bench.anatomy.wal import Wal, WalCost
from bench.drive.flights import Atomicity
from bench.errors import InvalidMeasurement

CELL = Cell(Atomicity.PER_SIDE, "send", 1, "warm")
UNIT = UnitCounts(transactions=2, statements_read=3, statements_write=2, round_trips=9, flights=3)
ROWS = {"memories": (4, 0, 0), "root_messages": (2, 2, 0)}


def window(transactions: int = 4, statements: int | None = 10, wal: WalCost | None = None) -> Window:
    told = None if wal is None else Wal(wal, {"memories": wal}, {})
    return Window(transactions, statements, ROWS, told, {"memories": 2}, {"memories": "memories"})


def test_a_window_in_which_both_counted_the_same_is_accepted() -> None:
    agree("dual", CELL, [UNIT, UNIT], window())


@pytest.mark.parametrize(
    ("counted", "line"),
    [
        (window(transactions=5), "transactions: the harness sent 4, the server counted 5"),
        (window(statements=9), "statements: the harness sent 10, the server counted 9"),
    ],
)
def test_a_disagreement_makes_the_measurement_invalid_and_names_what_differs(counted: Window, line: str) -> None:
    with pytest.raises(InvalidMeasurement) as invalid:
        agree("dual", CELL, [UNIT, UNIT], counted)
    assert invalid.value.lines == (line,)
    assert "dual, per_side send warm at k = 1" in invalid.value.reason


def test_what_the_server_does_not_count_cannot_disagree() -> None:
    agree("dual", CELL, [UNIT, UNIT], window(statements=None))


def test_figures_are_per_operation() -> None:
    cell = anatomy_cell("dual", CELL, [UNIT, UNIT], window(wal=WalCost(10, 640, 30, 8)))
    assert (cell.operations, cell.uniform) == (2, True)
    assert (cell.transactions, cell.statements_read, cell.statements_write) == (2, 3, 2)
    assert (cell.round_trips, cell.flights) == (9, 3)
    assert {name: (row.inserted, row.updated, row.deleted) for name, row in cell.rows.items()} == {
        "memories": (2, 0, 0),
        "root_messages": (1, 1, 0),
    }
    assert (cell.wal_records, cell.wal_bytes, cell.wal_page_bytes, cell.wal_images) == (5, 320, 15, 4)
    (relation,) = cell.relations
    assert (relation.relation, relation.wal_records, relation.hot_updates) == ("memories", 5, 1)


def test_wal_that_could_not_be_read_is_none_and_not_zero() -> None:
    cell = anatomy_cell("dual", CELL, [UNIT, UNIT], window(wal=None))
    assert (cell.wal_records, cell.wal_bytes, cell.wal_page_bytes, cell.wal_images) == (None, None, None, None)


def test_operations_that_cost_differently_are_means_and_say_so() -> None:
    other = UnitCounts(transactions=2, statements_read=4, statements_write=2, round_trips=10, flights=3)
    cell = anatomy_cell("dual", CELL, [UNIT, other], window())
    assert not cell.uniform
    assert cell.statements_read == 3.5


def test_rows_that_do_not_divide_by_the_operations_are_means_and_say_so() -> None:
    cell = anatomy_cell("dual", CELL, [UNIT, UNIT], Window(4, 10, {"memories": (3, 0, 0)}, None))
    assert not cell.uniform
    assert cell.rows["memories"].inserted == 1.5
