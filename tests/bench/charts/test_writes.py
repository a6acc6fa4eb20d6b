from __future__ import annotations

import pytest

from bench.charts.palette import ROLES, role_of
from bench.charts.writes import as_table, message_groups, segments, workload_groups
from bench.results.schema import RowsChanged
from tests.bench.report.made_up import TABLES, anatomy, cell, inserted, totals


def test_bars_stand_in_groups_by_agents_with_the_floor_first() -> None:
    groups = message_groups(anatomy(), "warm")
    assert [group.name for group in groups] == ["k = 0 agents", "k = 1 agent", "k = 2 agents", "k = 4 agents"]
    assert [bar.design for bar in groups[0].bars] == ["floor", "dual", "option_a", "option_b", "hybrid"]


def test_a_bar_is_the_sum_of_its_rows() -> None:
    groups = message_groups(anatomy(), "warm")
    assert [[bar.total for bar in group.bars] for group in groups] == [[1] * 5, [1, 2, 2, 2, 2], [1, 3, 3, 3, 3], [1, 5, 5, 5, 5]]
    assert [bar.total for bar in message_groups(anatomy(), "first")[2].bars] == [2, 12, 11, 12, 7]


def test_updated_and_deleted_rows_count_too() -> None:
    rows = {"memories": RowsChanged(inserted=1, updated=2, deleted=4), "rooms": RowsChanged(inserted=0, updated=0, deleted=0)}
    assert [(segment.table, segment.rows) for segment in segments(rows, 1)] == [("memories", 7)]


def test_joined_and_other_operations_are_left_out() -> None:
    joined = cell("dual", "send", 1, inserted(memories=5)).model_copy(update={"atomicity": "joined"})
    reply = cell("dual", "reply", 1, inserted(memories=5))
    assert message_groups([joined, reply], "warm") == []


def test_segments_follow_the_order_of_roles() -> None:
    found = segments(inserted(rooms=1, memories=1, worlds=1, root_messages=1, strange=1), 1)
    assert [segment.table for segment in found] == ["root_messages", "memories", "rooms", "worlds", "strange"]
    assert found[-1].role.name == "other tables"


def test_every_table_of_our_designs_has_a_role() -> None:
    names = {name for sides in TABLES.values() for side in sides.values() for name in side}
    assert [name for name in sorted(names) if role_of(name) not in ROLES] == []


def test_no_table_has_two_roles() -> None:
    names = [name for role in ROLES for name in role.tables]
    assert len(names) == len(set(names))


def test_a_workload_is_divided_by_its_messages_and_leaves_out_the_second_of_the_pair() -> None:
    (group,) = workload_groups([*totals(), *totals()])
    assert [bar.design for bar in group.bars] == ["floor", "dual"]
    assert [bar.total for bar in group.bars] == pytest.approx([1.1, 3.1])


def test_a_workload_without_messages_has_no_bars() -> None:
    assert workload_groups([total.model_copy(update={"messages": 0}) for total in totals()]) == []
    assert workload_groups([]) == []


def test_the_table_beside_the_chart_has_a_row_for_each_segment() -> None:
    table = as_table(message_groups(anatomy(), "warm"))
    assert table.heading == ("group", "design", "table", "role", "rows")
    assert ("k = 2 agents", "dual", "memories", "message, in memories", 2.0) in table.rows
    assert len(table.rows) == 4 * 5 + 3 * 4
