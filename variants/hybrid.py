"""`hybrid`: the design note's recommendation.

"`central_channels`: Just `id`, `name`, `created_at`", "`central_servers`: Just `id`, `name`, `created_at`": the tables of Phase 2,
defaults included, but for the precision of their times, which is milliseconds as everywhere here; no time relies on a default. No
`channel_participants`, no `server_agents` ("use existing `participants` and `worlds.agentId`"). `rooms.channelId` and
`worlds.serverId` reference the central tables ("FK enforced"). `root_messages` "references `central_channels`". A message takes one
lookup at each agent ("Lookup/create in rooms (already has channelId reference)"): memberships are written when they change, a
world when an agent is added to a server, a room and its participants when it joins a channel. So the channel's server, kind,
source and topic, and its members, are known only through agents. The server is read through rooms and worlds, whose keys make it
sure; `rooms.serverId`, which nothing ties, is written as the note lists it and is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Index, MetaData, Table, Text, bindparam, func, select

from variants.contract import Begin, Commit, Defect, Gap, GapKind, Indexes, Options, Query, Reading, Side, Task, View, Writing
from variants.schema.agent_indexes import drawn_agent_tables, index_rooms_of_channel
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tables import AgentTables
from variants.schema.agent_tasks import agent_task, alone, central_edit, central_write, follow, given, register, tell
from variants.schema.agent_views import AGENT_OF_WORLD, agent_views, any_room_of, any_world_of, shared_member_view
from variants.schema.columns import MILLISECONDS, entry
from variants.schema.inserts import one_row
from variants.schema.levels import drawn_level
from variants.schema.reads import Lists, Reads
from variants.schema.root_messages import RootMessages, message_view
from workloads import operations as ops


class Hybrid:
    """Two minimal central tables, messages, and the agent tables for everything else."""

    name = "hybrid"

    def __init__(self, options: Options) -> None:
        level = drawn_level(options)
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        servers, channels = (
            Table(
                name,
                self.tables[Side.CENTRAL],
                Column("id", Text, primary_key=True),
                Column("name", Text, nullable=False),
                Column("created_at", MILLISECONDS, server_default=func.now()),
            )
            for name in ("central_servers", "central_channels")
        )
        central_ids = (servers.c.id, channels.c.id) if options.cross_side_foreign_keys else None
        tables = drawn_agent_tables(self.tables[Side.AGENT], level, central_ids=central_ids)
        # The members of a channel are found through its rooms.
        index_rooms_of_channel(tables, level)
        if level is Indexes.ADVISED:
            # The channels of a server are found through its worlds and their rooms; the servers of an agent through its worlds.
            Index("worlds_server", tables.worlds.c.serverId)
            Index("rooms_world", tables.rooms.c.worldId)
            Index("worlds_agent", tables.worlds.c.agentId)
        self._messages = RootMessages(self.tables[Side.CENTRAL], channels.c.id, level)
        self._agents = AgentStore(tables)
        self._add_server = Query(Side.CENTRAL, one_row(servers))
        self._add_channel = Query(Side.CENTRAL, one_row(channels))
        self._reads = Reads(self._messages.pages, self._agents.recall, _lists(tables))

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """Membership goes to the agents' tables alone; messages go to both sides."""
        match operation:
            case ops.CreateServer(server_id=server, name=name, at_ms=at_ms):
                return alone(central_write(self._add_server(needs_rows=False, id=server, name=name, created_at=at_ms)))
            case ops.CreateChannel(channel_id=channel, name=name, at_ms=at_ms):
                return alone(central_write(self._add_channel(needs_rows=False, id=channel, name=name, created_at=at_ms)))
            case ops.AddAgent():
                return [register(self._agents, operation, self._agents.world(operation.agent_id, given(context.server)))]
            case ops.Join():
                joining = (operation.member.id,) if operation.member.role is ops.Role.AGENT else ()
                return [
                    *(agent_task(agent, self._enter(agent, operation, context)) for agent in joining),
                    *(agent_task(agent, self._meet(agent, operation)) for agent in context.recipients),
                ]
            case ops.Send() | ops.Reply():
                post = central_write(self._messages.add(operation, context))
                return tell(operation, context, post, lambda agent: self._receive(agent, operation, context))
            case ops.Edit():
                change: Writing | None = central_edit(self._messages.edit(operation, context))
            case ops.Delete():
                change = central_write(self._messages.remove(context))
            case ops.Leave():
                change = None
        return tell(operation, context, change, lambda agent: follow(self._agents, agent, operation, context))

    def _enter(self, agent: str, operation: ops.Join, context: ops.Context) -> Writing:
        """The agent gets its room and everybody in it, itself included: nobody is looked up, since it knew of nobody there."""
        members = (*(member.id for member in context.members), agent)
        yield Begin(Side.AGENT)
        yield self._agents.room(agent, given(context.channel))
        yield from self._agents.everybody(agent, operation.channel_id, members, operation.at_ms)
        yield Commit(Side.AGENT)
        return None

    def _meet(self, agent: str, operation: ops.Join) -> Writing:
        """An agent that is already there notes the new member."""
        yield Begin(Side.AGENT)
        yield self._agents.participant(agent, operation.channel_id, operation.member.id, operation.at_ms)
        yield Commit(Side.AGENT)
        return None

    def _receive(self, agent: str, operation: ops.Send | ops.Reply, context: ops.Context) -> Writing:
        """One lookup, the room, and the message is remembered."""
        yield Begin(Side.AGENT)
        yield self._agents.room(agent, given(context.channel))
        yield self._agents.memory(agent, operation, context)
        yield Commit(Side.AGENT)
        return None

    def read(self, operation: ops.Read) -> Reading:
        """Pages from `root_messages`, everything else through the agents' tables."""
        return self._reads.read(operation)

    def views(self) -> Mapping[str, View]:
        """Names and times centrally, the rest from any agent's row (all are equal)."""
        return {
            "c_server": f"""
                SELECT s.id AS server, s.name, w.source_type, w.source_id, w.metadata, s.created_at
                FROM central_servers s {any_world_of("s.id")}""",
            "c_channel": f"""
                SELECT c.id AS channel, r.server, c.name, r.kind, r.source_type, r.source_id, r.topic, r.metadata, c.created_at
                FROM central_channels c {any_room_of("c.id")}""",
            "c_agent": AGENT_OF_WORLD,
            "c_member": shared_member_view(),
            "c_message": message_view(),
            **agent_views(),
        }

    def gaps(self) -> Sequence[Gap]:
        """What a minimal central side cannot say while no agent can say it."""
        return (
            Gap(
                GapKind.MEMBERS_WITHOUT_AGENT,
                "participants belong to an agent's room: who joins while no agent is there is stored nowhere, and only the list of "
                "members that comes with an agent's join brings them back",
                "Remove `channel_participants` and `server_agents` (use existing `participants` and `worlds.agentId`)",
            ),
            Gap(
                GapKind.CHANNEL_SERVER_BEFORE_JOIN,
                "a channel's server is known through a room",
                "`central_channels`: Just `id`, `name`, `created_at`",
            ),
            Gap(
                GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN,
                "kind, source, topic and metadata of a channel live in rooms, which an agent's join makes",
                "Metadata only in `rooms` (agent layer)",
            ),
            Gap(
                GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT,
                "source and metadata of a server live in worlds, which adding an agent makes",
                "`central_servers`: Just `id`, `name`, `created_at`",
            ),
        )

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()


