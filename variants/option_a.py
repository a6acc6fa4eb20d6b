"""`option_a`: the design note's Option A, dual-purpose tables.

"Keep rooms, worlds, participants but document their dual purpose": a row with an agent is that agent's view, a row with NULL agent
is the central one, "Clear distinction via agentId being NULL or set". They stand in for `channels`, `message_servers` and
`channel_participants`; `server_agents` is `worlds.agentId`. The central room's id is the channel's ("id = channelId"); `rooms.id`
is a uuid while channel ids have any form, so an id that is no UUID is hashed to one and stands in `channelId` as given.
`root_messages` points at central rooms. "Existing queries work with minor modifications": agents look up what they look up today.

Uniqueness must count NULL as a value: a plain unique over a NULL agent admits two central rows. The central entity of an agent is
the agent's own entity, since both would have the agent's id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Index, MetaData, Text, bindparam, delete, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import array, insert

from variants.contract import Defect, Gap, GapKind, Options, Query, Reading, Side, Statement, Task, View, Writing
from variants.schema.agent_store import AgentStore, room_metadata, world_metadata
from variants.schema.agent_tables import AgentTables, agent_tables
from variants.schema.agent_tasks import alone, follow, receive, register, tell
from variants.schema.agent_views import CHANNEL_ATTRIBUTES, SERVER_ATTRIBUTES, agent_views
from variants.schema.columns import entry
from variants.schema.identity import central_uuid
from variants.schema.root_messages import RootMessages, central_edit, central_write, message_view
from workloads.answers import IsParticipantRow, ListedChannelRow, ListedServerRow, ParticipantRow
from workloads.operations import (
    AddAgent,
    Context,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    IsParticipant,
    Join,
    LatestPage,
    Leave,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)


class OptionA:
    """One set of tables for both sides."""

    name = "option_a"

    def __init__(self, options: Options) -> None:
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        tables = agent_tables(self.tables[Side.AGENT], central_rows=True)
        # The channels of a server: "need to filter by agentId IS NULL for central queries".
        Index("rooms_central_server", tables.rooms.c.serverId, postgresql_where=tables.rooms.c.agentId.is_(None))
        self._messages = RootMessages(self.tables[Side.CENTRAL], tables.rooms.c.id)
        self._agents = AgentStore(tables)
        self._writes(tables)
        self._reads(tables)

    def _writes(self, tables: AgentTables) -> None:
        worlds, rooms, entities, participants = tables.worlds, tables.rooms, tables.entities, tables.participants
        self._add_world = Query(
            Side.CENTRAL,
            plain_insert(worlds).values(
                id=bindparam("id"),
                agentId=None,
                name=bindparam("name"),
                metadata=bindparam("metadata"),
                serverId=bindparam("server"),
                createdAt=bindparam("at"),
            ),
        )
        self._add_room = Query(
            Side.CENTRAL,
            plain_insert(rooms).values(
                id=bindparam("id"),
                agentId=None,
                source=bindparam("source"),
                type=bindparam("kind"),
                serverId=bindparam("server"),
                worldId=bindparam("world"),
                name=bindparam("name"),
                metadata=bindparam("metadata"),
                channelId=bindparam("channel"),
                createdAt=bindparam("at"),
            ),
        )
        self._add_entity = Query(
            Side.CENTRAL,
            insert(entities)
            .values(
                id=bindparam("id"),
                agent_id=bindparam("agent"),
                created_at=bindparam("at"),
                names=array([bindparam("member", type_=Text)]),
                metadata=bindparam("metadata"),
            )
            .on_conflict_do_nothing(),
        )
        self._add_participant = Query(
            Side.CENTRAL,
            insert(participants)
            .values(created_at=bindparam("at"), entityId=bindparam("entity"), roomId=bindparam("room"), agentId=None)
            .on_conflict_do_nothing(),
        )
        self._remove_participant = Query(
            Side.CENTRAL,
            delete(participants).where(participants.c.roomId == bindparam("room"), participants.c.entityId == bindparam("entity")),
        )

    def _reads(self, tables: AgentTables) -> None:
        worlds, rooms, entities, participants = tables.worlds, tables.rooms, tables.entities, tables.participants
        self._list_channels = Query(
            Side.CENTRAL,
            select(rooms.c.channelId, rooms.c.name).where(rooms.c.serverId == bindparam("server"), rooms.c.agentId.is_(None)),
        )
        self._list_participants = Query(
            Side.CENTRAL,
            select(entry(entities.c.metadata, "sourceId"))
            .join_from(participants, entities, entities.c.id == participants.c.entityId)
            .where(participants.c.roomId == bindparam("room")),
        )
        here = (participants.c.roomId == bindparam("room")) & (participants.c.entityId == bindparam("entity"))
        self._is_participant = Query(Side.CENTRAL, select(select(participants.c.id).where(here).exists()))
        self._list_servers = Query(
            Side.AGENT, select(worlds.c.serverId, worlds.c.name).where(worlds.c.agentId == bindparam("agent"))
        )

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Central rows first, then each agent's, as today; both in the same tables."""

        def agent(name: str) -> Writing:
            if isinstance(operation, (Send, Reply)):
                return receive(self._agents, name, operation, context)
            return follow(self._agents, name, operation, context)

        match operation:
            case AddAgent():
                if context.server is None:
                    raise TypeError("an agent is added to a server that the context does not name")
                return [register(self._agents, operation, self._agents.world(operation.agent_id, context.server))]
            case CreateServer():
                return alone(central_write(self._server(operation)))
            case CreateChannel():
                return alone(central_write(self._channel(operation)))
            case Join():
                return alone(central_write(*self._join(operation)))
            case Leave():
                gone = self._remove_participant(
                    needs_rows=False,
                    room=central_uuid(operation.channel_id),
                    entity=central_uuid(operation.member.id),
                )
                return tell(operation, context, central_write(gone), agent)
            case Send() | Reply():
                message = self._messages.add(operation, context, central_uuid(operation.channel_id))
                return tell(operation, context, central_write(message), agent)
            case Edit():
                return tell(operation, context, central_edit(self._messages, operation, context), agent)
            case Delete():
                return tell(operation, context, central_write(self._messages.remove(operation, context)), agent)

    def _server(self, operation: CreateServer) -> Statement:
        return self._add_world(
            needs_rows=False,
            id=operation.server_id,
            name=operation.name,
            metadata=world_metadata(operation),
            server=operation.server_id,
            at=operation.at_ms,
        )

    def _channel(self, operation: CreateChannel) -> Statement:
        return self._add_room(
            needs_rows=False,
            id=central_uuid(operation.channel_id),
            source=operation.source_type,
            kind=operation.kind.value,
            server=operation.server_id,
            world=operation.server_id,
            name=operation.name,
            metadata=room_metadata(operation),
            channel=operation.channel_id,
            at=operation.at_ms,
        )

    def _join(self, operation: Join) -> tuple[Statement, Statement]:
        member = operation.member
        entity = self._add_entity(
            needs_rows=False,
            id=central_uuid(member.id),
            agent=member.id if member.role is Role.AGENT else None,
            at=operation.at_ms,
            member=member.id,
            metadata={"sourceId": member.id},
        )
        participant = self._add_participant(
            needs_rows=False,
            at=operation.at_ms,
            entity=central_uuid(member.id),
            room=central_uuid(operation.channel_id),
        )
        return entity, participant

    def read(self, operation: Read) -> Reading:
        """Central reads filter by NULL agent, or go by the central room's id, which implies it."""
        match operation:
            case LatestPage() | PageBack():
                return (yield from self._messages.page(operation, central_uuid(operation.channel_id)))
            case RecallContext():
                return (yield from self._agents.recall(operation))
            case ListChannels():
                return [ListedChannelRow(*row) for row in (yield self._list_channels(server=operation.server_id))]
            case ListParticipants():
                rows = yield self._list_participants(room=central_uuid(operation.channel_id))
                return [ParticipantRow(*row) for row in rows]
            case IsParticipant():
                room, entity = central_uuid(operation.channel_id), central_uuid(operation.member_id)
                return [IsParticipantRow(*row) for row in (yield self._is_participant(room=room, entity=entity))]
            case ListServers():
                return [ListedServerRow(*row) for row in (yield self._list_servers(agent=operation.agent_id))]

    def views(self) -> Mapping[str, View]:
        """Central facts are the rows with NULL agent."""
        return {
            "c_server": f"""
                SELECT w."serverId" AS server, {SERVER_ATTRIBUTES.format(w="w")} FROM worlds w WHERE w."agentId" IS NULL""",
            "c_channel": f"""
                SELECT r."channelId" AS channel, {CHANNEL_ATTRIBUTES.format(r="r")} FROM rooms r WHERE r."agentId" IS NULL""",
            "c_agent": """
                SELECT w."serverId" AS server, w."agentId"::text AS agent, a.name
                FROM worlds w JOIN agents a ON a.id = w."agentId" """,
            "c_member": """
                SELECT r."channelId" AS channel, e.metadata ->> 'sourceId' AS member
                FROM participants p JOIN rooms r ON r.id = p."roomId" JOIN entities e ON e.id = p."entityId"
                WHERE p."agentId" IS NULL""",
            "c_message": message_view('c."channelId"', "JOIN rooms c ON c.id = m.channel_id"),
            **agent_views(),
        }

    def gaps(self) -> Sequence[Gap]:
        """No fact is lost; an id that is no UUID is only not the key of its own row."""
        return (
            Gap(
                GapKind.ID_FORM,
                "rooms.id is a uuid, central ids have any form: a derived key stands in for an id that is no UUID",
                "Central channels (id = channelId, agentId = NULL for central view)",
            ),
        )

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()
