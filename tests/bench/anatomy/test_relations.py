"""Names of tables, indexes and TOAST behind the numbers in the WAL."""

from __future__ import annotations

from bench.anatomy.relations import CATALOGS, relation_name, relations_of

ROWS = (
    (20000, "memories", "memories", None, "r"),
    (20001, "memories_pkey", "memories", None, "i"),
    (20002, "pg_toast_20000", "pg_toast_20000", "memories", "t"),
    (20003, "pg_toast_20000_index", "pg_toast_20000", "memories", "i"),
)


def test_an_index_and_a_toast_belong_to_their_table() -> None:
    found = relations_of(ROWS)
    assert [(one.name, one.table) for one in found.values()] == [
        ("memories", "memories"),
        ("memories_pkey", "memories"),
        ("memories (TOAST)", "memories"),
        ("memories (TOAST index)", "memories"),
    ]


def test_catalogs_strangers_and_records_of_no_relation_are_told_apart() -> None:
    found = relations_of(ROWS)
    assert relation_name(found, 20001) == "memories_pkey"
    assert relation_name(found, 1259) == CATALOGS
    assert relation_name(found, 30000) == "relation 30000"
    assert relation_name(found, None) is None
