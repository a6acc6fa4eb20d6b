"""The database of the real server, elizaOS: its central messages as rows of a trace.

Every message of a person and of an agent stands once in `central_messages`; the agents' own copies are not read. Its columns are
the same in all known layouts, which differ in the tables around it, and in which of them names the agents. The text never leaves
the server: its length is measured there.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from psycopg import sql

from bench.errors import UserError
from bench.importing.connecting import Session
from workloads.importing.collecting import Collector
from workloads.importing.times import NoTime, check_range

FETCHED_ROWS = 10_000
MESSAGES = "central_messages"
AGENTS_REPLY = "agent_response"
"""`source_type` of what an agent answered; it is left when the agent itself is gone."""

Found = Mapping[str, Mapping[str, str]]
"""The types of columns by table and name."""

_TEXT = frozenset({"text", "character varying"})
_ID = _TEXT | {"uuid"}
_TIME = frozenset({"timestamp without time zone", "timestamp with time zone"})
_NEEDED: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        MESSAGES: {
            "id": _ID,
            "channel_id": _ID,
            "author_id": _ID,
            "content": _TEXT,
            "in_reply_to_root_message_id": _ID,
            "source_type": _TEXT,
            "created_at": _TIME,
        },
        "agents": {"id": _ID},
    }
)


class Layout(enum.Enum):
    """A layout by what tells it from others: the tables around the messages, each with a column that is named so here alone."""

    UP_TO_1_6_1 = ("1.4 to 1.6.1", "server_agents", "server_id", "user_id")
    FROM_1_7 = ("1.7", "message_server_agents", "message_server_id", "entity_id")

    def __init__(self, versions: str, agents: str, server: str, member: str) -> None:
        self.versions = versions
        self.agents = agents
        self.signs = {"channels": server, "channel_participants": member, agents: "agent_id"}


_SCHEMA = """
SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = %s AND c.relkind IN ('r', 'p') AND n.nspname = ANY(current_schemas(false))
ORDER BY array_position(current_schemas(false), n.nspname) LIMIT 1
"""
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = %s AND c.relname = ANY(%s) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
"""
_ROWS = """
SELECT (extract(epoch FROM m.created_at) * 1000000)::float8, m.channel_id::text, {author}, {length},
    a.id IS NOT NULL OR m.source_type IS NOT DISTINCT FROM {reply}, m.id::text, m.in_reply_to_root_message_id::text
FROM {messages} m
LEFT JOIN (SELECT {agent} AS id FROM {agents} UNION SELECT {server_agent} FROM {server_agents}) a ON a.id = {author}
ORDER BY m.created_at, m.id
"""
_SAME = "CASE WHEN {0}::text ~* '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN lower({0}::text) ELSE {0}::text END"
"""An id as it is compared: a UUID that is stored as text may be of either case, any other id is what it is."""


class ElizaosDatabase:
    """A database whose tables were looked at.

    Raises UserError, which says what was found, for a layout that is not known, psycopg.Error where the server refuses or fails.
    """

    def __init__(self, session: Session) -> None:
        schema = session.execute(_SCHEMA, (MESSAGES,)).fetchone()
        if schema is None:
            raise _unknown(f"there is no table {MESSAGES} in a schema of the search path")
        names = sorted({*_NEEDED, *(table for layout in Layout for table in layout.signs)})
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in session.execute(_COLUMNS, (schema[0], names)):
            found.setdefault(table, {})[column] = kind
        self.layout = layout_of(found)
        self._session = session
        self._schema: str = schema[0]

    def read(self, collector: Collector, advance: Callable[[int, int], None]) -> None:
        """Hand all central messages to the collector, in the order of time.

        `advance` is called with the rows that were read and that there are. Raises psycopg.Error where the server fails.
        """
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(self._schema, MESSAGES))
        counted = self._session.execute(count).fetchone()
        total = counted[0] if counted is not None else 0
        with self._session.cursor("messages", binary=True) as cursor:
            cursor.itersize = FETCHED_ROWS
            cursor.execute(_statement(self._session, self._schema, self.layout))
            for place, (at_us, channel, author, length, bot, own, answered) in enumerate(cursor, start=1):
                if place % FETCHED_ROWS == 0:
                    advance(place, total)
                _take(collector, place, at_us, channel, author, length, bot=bot, own=own, answered=answered)


def layout_of(found: Found) -> Layout:
    """The layout of a database with these columns; raises UserError, which says what is there and what is not."""
    for table, columns in _NEEDED.items():
        if table not in found:
            raise _unknown(f"there is no table {table} beside {MESSAGES}")
        for column, kinds in columns.items():
            if column not in found[table]:
                raise _unknown(f"{table} has no column {column}")
            if found[table][column] not in kinds:
                raise _unknown(f"{table}.{column} is of another type than {' or '.join(sorted(kinds))}")
    for layout in Layout:
        if all(column in found.get(table, {}) for table, column in layout.signs.items()):
            return layout
    signs = {(table, column): None for layout in Layout for table, column in layout.signs.items()}
    raise _unknown(", ".join(f"{table} {'has' if column in found.get(table, {}) else 'lacks'} {column}" for table, column in signs))


def _unknown(what: str) -> UserError:
    known = " and ".join(layout.versions for layout in Layout)
    return UserError(
        f"--database: this is no known layout of elizaOS: {what}; known are {known}: export the messages as CSV instead"
    )


def _statement(session: Session, schema: str, layout: Layout) -> sql.Composed:
    encoding = session.info.parameter_status("server_encoding")
    # Without a conversion where none is needed: it would fail at the first byte that is no UTF-8.
    length = "octet_length(m.content)" if encoding in {"UTF8", "SQL_ASCII"} else "octet_length(convert_to(m.content, 'UTF8'))"
    return sql.SQL(_ROWS).format(
        length=sql.SQL(length),
        author=_same("m", "author_id"),
        agent=_same("id"),
        server_agent=_same("agent_id"),
        reply=sql.Literal(AGENTS_REPLY),
        messages=sql.Identifier(schema, MESSAGES),
        agents=sql.Identifier(schema, "agents"),
        server_agents=sql.Identifier(schema, layout.agents),
    )


def _same(*column: str) -> sql.Composed:
    return sql.SQL(_SAME).format(sql.Identifier(*column))


def _take(
    collector: Collector,
    place: int,
    at_us: float | None,
    channel: str | None,
    author: str | None,
    length: int | None,
    *,
    bot: bool,
    own: str | None,
    answered: str | None,
) -> None:
    if at_us is None or not math.isfinite(at_us):
        collector.reject(place, "no time")
    elif length is None:
        collector.reject(place, "no text")
    else:
        try:
            check_range(round(at_us))
        except NoTime as why:
            collector.reject(place, str(why))
            return
        collector.take(
            place,
            round(at_us),
            channel or "",
            author or "",
            length,
            bot=bot,
            annotated=True,
            own=own or "",
            answered=answered or "",
        )
