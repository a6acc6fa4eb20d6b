"""The bars of what a message writes, by table and index."""

from __future__ import annotations

from bench.charts import relations
from bench.charts.cost_charts import relation_charts
from bench.results.schema import AnatomyCell
from tests.bench.report.made_up import cell, inserted, relation, summary


def _send(design: str, k: int) -> AnatomyCell:
    told = [
        relation("memories", "memories", 2, 1000),
        relation("memories_pkey", "memories", 2, 144),
        relation("memories_room_time", "memories", 2, 192),
        relation("rooms", "rooms", 2, 108),
        relation("transactions", "", 3, 102),
    ]
    return cell(design, "send", k, inserted(memories=k), reads=4).model_copy(update={"relations": told, "wal_page_bytes": 25.0})


def test_indexes_of_a_table_are_one_piece_and_the_largest_k_is_shown() -> None:
    k, (statements, records, sizes) = relations.panels([_send("dual", 1), _send("dual", 2), _send("floor", 2)])
    assert k == 2
    assert [design for design, _ in statements.bars] == ["floor", "dual"]
    assert [(piece.name, piece.of_index, piece.value) for piece in records.bars[1][1]] == [
        ("memories", False, 2),
        ("memories", True, 4),
        ("rooms", False, 2),
        ("transactions", False, 3),
    ]
    assert [(piece.name, piece.value) for piece in sizes.bars[1][1]][-2:] == [("rooms", 108), ("transactions", 102)]
    assert [(piece.name, piece.value) for piece in statements.bars[0][1]] == [("reads", 4), ("writes", 2)]


def test_without_wal_there_is_no_chart() -> None:
    assert list(relation_charts(summary())) == []


def test_the_chart_holds_its_data() -> None:
    (chart,) = relation_charts(summary(anatomy=[_send("dual", 2)]))
    assert ("WAL records", "dual", "memories", "indexes", 4.0) in chart.table.rows
    assert b"its indexes" in chart.svg
