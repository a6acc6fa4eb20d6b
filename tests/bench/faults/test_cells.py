from __future__ import annotations

import pytest

from bench.errors import UserError
from bench.faults.cells import CELLS, NAMES, cell_named
from bench.traits import traits_of
from variants.contract import Options
from variants.dual import Dual
from variants.floor import Floor


def test_there_are_eight_cells_by_these_names() -> None:
    assert NAMES == (
        "per_side",
        "per_side_fresh",
        "per_side_derived",
        "joined",
        "joined_derived",
        "outbox",
        "async_restart",
        "async_redelivery",
    )


def test_each_cell_differs_from_every_other_one_and_says_which_question_it_answers() -> None:
    assert len({(cell.levels, cell.bus) for cell in CELLS}) == len(CELLS)
    assert len({cell.question for cell in CELLS}) == len(CELLS)
    assert all(cell.question.endswith("?") and '"' in cell.question for cell in CELLS)


def test_an_operation_is_tried_again_once_in_the_cells_that_retry() -> None:
    retrying = {cell.name for cell in CELLS if cell.attempts == 2}
    assert retrying == {"per_side_fresh", "per_side_derived", "joined_derived"}
    assert all(cell.attempts == 1 for cell in CELLS if cell.name not in retrying)
    assert [cell.name for cell in CELLS if cell.is_fresh] == ["per_side_fresh"]


def test_a_design_whose_agents_have_no_task_has_neither_outbox_nor_bus_and_says_why() -> None:
    floor, dual = traits_of(Floor(Options())), traits_of(Dual(Options()))
    assert all(cell.missing(dual) is None for cell in CELLS)
    missing = {cell.name: reason for cell in CELLS if (reason := cell.missing(floor)) is not None}
    without_bus = "no agent has a task of its own that could wait on a bus"
    assert missing == {
        "outbox": "no agent has a task of its own that a relay could apply",
        "async_restart": without_bus,
        "async_redelivery": without_bus,
    }


def test_an_unknown_cell_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(UserError, match=r"unknown cell 'join': known are per_side, .*; did you mean joined"):
        cell_named("join")
