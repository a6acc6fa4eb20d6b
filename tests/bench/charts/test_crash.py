from __future__ import annotations

import pytest

from bench.charts.crash import alike, as_table, in_sequence, mark, strips
from tests.bench.report.made_up import crash, point


def test_there_is_a_strip_for_each_design_with_its_counts() -> None:
    found = strips(crash(), "per_side")
    assert [(strip.design, strip.partial, strip.points) for strip in found] == [
        ("floor", 0, 3),
        ("dual", 2, 5),
        ("option_a", 2, 5),
        ("option_b", 2, 5),
        ("hybrid", 2, 5),
    ]
    assert [strip.partial for strip in strips(crash(), "joined")] == [0] * 5


def test_cells_stand_in_the_order_in_which_the_operation_meets_them() -> None:
    (row,) = strips(list(reversed(crash())), "per_side")[1].rows
    assert [cell.point for cell in row.cells] == [
        "before-step-1",
        "before-commit-1",
        "after-commit-1",
        "before-commit-2",
        "after-commit-2",
    ]
    assert [cell.left for cell in row.cells] == ["lost", "lost", "partial", "partial", "whole"]


def test_ten_steps_come_after_nine() -> None:
    names = ["after-commit-10", "before-commit-10", "after-commit-9", "before-commit-2"]
    assert sorted(names, key=in_sequence) == ["before-commit-2", "after-commit-9", "before-commit-10", "after-commit-10"]


def test_a_point_of_another_name_comes_last() -> None:
    assert sorted(["somewhere", "after-commit-3"], key=in_sequence) == ["after-commit-3", "somewhere"]


@pytest.mark.parametrize(
    ("left", "after", "sign"),
    [
        ("partial", "whole", "healed"),
        ("partial", "partial", "still partial"),
        ("partial", "duplicated", "duplicated"),
        ("whole", "duplicated", "duplicated"),
        ("lost", "lost", "lost"),
        ("lost", "whole", None),
        ("whole", "whole", None),
        ("partial", None, None),
    ],
)
def test_a_sign_says_what_a_retry_did(left: str, after: str | None, sign: str | None) -> None:
    assert mark(left, after) == sign


def test_designs_share_their_rows_so_that_they_can_be_compared() -> None:
    points = [point("dual", "per_side", "after-commit-1", "whole", "send"), point("floor", "per_side", "x", "lost", "delete")]
    floor, dual = strips(points, "per_side")
    assert [row.kind for row in floor.rows] == [row.kind for row in dual.rows] == ["send", "delete"]
    assert [len(row.cells) for row in floor.rows] == [0, 1]


def test_designs_that_are_alike_in_every_point_share_a_strip() -> None:
    assert [names for names, _ in alike(strips(crash(), "per_side"))] == [("floor",), ("dual", "option_a", "option_b", "hybrid")]
    other = [p.model_copy(update={"retry_same": "lost"}) if p.design == "option_a" else p for p in crash()]
    assert ("option_a",) in [names for names, _ in alike(strips(other, "per_side"))]


def test_a_kind_without_a_message_id_has_one_retry() -> None:
    (strip,) = strips([point("dual", "per_side", "after-commit-1", "partial").model_copy(update={"retry_fresh": None})], "per_side")
    (cell,) = strip.rows[0].cells
    assert (cell.both, cell.fresh) == (False, None)


def test_the_table_beside_the_chart_has_every_point() -> None:
    table = as_table(crash(), "joined")
    assert len(table.rows) == 15
    assert table.rows[0][0] == "dual"
    assert table.rows[0][-1] == "dual/joined/send/k=1/before-step-1"
