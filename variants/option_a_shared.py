"""`option_a_shared`: Option A read to its end, where the central message too is a row of the dual-purpose tables.

"Single schema", "Keep rooms, worlds, participants but document their dual purpose": what the note says of rooms holds here for
`memories` as well. A memory with an agent is that agent's copy, a memory with NULL agent is the central message, in the central
room and by the central entity. There is no `root_messages`. The note's sketch shows rooms alone and its table list keeps
`root_messages`; so `option_a` is the narrower reading, and this one is registered beside it.

A central memory has the shape of a copy, with the central ids for keys: the message's own ("id = channelId"), the central room's,
the central entity's. So one insert, one edit and one index serve both sides. A page cuts the newest memories of the central room
first, then looks up authors and answered messages by key; a link to a message that was removed finds nothing, which is what a
link that was set to NULL says. The paths, each operation in a few lines, are `variants/schema/todays_flow.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Select, bindparam, cast, delete, literal_column, select

from variants.contract import Defect, Gap, Options, Query, Reading, Side, Statement, Task, View
from variants.schema.agent_indexes import drawn_agent_tables
from variants.schema.agent_rows import add_memory, edit_memory, memory_row
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tables import AgentTables
from variants.schema.agent_views import agent_views, memory_view
from variants.schema.columns import UUID_TEXT, entry
from variants.schema.dual_purpose import ID_FORM, ONE_SET_OF_TABLES, DualPurposeRows, dual_purpose_views
from variants.schema.identity import central_uuid
from variants.schema.levels import demand_one_database, drawn_level
from variants.schema.reads import Pages, newest
from variants.schema.todays_flow import TodaysFlow
from workloads import operations as ops


class OptionAShared:
    """One set of tables for both sides, messages included."""

    name = "option_a_shared"

    def __init__(self, options: Options) -> None:
        demand_one_database(options, ONE_SET_OF_TABLES)
        level = drawn_level(options)
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        tables = drawn_agent_tables(self.tables[Side.AGENT], level, central_rows=True, central_messages=True)
        # memories_room_time serves a channel's pages and an agent's context alike: both are the newest messages of a room.
        central, messages = DualPurposeRows(tables, level), CentralMemories(tables)
        self._flow = TodaysFlow(central, messages, AgentStore(tables))

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """As `option_a`; the central message is one more memory."""
        return self._flow.write(operation, context)

    def read(self, operation: ops.Read) -> Reading:
        """Pages from the central room's memories, lists from the central rows."""
        return self._flow.read(operation)

    def views(self) -> Mapping[str, View]:
        """Central facts are the rows with NULL agent, messages too."""
        return {**dual_purpose_views(), "c_message": memory_view(central=True), **agent_views()}

    def gaps(self) -> Sequence[Gap]:
        """No fact is lost; an id that is no UUID is only not the key of its own row."""
        return (ID_FORM,)

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()


class CentralMemories:
    """The memories without an agent: their statements, compiled once."""

    def __init__(self, tables: AgentTables) -> None:
        memories = tables.memories.c
        self._tables = tables
        self._add = Query(Side.CENTRAL, add_memory(tables))
        self._edit = Query(Side.CENTRAL, edit_memory(tables).returning(memories.id))
        self._remove = Query(Side.CENTRAL, delete(tables.memories).where(memories.id == bindparam("memory")))
        self.pages = Pages(self._page, memories.roomId, memories.createdAt, central_uuid)

    def _page(self, condition: ColumnElement[bool]) -> Select[Any]:
        memories, entities, answered = self._tables.memories.c, self._tables.entities.c, self._tables.memories.alias()
        cut = select(memories.id, memories.content, memories.entityId, memories.createdAt)
        page = newest(cut.where(condition, memories.type == literal_column("'messages'")), memories.createdAt).subquery().c
        # Looked up by key for each row of the page: a join could read whole tables for it.
        author = select(entry(entities.metadata, "sourceId")).where(entities.id == page.entityId)
        reply_to = select(answered.c.id).where(answered.c.id == cast(entry(page.content, "inReplyTo"), UUID_TEXT))
        return select(
            page.id,
            author.scalar_subquery(),
            entry(page.content, "text"),
            reply_to.scalar_subquery(),
            page.createdAt,
        ).order_by(page.createdAt.desc())

    def add(self, operation: ops.Send | ops.Reply, context: ops.Context) -> Statement:
        """The message, of no agent."""
        return self._add(needs_rows=False, **memory_row(None, operation, context))

    def edit(self, operation: ops.Edit, context: ops.Context) -> Statement:
        """The new text; no row comes back when the message is gone or a newer edit is stored."""
        memory = central_uuid(str(context.message_id))
        return self._edit(memory=memory, edited={"text": operation.text}, rev=operation.rev)

    def remove(self, context: ops.Context) -> Statement:
        """The message is removed; the links of replies to it find nothing from now on."""
        return self._remove(needs_rows=False, memory=central_uuid(str(context.message_id)))
