"""SQL that alters or deletes one row of a table, and values other than the stored ones. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Column, Table
from sqlalchemy.types import ARRAY, JSON, TIMESTAMP, Boolean, Date, Enum, Integer, LargeBinary, Numeric, String, TypeEngine, Uuid

Path = tuple[str, ...]
"""An entry of a document: a key, or a key and one below it."""

MISSING = object()
"""What `entry` gives where a document has no such entry."""


def other_value(column: Column[Any]) -> sql.Composable | None:
    """An expression for another value than the stored one; None for a type of which none is known."""
    name, kind = sql.Identifier(column.name), column.type
    match kind:
        case Uuid():
            return sql.SQL("gen_random_uuid()")
        case TIMESTAMP() | Date():
            return sql.SQL("coalesce({} + interval '1 day', '2001-01-01')").format(name)
        case Boolean():
            return sql.SQL("NOT coalesce({}, false)").format(name)
        case JSON():
            return sql.SQL("""'{"planted": true}'""")
        case ARRAY():
            return sql.SQL("array_append({}, {})").format(name, _element(kind.item_type))
        case Numeric():
            return sql.SQL("coalesce({}, 0) + 1").format(name)
        case LargeBinary():
            return sql.SQL("coalesce({}, '') || '\\x21'").format(name)
        case Enum():
            return _either(name, *kind.enums[:2]) if len(kind.enums) > 1 else None
        case String(length=None):
            return sql.SQL("coalesce({} || '!', 'planted')").format(name)
        case String():
            return _either(name, "!", "?")
        case Integer():
            return sql.SQL("coalesce({}, 0) + 1").format(name)
    return None


def _either(name: sql.Identifier, one: str, other: str) -> sql.Composable:
    """One of two values, whichever is not stored."""
    return sql.SQL("CASE WHEN {} = {other} THEN {one} ELSE {other} END").format(
        name, one=sql.Literal(one), other=sql.Literal(other)
    )


def _element(kind: TypeEngine[Any]) -> sql.Composable:
    """Something to append to an array: text is what all arrays of the designs hold, NULL fits any other."""
    return sql.SQL("'planted'") if isinstance(kind, String) else sql.SQL("NULL")


def at(table: Table, row: str) -> sql.Composed:
    """A condition for the first, middle or last row of a table as it lies there."""
    name = sql.Identifier(table.name)
    skipped = sql.SQL("(SELECT count(*) / 2 FROM {})").format(name) if row == "middle" else sql.SQL("0")
    direction = sql.SQL("DESC" if row == "last" else "ASC")
    return sql.SQL("ctid = (SELECT ctid FROM {} ORDER BY ctid {} LIMIT 1 OFFSET {})").format(name, direction, skipped)


def placed(place: str) -> sql.Composed:
    """A condition for the row at this ctid."""
    return sql.SQL("ctid = {}::tid").format(sql.Literal(place))


def altering(column: Column[Any], value: sql.Composable, where: sql.Composable) -> sql.Composed:
    """An update of one cell."""
    return sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(
        sql.Identifier(column.table.name), sql.Identifier(column.name), value, where
    )


def deleting(table: Table, where: sql.Composable) -> sql.Composed:
    """A deletion of one row."""
    return sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table.name), where)


def document(value: object) -> sql.Composable:
    """A document as a value of SQL."""
    return sql.Literal(Jsonb(value))


def paths(found: object) -> Iterator[Path]:
    """The entries of a document, and those one below."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield (key,)
            if isinstance(value, Mapping):
                yield from ((key, below) for below in value)


def entry(found: object, path: Path) -> object:
    """What a document has there, or `MISSING`."""
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            return MISSING
        found = found[key]
    return found


def with_entry(found: Mapping[str, Any], path: Path, value: object) -> dict[str, Any]:
    """The document with another value there, or without the entry when that is `MISSING`."""
    first, *rest = path
    if rest:
        return {**found, first: with_entry(found[first], tuple(rest), value)}
    return {key: old for key, old in found.items() if key != first} | ({} if value is MISSING else {first: value})


def other_entry(value: object) -> object:
    """Another value of the same form: an id becomes another id, so that it is no mere fault of form."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return str(uuid.uuid5(uuid.NAMESPACE_OID, value)) if _is_uuid(value) else f"{value}!"
        case Sequence():
            return [*value, "planted"]
        case Mapping():
            return {"planted": True}
    return "planted"


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