def _lists(tables: AgentTables) -> Lists:
    rooms, participants, entities, worlds = tables.rooms, tables.participants, tables.entities, tables.worlds
    # A room has its channel's name, so the central row need not be joined.
    of_server = (
        select(rooms.c.channelId, rooms.c.name)
        .join_from(worlds, rooms, rooms.c.worldId == worlds.c.id)
        .where(worlds.c.serverId == bindparam("server"))
        .distinct()
    )
    # The room of every agent that is there holds all members, so one room is enough; a departed agent's is empty.
    room = (
        select(rooms.c.id)
        .where(rooms.c.channelId == bindparam("channel"))
        .where(select(participants.c.id).where(participants.c.roomId == rooms.c.id).correlate(rooms).exists())
        .limit(1)
        .scalar_subquery()
    )
    # An entity is looked up for each member: a join would read all entities for a large channel.
    known_as = select(entry(entities.c.metadata, "sourceId")).where(entities.c.id == participants.c.entityId).scalar_subquery()
    here = select(known_as).where(participants.c.roomId == room)
    return Lists(
        channels=Query(Side.AGENT, of_server),
        participants=Query(Side.AGENT, here),
        is_participant=Query(Side.AGENT, select(here.where(known_as == bindparam("member")).exists())),
        servers=Query(Side.AGENT, select(worlds.c.serverId, worlds.c.name).where(worlds.c.agentId == bindparam("agent"))),
    )
