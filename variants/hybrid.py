"""`hybrid`: the design note's recommendation.

"central_channels: just id, name, created_at", "central_servers: just id, name, created_at": exactly the tables of Phase 2. No
`channel_participants`, no `server_agents` ("use existing participants and worlds.agentId"). `rooms.channelId` and
`worlds.serverId` reference the central tables ("FK enforced"). `root_messages` "references central_channels". A message takes one
lookup at each agent ("Lookup/create in rooms (already has channelId reference)"): memberships are written when they change, a
world when an agent is added to a server, a room and its participants when it joins a channel. So the channel's server, kind,
source and topic, and its members, are known only through agents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Index, MetaData, Table, Text, bindparam, insert, select

from variants.contract import Begin, Commit, Defect, Gap, GapKind, Options, Query, Reading, Side, Task, View, Writing
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tables import AgentTables, agent_tables
from variants.schema.agent_tasks import agent_task, alone, follow, register, tell
from variants.schema.agent_views import CHANNEL_ATTRIBUTES, SERVER_ATTRIBUTES, agent_views
from variants.schema.columns import MILLISECONDS, entry
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
    Member,
    PageBack,
    Read,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)


class Hybrid:
    """Two minimal central tables, messages, and the agent tables for everything else."""

    name = "hybrid"

    def __init__(self, options: Options) -> None:
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        servers, channels = (
            Table(
                name,
                self.tables[Side.CENTRAL],
                Column("id", Text, primary_key=True),
                Column("name", Text, nullable=False),
                Column("created_at", MILLISECONDS),
            )
            for name in ("central_servers", "central_channels")
        )
        keys = options.cross_side_foreign_keys
        tables = agent_tables(
            self.tables[Side.AGENT],
            central_server=servers.c.id if keys else None,
            central_channel=channels.c.id if keys else None,
        )
        # The channels of a server are found through its rooms.
        Index("rooms_server", tables.rooms.c.serverId)
        self._messages = RootMessages(self.tables[Side.CENTRAL], channels.c.id)
        self._agents = AgentStore(tables)
        self._add_server, self._add_channel = (
            Query(
                Side.CENTRAL,
                insert(table).values(id=bindparam("id"), name=bindparam("name"), created_at=bindparam("at")),
            )
            for table in (servers, channels)
        )
        self._reads(tables, channels)

    def _reads(self, tables: AgentTables, channels: Table) -> None:
        rooms, participants, entities, worlds = tables.rooms, tables.participants, tables.entities, tables.worlds
        self._list_channels = Query(
            Side.AGENT,
            select(channels.c.id, channels.c.name)
            .join_from(rooms, channels, rooms.c.channelId == channels.c.id)
            .where(rooms.c.serverId == bindparam("server"))
            .distinct(),
        )
        member = entry(entities.c.metadata, "sourceId")
        # The room of every agent that is there holds all members, so one room is enough; a departed agent's is empty.
        room = (
            select(rooms.c.id)
            .where(rooms.c.channelId == bindparam("channel"))
            .where(select(participants.c.id).where(participants.c.roomId == rooms.c.id).correlate(rooms).exists())
            .limit(1)
            .scalar_subquery()
        )
        here = (
            select(member)
            .join_from(participants, entities, entities.c.id == participants.c.entityId)
            .where(participants.c.roomId == room)
        )
        self._list_participants = Query(Side.AGENT, here)
        self._is_participant = Query(Side.AGENT, select(here.where(member == bindparam("member")).exists()))
        self._list_servers = Query(
            Side.AGENT, select(worlds.c.serverId, worlds.c.name).where(worlds.c.agentId == bindparam("agent"))
        )

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Membership goes to the agents' tables alone; messages go to both sides."""

        def follows(agent: str) -> Writing:
            return follow(self._agents, agent, operation, context)

        match operation:
            case CreateServer():
                row = self._add_server(needs_rows=False, id=operation.server_id, name=operation.name, at=operation.at_ms)
                return alone(central_write(row))
            case CreateChannel():
                row = self._add_channel(needs_rows=False, id=operation.channel_id, name=operation.name, at=operation.at_ms)
                return alone(central_write(row))
            case AddAgent():
                if context.server is None:
                    raise TypeError("an agent is added to a server that the context does not name")
                return [register(self._agents, operation, self._agents.world(operation.agent_id, context.server))]
            case Join():
                joining = (operation.member.id,) if operation.member.role is Role.AGENT else ()
                return [
                    *(agent_task(name, self._enter(name, operation, context)) for name in joining),
                    *(agent_task(name, self._meet(name, operation)) for name in context.recipients),
                ]
            case Leave():
                return tell(operation, context, None, follows)
            case Send() | Reply():
                central = central_write(self._messages.add(operation, context, operation.channel_id))
                return tell(operation, context, central, lambda agent: self._receive(agent, operation, context))
            case Edit():
                central = central_edit(self._messages, operation, context)
                return tell(operation, context, central, follows)
            case Delete():
                central = central_write(self._messages.remove(operation, context))
                return tell(operation, context, central, follows)

    def _enter(self, agent: str, operation: Join, context: Context) -> Writing:
        """The agent gets its room and everybody in it, itself included."""
        if context.channel is None:
            raise TypeError("an agent joins a channel that the context does not name")
        members = (*context.members, Member(agent, Role.AGENT))
        yield Begin(Side.AGENT)
        yield self._agents.room(agent, context.channel)
        yield tuple(self._agents.participant(agent, operation.channel_id, member.id, operation.at_ms) for member in members)
        yield Commit(Side.AGENT)
        return None

    def _meet(self, agent: str, operation: Join) -> Writing:
        """An agent that is already there notes the new member."""
        yield Begin(Side.AGENT)
        yield self._agents.participant(agent, operation.channel_id, operation.member.id, operation.at_ms)
        yield Commit(Side.AGENT)
        return None

    def _receive(self, agent: str, operation: Send | Reply, context: Context) -> Writing:
        """One lookup, the room, and the message is remembered."""
        if context.channel is None:
            raise TypeError("a message needs its channel in the context")
        yield Begin(Side.AGENT)
        yield self._agents.room(agent, context.channel)
        yield self._agents.memory(agent, operation, context)
        yield Commit(Side.AGENT)
        return None

    def read(self, operation: Read) -> Reading:
        """Pages from `root_messages`, everything else through the agents' tables."""
        match operation:
            case LatestPage() | PageBack():
                return (yield from self._messages.page(operation, operation.channel_id))
            case RecallContext():
                return (yield from self._agents.recall(operation))
            case ListChannels():
                return [ListedChannelRow(*row) for row in (yield self._list_channels(server=operation.server_id))]
            case ListParticipants():
                return [ParticipantRow(*row) for row in (yield self._list_participants(channel=operation.channel_id))]
            case IsParticipant():
                rows = yield self._is_participant(channel=operation.channel_id, member=operation.member_id)
                return [IsParticipantRow(*row) for row in rows]
            case ListServers():
                return [ListedServerRow(*row) for row in (yield self._list_servers(agent=operation.agent_id))]

    def views(self) -> Mapping[str, View]:
        """Names and times centrally, the rest from any agent's row (all are equal)."""
        return {
            "c_server": f"""
                SELECT s.id AS server, s.name, w.source_type, w.source_id, w.metadata, s.created_at
                FROM central_servers s LEFT JOIN LATERAL (
                    SELECT {SERVER_ATTRIBUTES.format(w="v")} FROM worlds v WHERE v."serverId" = s.id
                    ORDER BY v.id LIMIT 1) w ON true""",
            "c_channel": f"""
                SELECT c.id AS channel, r.server, c.name, r.kind, r.source_type, r.source_id, r.topic, r.metadata, c.created_at
                FROM central_channels c LEFT JOIN LATERAL (
                    SELECT {CHANNEL_ATTRIBUTES.format(r="q")} FROM rooms q WHERE q."channelId" = c.id
                    ORDER BY q.id LIMIT 1) r ON true""",
            "c_agent": """
                SELECT w."serverId" AS server, w."agentId"::text AS agent, a.name
                FROM worlds w JOIN agents a ON a.id = w."agentId" """,
            "c_member": """
                SELECT DISTINCT r."channelId" AS channel, e.metadata ->> 'sourceId' AS member
                FROM participants p JOIN rooms r ON r.id = p."roomId" JOIN entities e ON e.id = p."entityId" """,
            "c_message": message_view(),
            **agent_views(),
        }

    def gaps(self) -> Sequence[Gap]:
        """What a minimal central side cannot say while no agent can say it."""
        return (
            Gap(
                GapKind.MEMBERS_WITHOUT_AGENT,
                "participants belong to an agent's room: a channel without an agent has none",
                "Remove channel_participants and server_agents (use existing participants and worlds.agentId)",
            ),
            Gap(
                GapKind.CHANNEL_SERVER_BEFORE_JOIN,
                "a channel's server is known through a room",
                "central_channels: Just id, name, created_at",
            ),
            Gap(
                GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN,
                "kind, source, topic and metadata of a channel live in rooms, which an agent's join makes",
                "Metadata only in rooms (agent layer)",
            ),
            Gap(
                GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT,
                "source and metadata of a server live in worlds, which adding an agent makes",
                "central_servers: Just id, name, created_at",
            ),
        )

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()
