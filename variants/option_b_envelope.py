"""`option_b_envelope`: Option B read to its end, where the central message too is cut to what routing needs.

"Remove duplicate fields", "Make central schema minimal (just IDs and names)", "Agent schema has all the rich data": `option_b` cuts
servers and channels and keeps `root_messages` whole, which is the narrower reading. Here `root_messages` is an envelope: id,
channel, author, the answered message, the number of the last edit, the time. Text, metadata and source live in the agents'
memories alone. What that loses is a gap: a message in a channel without an agent has no text anywhere.

A page of a channel cuts the newest envelopes first and then takes each text from the first room that has a copy. A copy is found
without an index of its own on the hot `memories` table: the channel's rooms by `rooms_channel`, and in one by `memories_room_time`,
since a copy has the time of its message, and that is unique within a channel. Per side a user's envelope is there before any copy
is: until the first agent has committed, a page shows the message with text NULL. Everything else is `option_b`; the paths, each
operation in a few lines, are `variants/schema/todays_flow.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    literal_column,
    select,
    true,
)

from variants.contract import Defect, Gap, GapKind, Indexes, Options, Query, Reading, Side, Statement, Task, View
from variants.schema.agent_indexes import index_rooms_of_channel
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tables import AgentTables
from variants.schema.agent_views import agent_views
from variants.schema.columns import MILLISECONDS, entry
from variants.schema.inserts import one_row
from variants.schema.levels import demand_one_database, drawn_level
from variants.schema.minimal_central import MINIMAL_GAPS, minimal_central, minimal_views
from variants.schema.numbered_edits import numbered_edit
from variants.schema.reads import Pages, newest
from variants.schema.root_messages import index_messages
from variants.schema.todays_flow import TodaysFlow
from workloads import operations as ops


class OptionBEnvelope:
    """Central tables of ids and names, envelopes of messages, agent tables with the rest."""

    name = "option_b_envelope"

    def __init__(self, options: Options) -> None:
        demand_one_database(options, "a page of a channel takes the texts from the agents' tables")
        level = drawn_level(options)
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        central, tables = minimal_central(self.tables, level, options)
        index_rooms_of_channel(tables, level)
        envelopes = Envelopes(self.tables[Side.CENTRAL], central.channels.c.id, level, tables)
        self._flow = TodaysFlow(central, envelopes, AgentStore(tables))

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """As `option_b`; the central message is its envelope."""
        return self._flow.write(operation, context)

    def read(self, operation: ops.Read) -> Reading:
        """Pages from envelopes and any agent's copies, lists centrally."""
        return self._flow.read(operation)

    def views(self) -> Mapping[str, View]:
        """Names and envelopes centrally, everything else from any agent's row (all are equal)."""
        return {**minimal_views(), "c_message": ENVELOPE_VIEW, **agent_views()}

    def gaps(self) -> Sequence[Gap]:
        """What only agents' rows hold is absent before there is one."""
        return (
            *MINIMAL_GAPS,
            Gap(
                GapKind.MESSAGE_CONTENT_WITHOUT_AGENT,
                "text, metadata and source of a message live in memories: a message that no agent was told has none",
                "Agent schema has all the rich data",
            ),
        )

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()


class Envelopes:
    """`root_messages` without content, and its statements."""

    def __init__(self, metadata: MetaData, channel: Column[str], level: Indexes, agents: AgentTables) -> None:
        table = Table(
            "root_messages",
            metadata,
            Column("id", Text, primary_key=True),
            Column("channel_id", Text, ForeignKey(channel, ondelete="CASCADE"), nullable=False),
            Column("author_id", Text, nullable=False),
            Column("in_reply_to_root_message_id", Text, ForeignKey("root_messages.id", ondelete="SET NULL")),
            Column("rev", Integer, nullable=False),
            Column("created_at", MILLISECONDS, nullable=False),
        )
        index_messages(table, level)
        stored = table.c
        self._table, self._agents = table, agents
        self.pages = Pages(self._page, stored.channel_id, stored.created_at)
        self._add = Query(Side.CENTRAL, one_row(table))
        self._edit = Query(Side.CENTRAL, numbered_edit(table))
        self._remove = Query(Side.CENTRAL, delete(table).where(stored.id == bindparam("message")))

    def _page(self, condition: ColumnElement[bool]) -> Select[Any]:
        stored, rooms, memories = self._table.c, self._agents.rooms.c, self._agents.memories.c
        page = newest(select(*stored).where(condition), stored.created_at).subquery()
        copy = (
            select(entry(memories.content, "text").label("text"))
            .join_from(self._agents.rooms, self._agents.memories, memories.roomId == rooms.id)
            .where(rooms.channelId == page.c.channel_id)
            .where(memories.type == literal_column("'messages'"), memories.createdAt == page.c.created_at)
            .where(entry(memories.metadata, "sourceId") == page.c.id)
            .order_by(rooms.id)
            .limit(literal_column("1"))
            .lateral()
        )
        return (
            select(page.c.id, page.c.author_id, copy.c.text, page.c.in_reply_to_root_message_id, page.c.created_at)
            .join_from(page, copy, true(), isouter=True)
            .order_by(page.c.created_at.desc())
        )

    def add(self, operation: ops.Send | ops.Reply, context: ops.Context) -> Statement:
        """The envelope."""
        return self._add(
            needs_rows=False,
            id=context.message_id,
            channel_id=operation.channel_id,
            author_id=ops.author_of(operation),
            in_reply_to_root_message_id=context.reply_to_id,
            rev=0,
            created_at=context.created_at_ms,
        )

    def edit(self, operation: ops.Edit, context: ops.Context) -> Statement:
        """The number of the edit; no row comes back when the message is gone or a newer edit is stored."""
        return self._edit(message=context.message_id, new_rev=operation.rev)

    def remove(self, context: ops.Context) -> Statement:
        """The envelope is removed; replies to it lose their link by the foreign key."""
        return self._remove(needs_rows=False, message=context.message_id)


ENVELOPE_VIEW = """
    SELECT m.id AS message, m.channel_id AS channel, m.author_id AS author, k.content ->> 'text' AS text,
           k.content -> 'metadata' AS metadata, k.content ->> 'source' AS source_type,
           m.in_reply_to_root_message_id AS in_reply_to, m.rev, m.created_at,
           rank() OVER (PARTITION BY m.channel_id ORDER BY m.created_at) AS seq, m.xmin::text AS xid
    FROM root_messages m LEFT JOIN (
        SELECT DISTINCT ON (c.metadata ->> 'sourceId') c.metadata ->> 'sourceId' AS message, c.content
        FROM memories c WHERE c.type = 'messages' ORDER BY c.metadata ->> 'sourceId', c."roomId") k ON k.message = m.id"""
