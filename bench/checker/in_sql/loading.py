"""Filling a check's tables: from columns, or from a store's own views."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv

from bench.checker.columns import NULL, NULLABLE, RELATIONS, VIEWS, Columns, IntArray, Kind, Names
from bench.checker.in_sql.tables import analyse, table, text_table
from bench.drive.errors import ContractError
from bench.server.failing import is_servers_failure

_ROWS_AT_ONCE = 250_000

CONTENT = "md5((v.text, v.metadata, v.source_type)::text)"
"""What a message says, as one short text: equal contents have equal ones."""

_FROM_VIEW: Mapping[str, str] = {
    "content": CONTENT,
    "reply_to": "v.in_reply_to",
    "central": "v.central_id",
    "local": "v.local_id",
    "rev": "coalesce(v.rev, -1)",
    "seq": "coalesce(v.seq, -1)",
    "created_at_ms": "coalesce((extract(epoch FROM v.created_at) * 1000)::bigint, -1)",
}
"""How a column is made of those of a view, where it does not have the same name."""

_OF_SERVERS = frozenset({"c_server", "c_agent", "a_server"})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a store: these channels, these servers, and of the id mapping what is linked to these central ids."""

    channels: Collection[str]
    servers: Collection[str]
    linked: Collection[str]

    def narrowed(self, relation: str) -> tuple[sql.Composable, list[str]]:
        """Which column of a view says whether a row belongs to it, and its values that do."""
        if relation == "id_map":
            return sql.SQL("v.central_id::text"), list(self.linked)
        if relation in _OF_SERVERS:
            return sql.Identifier("v", "server"), list(self.servers)
        return sql.Identifier("v", "channel"), list(self.channels)


def load(connection: psycopg.Connection[Any], columns: Columns, relations: Iterable[str] = tuple(RELATIONS)) -> None:
    """Copy these relations into the tables."""
    for name in relations:
        cells = columns.table(name)
        count = len(next(iter(cells.values())))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
            table(name), sql.SQL(", ").join(map(sql.Identifier, RELATIONS[name]))
        )
        if not count:
            continue
        with connection.cursor().copy(statement) as copy:
            for begin in range(0, count, _ROWS_AT_ONCE):
                copy.write(_as_csv(columns, name, begin))


def _as_csv(columns: Columns, name: str, begin: int) -> bytes:
    cells = columns.table(name)
    part = slice(begin, begin + _ROWS_AT_ONCE)
    arrays = [_array(columns, cells[column][part], kind) for column, kind in RELATIONS[name].items()]
    return _csv(arrays, list(RELATIONS[name]))


def _array(columns: Columns, cells: IntArray, kind: Kind) -> Any:
    if kind is Kind.WORD:
        return columns.names.texts(cells)
    return pa.array(cells, mask=cells == NULL) if kind is Kind.ID else pa.array(cells)


def _csv(arrays: Sequence[Any], names: Sequence[str]) -> bytes:
    sink = io.BytesIO()
    # Texts are quoted and NULL is not: so PostgreSQL tells an empty text from NULL.
    csv.write_csv(pa.table(list(arrays), names=list(names)), sink, csv.WriteOptions(include_header=False))
    return sink.getvalue()


def load_views(
    connection: psycopg.Connection[Any],
    name: str,
    views: Mapping[str, str],
    names: Names,
    part: Part | None = None,
) -> None:
    """Copy what a design's views say, of all of its store or of this part; ids get the numbers of `names`, others get new ones.

    Raises `ContractError` when a view of the design, which is called `name`, fails.
    """
    own = [relation for relation in VIEWS if relation in views]
    for relation in own:
        column, values = part.narrowed(relation) if part is not None else (None, None)
        # Beside parameters a percent sign of the design's own would be taken for one.
        view = views[relation] if column is None else views[relation].replace("%", "%%")
        insert = sql.SQL("INSERT INTO {} {}").format(text_table(relation), select_of(relation, view))
        if column is not None:
            insert += sql.SQL(" WHERE {} = ANY(%s)").format(column)
        try:
            connection.execute(insert, None if values is None else (values,))
        except psycopg.Error as error:
            if is_servers_failure(error):
                raise
            raise ContractError(f"view {relation} of design {name} fails: {str(error).splitlines()[0]}") from error
        analyse(connection, text_table(relation))
    _number(connection, own, names)
    for relation in own:
        connection.execute(_numbered(relation))


def _number(connection: psycopg.Connection[Any], relations: Sequence[str], names: Names) -> None:
    """Fill the table of names: those that have a number already, then all others of these relations."""
    codes = np.arange(len(names), dtype=np.int32)
    with connection.cursor().copy("COPY checker_name (code, text) FROM STDIN (FORMAT csv)") as copy:
        for begin in range(0, len(codes), _ROWS_AT_ONCE):
            part = codes[begin : begin + _ROWS_AT_ONCE]
            copy.write(_csv([pa.array(part), names.texts(part)], ["code", "text"]))
    texts = sql.SQL(" UNION ").join(
        sql.SQL("SELECT {} AS text FROM {}").format(sql.Identifier(column), text_table(relation))
        for relation in relations
        for column, kind in RELATIONS[relation].items()
        if kind is Kind.ID
    )
    connection.execute(
        sql.SQL(
            """
            INSERT INTO checker_name
            SELECT {} + row_number() OVER () - 1, t.text FROM ({}) t
            WHERE t.text IS NOT NULL AND NOT EXISTS (SELECT FROM checker_name n WHERE n.text = t.text)"""
        ).format(sql.Literal(len(names)), texts)
    )
    analyse(connection, sql.Identifier("checker_name"))


def _numbered(relation: str) -> sql.Composed:
    """The copy of a view's texts into the relation's table, ids by their numbers."""
    cells, joins = list[sql.Composable](), list[sql.Composable]()
    for column, kind in RELATIONS[relation].items():
        if kind is Kind.ID:
            alias = sql.Identifier(f"name of {column}")
            cells.append(sql.SQL("{}.code").format(alias))
            joins.append(sql.SQL("LEFT JOIN checker_name {0} ON {0}.text = v.{1}").format(alias, sql.Identifier(column)))
        else:
            cells.append(sql.Identifier("v", column))
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} v {}").format(
        table(relation),
        sql.SQL(", ").join(map(sql.Identifier, RELATIONS[relation])),
        sql.SQL(", ").join(cells),
        text_table(relation),
        sql.SQL(" ").join(joins),
    )


def select_of(relation: str, view: str) -> sql.Composed:
    """The columns of a relation out of a design's view, which is called `v`."""
    nullable = NULLABLE.get(relation, frozenset())

    def column(name: str, kind: Kind) -> sql.Composable:
        made = sql.SQL(cast(Any, _FROM_VIEW[name])) if name in _FROM_VIEW else sql.Identifier("v", name)
        if kind is Kind.NUMBER:
            return made
        return sql.SQL("({})::text" if name in nullable else "coalesce(({})::text, 'NULL')").format(made)

    selected = sql.SQL(", ").join(column(name, kind) for name, kind in RELATIONS[relation].items())
    return sql.SQL("SELECT {} FROM ({}) v").format(selected, sql.SQL(cast(Any, view)))
