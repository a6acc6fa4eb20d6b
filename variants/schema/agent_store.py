"""What an agent does with its own tables: the statements that every design with an agent side shares.

Each method gives a `Statement` or an `Ensure` to yield; which of them an operation needs, in which transaction, is the design's.
All ids are derived (`variants.schema.identity`), so nothing has to be read back.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, Update, bindparam, delete, literal_column, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.sql.dml import Delete

from variants.contract import Ensure, Query, Reading, Side, Statement
from variants.schema.agent_rows import (
    add_entities,
    add_entity,
    add_memory,
    add_participant,
    add_participants,
    edit_memory,
    entity_row,
    memory_row,
    participant_row,
    room_row,
    world_row,
)
from variants.schema.agent_tables import AgentTables
from variants.schema.columns import entry
from variants.schema.identity import memory_id, unique_uuid
from variants.schema.inserts import one_row
from variants.schema.reads import newest
from variants.schema.remembered import Remembered
from workloads import operations as ops
from workloads.answers import RecallRow


class AgentStore:
    """The statements over the agent tables, compiled once."""

    def __init__(self, tables: AgentTables) -> None:
        agents, worlds, rooms = tables.agents.c, tables.worlds.c, tables.rooms.c
        participants, memories = tables.participants.c, tables.memories.c
        in_room = participants.roomId == bindparam("room")
        is_there = in_room & (participants.entityId == bindparam("entity"))
        self._find_agent = _query(select(agents.id).where(agents.id == bindparam("id")))
        self._add_agent = _query(one_row(tables.agents, by_default={"enabled"}).on_conflict_do_nothing())
        self._find_world = _query(select(worlds.id).where(worlds.id == bindparam("id")))
        self._add_world = _query(one_row(tables.worlds).on_conflict_do_nothing())
        self._find_room = _query(select(rooms.id).where(rooms.id == bindparam("id")))
        self._add_room = _query(one_row(tables.rooms).on_conflict_do_nothing())
        self._add_entity = _query(add_entity(tables).on_conflict_do_nothing())
        self._find_participant = _query(select(participants.id).where(is_there))
        self._add_participant = _query(add_participant(tables).on_conflict_do_nothing())
        self._add_entities = _query(add_entities(tables).on_conflict_do_nothing())
        self._add_participants = _query(add_participants(tables).on_conflict_do_nothing())
        self._remove_participant = _query(delete(tables.participants).where(is_there))
        self._empty_room = _query(delete(tables.participants).where(in_room))
        self._add_memory = _query(add_memory(tables))
        self._edit_memory = _query(edit_memory(tables))
        self._remove_memory = _query(delete(tables.memories).where(memories.id == bindparam("memory")))
        self._recall = _query(_recalled(tables))
        self._worlds: Remembered[ops.CreateServer] = Remembered()
        self._rooms: Remembered[ops.CreateChannel] = Remembered()

    def agent(self, operation: ops.AddAgent) -> Ensure:
        """The agent itself."""
        add = self._add_agent(needs_rows=False, id=operation.agent_id, name=operation.name, created_at=operation.at_ms)
        return Ensure(self._find_agent(id=operation.agent_id), (add,), operation.agent_id)

    def world(self, agent: str, server: ops.CreateServer) -> Ensure:
        """The agent's view of a server."""
        key = agent, server.server_id
        if (known := self._worlds.get(key, server)) is not None:
            return known
        row = world_row(agent, server)
        made = Ensure(self._find_world(id=row["id"]), (self._add_world(needs_rows=False, **row),), row["id"])
        return self._worlds.keep(key, server, made)

    def room(self, agent: str, channel: ops.CreateChannel) -> Ensure:
        """The agent's view of a channel; its world must exist."""
        key = agent, channel.channel_id
        if (known := self._rooms.get(key, channel)) is not None:
            return known
        row = room_row(agent, channel)
        made = Ensure(self._find_room(id=row["id"]), (self._add_room(needs_rows=False, **row),), row["id"])
        return self._rooms.keep(key, channel, made)

    def participant(self, agent: str, channel_id: str, member_id: str, at_ms: int) -> Ensure:
        """A member in the agent's room, with the entity that the agent knows the member as; the room must exist."""
        row = participant_row(agent, channel_id, member_id, at_ms)
        room, entity = row["roomId"], row["entityId"]
        return Ensure(
            self._find_participant(room=room, entity=entity),
            (
                self._add_entity(needs_rows=False, **entity_row(entity, agent, member_id, at_ms)),
                self._add_participant(needs_rows=False, **row),
            ),
            entity,
        )

    def everybody(self, agent: str, channel_id: str, member_ids: Iterable[str], at_ms: int) -> tuple[Statement, Statement]:
        """Many members in the agent's room at once, with their entities, each set by one statement; the room must exist."""
        members = [{"entity": unique_uuid(agent, member), "member": member} for member in member_ids]
        return (
            self._add_entities(needs_rows=False, agent=agent, at=at_ms, members=members),
            self._add_participants(needs_rows=False, agent=agent, at=at_ms, room=unique_uuid(agent, channel_id), members=members),
        )

    def remove_participant(self, agent: str, channel_id: str, member_id: str) -> Statement:
        """A member is no longer in the agent's room."""
        return self._remove_participant(needs_rows=False, room=unique_uuid(agent, channel_id), entity=unique_uuid(agent, member_id))

    def empty_room(self, agent: str, channel_id: str) -> Statement:
        """The agent itself left: it no longer knows who is in the room."""
        return self._empty_room(needs_rows=False, room=unique_uuid(agent, channel_id))

    def memory(self, agent: str, operation: ops.Send | ops.Reply, context: ops.Context) -> Statement:
        """The agent's copy of a message; world, room and the author's entity must exist."""
        return self._add_memory(needs_rows=False, **memory_row(agent, operation, context))

    def edit_memory(self, agent: str, operation: ops.Edit, context: ops.Context) -> Statement:
        """The agent's copy gets the new text."""
        memory = memory_id(agent, str(context.message_id))
        return self._edit_memory(needs_rows=False, memory=memory, edited={"text": operation.text}, rev=operation.rev)

    def remove_memory(self, agent: str, context: ops.Context) -> Statement:
        """The agent's copy is removed."""
        return self._remove_memory(needs_rows=False, memory=memory_id(agent, str(context.message_id)))

    def recall(self, operation: ops.RecallContext) -> Reading:
        """The agent's newest messages of a room."""
        room = unique_uuid(operation.agent_id, operation.channel_id)
        return [RecallRow(*row) for row in (yield self._recall(room=room, limit=operation.limit))]


def _query(construct: Select[tuple[object, ...]] | Insert | Update | Delete) -> Query:
    return Query(Side.AGENT, construct)


def _recalled(tables: AgentTables) -> Select[tuple[object, ...]]:
    """The page is cut before the authors are joined, so no plan can read and sort a whole room, whatever it thinks of its size."""
    memories, entities = tables.memories.c, tables.entities.c
    of_room = select(memories.entityId, memories.metadata, memories.content, memories.createdAt).where(
        memories.roomId == bindparam("room"), memories.type == literal_column("'messages'")
    )
    page = newest(of_room, memories.createdAt).subquery()
    return (
        select(
            entry(page.c.metadata, "sourceId"),
            entry(entities.metadata, "sourceId"),
            entry(page.c.content, "text"),
            page.c.createdAt,
        )
        .join_from(page, tables.entities, page.c.entityId == entities.id)
        .order_by(page.c.createdAt.desc())
    )
