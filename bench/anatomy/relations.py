"""Which table, index or TOAST a number in the WAL stands for. Pure, but for the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from variants.contract import Rows

NAMES = """
    SELECT pg_relation_filenode(c.oid)::bigint, c.relname::text, base.relname::text, owner.relname::text, c.relkind::text
    FROM pg_class c
    LEFT JOIN pg_index x ON x.indexrelid = c.oid
    JOIN pg_class base ON base.oid = coalesce(x.indrelid, c.oid)
    LEFT JOIN pg_class owner ON owner.reltoastrelid = base.oid
    WHERE c.relkind IN ('r', 'i', 't') AND c.oid >= 16384 AND pg_relation_filenode(c.oid) IS NOT NULL"""
"""File number, name, table of an index, owner of a TOAST table, kind."""

CATALOGS = "system catalogs"
_FIRST_OF_USERS = 16384
"""PostgreSQL's FirstNormalObjectId: what has a smaller number came with the database."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation by the name that is told, and the table that it belongs to, which of a table is itself."""

    name: str
    table: str


def relations_of(rows: Rows) -> dict[int, Relation]:
    """The relations of a database by their file numbers, out of the answer to `NAMES`."""
    found = {}
    for number, name, base, owner, kind in rows:
        if owner is not None:
            told = f"{owner} (TOAST index)" if kind == "i" else f"{owner} (TOAST)"
            found[int(number)] = Relation(told, owner)
        else:
            found[int(number)] = Relation(name, base)
    return found


def relation_name(relations: Mapping[int, Relation], number: int | None) -> str | None:
    """The name of a relation; None for a record without one. One that was made since the names were read has its number."""
    if number is None:
        return None
    if number < _FIRST_OF_USERS:
        return CATALOGS
    return relations[number].name if number in relations else f"relation {number}"
