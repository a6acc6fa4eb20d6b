from __future__ import annotations

from bench.reads.indexes import ForeignKey, Index, justified

KEYS = [ForeignKey("notes", "rooms", ("room",)), ForeignKey("notes", "pairs", ("left", "right"))]


def _needs(index: Index, used: dict[str, list[str]] | None = None) -> list[str]:
    (use,) = justified("floor", [index], KEYS, used or {})
    assert (use.variant, use.index) == ("floor", index.name)
    return use.needed_by


def test_a_key_needs_its_index_whatever_the_reads_do() -> None:
    assert _needs(Index("notes", "notes_pkey", True, True, False, ("id",))) == ["primary key"]
    assert _needs(Index("notes", "notes_name", False, True, False, ("name",))) == ["uniqueness"]


def test_reads_need_the_indexes_of_their_plans() -> None:
    index = Index("notes", "notes_time", False, False, False, ("at",))
    assert _needs(index, {"notes_time": ["latest_page", "page_back"]}) == ["latest_page", "page_back"]


def test_a_foreign_key_needs_the_index_that_begins_with_its_columns_in_any_order() -> None:
    assert _needs(Index("notes", "a", False, False, False, ("room", "at"))) == ["foreign key to rooms"]
    assert _needs(Index("notes", "b", False, False, False, ("right", "left"))) == ["foreign key to pairs"]


def test_an_index_that_nothing_needs_has_no_reason() -> None:
    assert _needs(Index("notes", "a", False, False, False, ("at", "room"))) == []
    assert _needs(Index("rooms", "b", False, False, False, ("room",)), {"other": ["latest_page"]}) == []
    assert _needs(Index("notes", "c", False, False, False, ("left",))) == []
