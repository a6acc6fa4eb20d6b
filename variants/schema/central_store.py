"""The central side with tables of its own: `message_servers`, `channels`, `channel_participants`, `server_agents`.

`minimal` cuts servers and channels to ids and names (Option B).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import MetaData, Table

from variants.contract import Indexes, Statement, Task
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tasks import alone, central_write, register
from variants.schema.central_members import ChannelParticipants, ServerAgents
from variants.schema.central_places import ServersAndChannels
from variants.schema.reads import Lists
from workloads import operations as ops


class CentralStore:
    """The central tables and their statements, compiled once."""

    def __init__(self, metadata: MetaData, level: Indexes, *, minimal: bool) -> None:
        self._places = ServersAndChannels(metadata, level, minimal=minimal)
        self.servers, self.channels = self._places.servers, self._places.channels
        self._members = ChannelParticipants(metadata, self.channels.c.id)
        self._agents = ServerAgents(metadata, self.servers, level)
        self.lists = Lists(
            channels=self._places.of_server,
            participants=self._members.participants,
            is_participant=self._members.is_participant,
            servers=self._agents.servers,
        )

    def link_agents(self, agents: Table) -> None:
        """Declare the one key between the sides that today's schema has: an agent of a server is a registered agent."""
        self._agents.link(agents)

    def add_server(self, operation: ops.CreateServer) -> Statement:
        """The server's row."""
        return self._places.add_server(operation)

    def add_channel(self, operation: ops.CreateChannel) -> Statement:
        """The channel's row."""
        return self._places.add_channel(operation)

    def add_agent(self, agents: AgentStore, operation: ops.AddAgent, context: ops.Context) -> Sequence[Task]:
        """The agent's own row comes first: `server_agents.agent_id` references it."""
        return [register(agents, operation), *alone(central_write(self._agents.add(operation)))]

    def join(self, operation: ops.Join) -> tuple[Statement, ...]:
        """The member's row."""
        return (self._members.join(operation),)

    def leave(self, operation: ops.Leave) -> Statement:
        """The member's row goes."""
        return self._members.leave(operation)
