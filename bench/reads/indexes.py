"""Why each index is there: a read whose plan uses it, a key that it enforces, or a foreign key that it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.results.schema import IndexUse
from bench.stores import Store, tables_of

_INDEXES = """
    SELECT c.relname, i.relname, x.indisprimary, x.indisunique, x.indpred IS NOT NULL,
           ARRAY(SELECT pg_get_indexdef(x.indexrelid, place, true) FROM generate_series(1, x.indnkeyatts) place)
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2"""

_KEYS = """
    SELECT c.relname, f.relname,
           ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY n(number, place)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number ORDER BY n.place)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
    WHERE k.contype = 'f' ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Index:
    """An index as the server has it: `columns` are names, or expressions; `partial` when it covers some rows only."""

    table: str
    name: str
    primary: bool
    unique: bool
    partial: bool
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key: `columns` of `table` reference `target`. Removing a row of the target looks for them."""

    table: str
    target: str
    columns: tuple[str, ...]


def found_indexes(store: Store) -> tuple[list[Index], list[ForeignKey]]:
    """The indexes and foreign keys of the design's tables, from the server's catalogue."""
    names = {table.name for table in tables_of(store.design)}
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        indexes = [_index(row) for row in connection.execute(_INDEXES).fetchall()]
        keys = [ForeignKey(row[0], row[1], tuple(row[2])) for row in connection.execute(_KEYS).fetchall()]
    return [index for index in indexes if index.table in names], [key for key in keys if key.table in names]


def _index(row: Sequence[Any]) -> Index:
    table, name, primary, unique, partial, columns = row
    return Index(table, name, primary, unique, partial, tuple(column.strip('"') for column in columns))


def justified(
    variant: str, indexes: Sequence[Index], keys: Sequence[ForeignKey], used: Mapping[str, Sequence[str]]
) -> list[IndexUse]:
    """What needs each index; `used` are the kinds of reads by index. An index that nothing needs has an empty list. Pure."""
    return [
        IndexUse(
            variant=variant,
            table=index.table,
            index=index.name,
            columns=list(index.columns),
            needed_by=[*_enforces(index), *used.get(index.name, ()), *_serves(index, keys)],
        )
        for index in indexes
    ]


def _enforces(index: Index) -> list[str]:
    if index.primary:
        return ["primary key"]
    return ["uniqueness"] if index.unique else []


def _serves(index: Index, keys: Sequence[ForeignKey]) -> list[str]:
    """The foreign keys whose columns the index begins with."""
    return [
        f"foreign key to {key.target}"
        for key in keys
        if key.table == index.table and set(index.columns[: len(key.columns)]) == set(key.columns)
    ]
