"""A design between `dual` and `hybrid`: with none of the changes it is the one, with all of them the other.

Each change is one difference between the two, in tables and statements; everything that both have stays. The first makes the
others possible: what the central side no longer says must be said by every agent, so agents' rows must be written when memberships
change, and no longer with the first message.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import MetaData, Text

from variants.contract import Defect, Gap, Options, Query, Reading, Side, Task, View, Writing
from variants.schema import early_rows
from variants.schema.agent_indexes import drawn_agent_tables
from variants.schema.agent_lists import channels_of_server, members_of_channel, servers_of_agent
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tasks import alone, central_edit, central_write, follow, receive, register, tell
from variants.schema.agent_views import AGENT_OF_WORLD, agent_views, shared_member_view
from variants.schema.central_members import AGENT_VIEW, MEMBER_VIEW, ChannelParticipants, ServerAgents
from variants.schema.central_places import SERVERS_AND_CHANNELS_VIEWS, ServersAndChannels
from variants.schema.columns import UUID_TEXT
from variants.schema.levels import drawn_level
from variants.schema.names_and_times import MEMBERS_GAP, NAMES_GAPS, NamesAndTimes, names_views
from variants.schema.reads import Lists, Reads
from variants.schema.root_messages import RootMessages, message_view
from variants.schema.twice_views import agents_twice_view, members_twice_view
from workloads import operations as ops


class Change(enum.Enum):
    """The differences between `dual` and `hybrid`, in an order in which each is possible after those before it."""

    EARLY_ROWS = "agents' rows are written when memberships change, no longer with the first message"
    NAMES_ONLY = "metadata copies: central servers and channels keep id, name and time alone"
    NO_PARTICIPANTS = "participants: channel_participants is not kept"
    NO_SERVER_AGENTS = "participants: server_agents is not kept"
    KEYS = "foreign keys: rooms and worlds reference the central rows, whose server ids are text for that"
    ONE_LOOKUP = "ensure: a message makes sure of the room alone, no longer of world and participant"


@dataclass(frozen=True, slots=True)
class _Tables:
    """What a rung has of the central side besides its messages; None where it has no such table."""

    places: ServersAndChannels | NamesAndTimes
    members: ChannelParticipants | None
    agents: ServerAgents | None


class RungDesign:
    """`dual` with some of the changes; `EARLY_ROWS` is among them where there is any."""

    def __init__(self, name: str, changes: frozenset[Change], options: Options) -> None:
        self.name = name
        self._changes = changes
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        level = drawn_level(options)
        central = self.tables[Side.CENTRAL]
        places: ServersAndChannels | NamesAndTimes
        if Change.NAMES_ONLY in changes:
            # Keys between the sides need equal types on both.
            places = NamesAndTimes(central, Text() if Change.KEYS in changes else UUID_TEXT)
        else:
            places = ServersAndChannels(central, level, minimal=False)
        self._central = _Tables(
            places,
            None if Change.NO_PARTICIPANTS in changes else ChannelParticipants(central, places.channels.c.id),
            None if Change.NO_SERVER_AGENTS in changes else ServerAgents(central, places.servers, level),
        )
        keys = options.cross_side_foreign_keys
        central_ids = (places.servers.c.id, places.channels.c.id) if keys and Change.KEYS in changes else None
        tables = drawn_agent_tables(self.tables[Side.AGENT], level, central_ids=central_ids)
        if keys and self._central.agents is not None:
            self._central.agents.link(tables.agents)
        self._messages = RootMessages(central, places.channels.c.id, level)
        self._agents = AgentStore(tables)
        of_server: Query = channels_of_server(tables, level) if isinstance(places, NamesAndTimes) else places.of_server
        members = self._central.members
        here, is_here = (members.participants, members.is_participant) if members else members_of_channel(tables, level)
        servers = self._central.agents.servers if self._central.agents else servers_of_agent(tables, level)
        self._reads = Reads(self._messages.pages, self._agents.recall, Lists(of_server, here, is_here, servers))

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """Central first, then the agents; a reply and a new agent's own row go first, as in `dual`."""
        central = self._central
        match operation:
            case ops.CreateServer():
                return alone(central_write(central.places.add_server(operation)))
            case ops.CreateChannel():
                return alone(central_write(central.places.add_channel(operation)))
            case ops.AddAgent():
                return self._add_agent(operation, context)
            case ops.Join():
                early = early_rows.join(self._agents, operation, context) if self._has(Change.EARLY_ROWS) else ()
                return [*(alone(central_write(central.members.join(operation))) if central.members else ()), *early]
            case ops.Send() | ops.Reply():
                post = central_write(self._messages.add(operation, context))
                takes = early_rows.receive_in_room if self._has(Change.ONE_LOOKUP) else receive
                return tell(operation, context, post, lambda agent: takes(self._agents, agent, operation, context))
            case ops.Edit():
                change: Writing | None = central_edit(self._messages.edit(operation, context))
            case ops.Delete():
                change = central_write(self._messages.remove(context))
            case ops.Leave():
                change = central_write(central.members.leave(operation)) if central.members else None
        return tell(operation, context, change, lambda agent: follow(self._agents, agent, operation, context))

    def _add_agent(self, operation: ops.AddAgent, context: ops.Context) -> Sequence[Task]:
        early = self._has(Change.EARLY_ROWS)
        own = early_rows.add_with_world(self._agents, operation, context) if early else register(self._agents, operation)
        agents = self._central.agents
        return [own, *(alone(central_write(agents.add(operation))) if agents else ())]

    def _has(self, change: Change) -> bool:
        return change in self._changes

    def read(self, operation: ops.Read) -> Reading:
        """Centrally what the central side has, else through the agents' tables."""
        return self._reads.read(operation)

    def views(self) -> Mapping[str, View]:
        """Centrally what the central side has, else from any agent's row (all are equal)."""
        return {
            **(names_views() if self._has(Change.NAMES_ONLY) else SERVERS_AND_CHANNELS_VIEWS),
            "c_agent": self._agent_view(),
            "c_member": self._member_view(),
            "c_message": message_view(),
            **agent_views(),
        }

    def _agent_view(self) -> View:
        if self._central.agents is None:
            return AGENT_OF_WORLD
        return agents_twice_view() if self._has(Change.EARLY_ROWS) else AGENT_VIEW

    def _member_view(self) -> View:
        if self._central.members is None:
            return shared_member_view()
        return members_twice_view() if self._has(Change.EARLY_ROWS) else MEMBER_VIEW

    def gaps(self) -> Sequence[Gap]:
        """What no agent says yet, where the central side does not say it."""
        members = (MEMBERS_GAP,) if self._has(Change.NO_PARTICIPANTS) else ()
        return (*members, *(NAMES_GAPS if self._has(Change.NAMES_ONLY) else ()))

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed."""
        return ()
