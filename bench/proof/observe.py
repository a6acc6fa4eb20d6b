"""Reading a store's canonical views: the one place where the proof touches a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from bench.drive.errors import ContractError
from bench.proof.observation import Mapped, Observation, Sequenced
from bench.server.failing import is_servers_failure
from bench.stores import Store
from workloads.projection import RELATIONS, Projection, canonical_json, ordered

# Which relations a selection of channels narrows; the others are narrowed by a selection of servers.
_BY_CHANNEL = frozenset({"c_channel", "c_member", "c_message", "a_channel", "a_member", "a_message"})


def snapshots(store: Store) -> psycopg.Connection[Any]:
    """A connection for `observe`, to be closed by the caller: its transactions are REPEATABLE READ, READ ONLY."""
    connection = psycopg.connect(store.conninfo, autocommit=True, row_factory=tuple_row)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def observe(
    store: Store,
    channels: Collection[str] | None = None,
    servers: Collection[str] | None = None,
    connection: psycopg.Connection[Any] | None = None,
    linked: Collection[str] | None = None,
) -> Observation:
    """Everything, or the facts of these channels and, in relations without a channel, of these servers.

    Of the id mapping a selection of channels has what is linked to the central ids `linked`, and without them nothing. One
    snapshot, over `connection` from `snapshots` when it is given. Raises `ContractError` when a view is missing, fails or has other
    columns.
    """
    views = store.design.views()
    missing = RELATIONS.keys() - views.keys()
    if missing:
        raise ContractError(f"{store.design.name}: views() lacks {', '.join(sorted(missing))}")
    with nullcontext(connection) if connection is not None else snapshots(store) as opened, opened.transaction():
        rows = {name: _rows(opened, name, views, channels if name in _BY_CHANNEL else servers) for name in RELATIONS}
        has_links = "id_map" in views and (channels is None or linked is not None)
        id_map = _id_map(opened, views["id_map"], linked) if has_links else None
    order = [*_order(rows["c_message"], None), *_order(rows["a_message"], "agent")]
    facts = {name: ordered(_typed(name, found)) for name, found in rows.items()}
    return Observation(Projection(**cast(Any, facts)), tuple(order), id_map)


def _rows(
    connection: psycopg.Connection[Any], name: str, views: Mapping[str, str], only: Collection[str] | None
) -> list[dict[str, Any]]:
    fields = [_selected(field) for field in RELATIONS[name]._fields]
    names = list(RELATIONS[name]._fields)
    if name.endswith("_message"):
        fields.append(sql.SQL("v.seq"))
        names.append("seq")
    narrowed = sql.Identifier("v", "channel" if name in _BY_CHANNEL else "server")
    try:
        found = _selection(connection, sql.SQL(", ").join(fields), views[name], narrowed, only)
    except psycopg.Error as error:
        if is_servers_failure(error):
            raise
        raise ContractError(f"view {name} of the design fails: {str(error).splitlines()[0]}") from error
    return [dict(zip(names, row, strict=True)) for row in found]


def _selection(
    connection: psycopg.Connection[Any], fields: sql.Composable, view: str, narrowed: sql.Composable, only: Collection[str] | None
) -> psycopg.Cursor[Any]:
    """These fields of a view: of all its rows, or of those where `narrowed` is one of `only`."""
    selection = sql.SQL("SELECT {} FROM ({}) v")
    if only is None:
        return connection.execute(selection.format(fields, sql.SQL(cast(Any, view))))
    # Beside parameters a percent sign of the design's own would be taken for one.
    query = selection.format(fields, sql.SQL(cast(Any, view.replace("%", "%%")))) + sql.SQL(" WHERE {} = ANY(%s)").format(narrowed)
    return connection.execute(query, (list(only),))


def _selected(field: str) -> sql.Composable:
    if field.endswith("_ms"):
        column = sql.Identifier("v", field.removesuffix("_ms"))
        return sql.SQL("(extract(epoch FROM {}) * 1000)::bigint").format(column)
    return sql.Identifier("v", field)


def _typed(name: str, rows: list[dict[str, Any]]) -> list[Any]:
    kind = RELATIONS[name]
    for row in rows:
        if "metadata" in row:
            row["metadata"] = canonical_json(row["metadata"])
    return [kind(*(row[field] for field in kind._fields)) for row in rows]


def _order(rows: list[dict[str, Any]], agent: str | None) -> list[Sequenced]:
    return [
        Sequenced(row[agent] if agent else None, row["channel"], row["message"], row["created_at_ms"], row["seq"]) for row in rows
    ]


def _id_map(connection: psycopg.Connection[Any], view: str, only: Collection[str] | None) -> tuple[Mapped, ...]:
    fields = sql.SQL("v.agent, v.kind, v.central_id, v.local_id")
    try:
        return tuple(Mapped(*row) for row in _selection(connection, fields, view, sql.SQL("v.central_id::text"), only))
    except psycopg.Error as error:
        if is_servers_failure(error):
            raise
        raise ContractError(f"view id_map of the design fails: {str(error).splitlines()[0]}") from error
