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

from sqlalchemy import MetaData, Text

from variants.contract import Defect, Gap, Options, Reading, Side, Task, View, Writing
from variants.schema import early_rows
from variants.schema.agent_indexes import drawn_agent_tables
from variants.schema.agent_lists import channels_of_server, members_of_channel, servers_of_agent
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tasks import alone, central_edit, central_write, follow, tell
from variants.schema.agent_views import AGENT_OF_WORLD, agent_views, shared_member_view
from variants.schema.levels import drawn_level
from variants.schema.names_and_times import MEMBERS_GAP, NAMES_GAPS, NamesAndTimes, names_views
from variants.schema.reads import Lists, Reads
from variants.schema.root_messages import RootMessages, message_view
from workloads import operations as ops


class Hybrid:
    """Two minimal central tables, messages, and the agent tables for everything else."""

    name = "hybrid"

    def __init__(self, options: Options) -> None:
        level = drawn_level(options)
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        self._central = NamesAndTimes(self.tables[Side.CENTRAL], Text())
        servers, channels = self._central.servers.c, self._central.channels.c
        central_ids = (servers.id, channels.id) if options.cross_side_foreign_keys else None
        tables = drawn_agent_tables(self.tables[Side.AGENT], level, central_ids=central_ids)
        self._messages = RootMessages(self.tables[Side.CENTRAL], channels.id, level)
        self._agents = AgentStore(tables)
        participants, is_participant = members_of_channel(tables, level)
        lists = Lists(channels_of_server(tables, level), participants, is_participant, servers_of_agent(tables, level))
        self._reads = Reads(self._messages.pages, self._agents.recall, lists)

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """Membership goes to the agents' tables alone; messages go to both sides."""
        match operation:
            case ops.CreateServer():
                return alone(central_write(self._central.add_server(operation)))
            case ops.CreateChannel():
                return alone(central_write(self._central.add_channel(operation)))
            case ops.AddAgent():
                return [early_rows.add_with_world(self._agents, operation, context)]
            case ops.Join():
                return early_rows.join(self._agents, operation, context)
            case ops.Send() | ops.Reply():
                post = central_write(self._messages.add(operation, context))
                return tell(
                    operation, context, post, lambda agent: early_rows.receive_in_room(self._agents, agent, operation, context)
                )
            case ops.Edit():
                change: Writing | None = central_edit(self._messages.edit(operation, context))
            case ops.Delete():
                change = central_write(self._messages.remove(context))
            case ops.Leave():
                change = None
        return tell(operation, context, change, lambda agent: follow(self._agents, agent, operation, context))

    def read(self, operation: ops.Read) -> Reading:
        """Pages from `root_messages`, everything else through the agents' tables."""
        return self._reads.read(operation)

    def views(self) -> Mapping[str, View]:
        """Names and times centrally, the rest from any agent's row (all are equal)."""
        return {
            **names_views(),
            "c_agent": AGENT_OF_WORLD,
            "c_member": shared_member_view(),
            "c_message": message_view(),
            **agent_views(),
        }

    def gaps(self) -> Sequence[Gap]:
        """What a minimal central side cannot say while no agent can say it."""
        return (MEMBERS_GAP, *NAMES_GAPS)

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()
