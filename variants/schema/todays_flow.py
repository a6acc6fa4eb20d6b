"""Today's data flow as the design note draws it, over whatever tables a design has.

"Store in central schema ... Convert to agent schema": central first, in one transaction, then one transaction for each agent.
"Agent sends response ... Convert back to central schema": a reply is stored by its author first, then centrally. New servers,
channels and members are central alone; an agent's own rows appear with the first message that it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from variants.contract import Reading, Statement, Task, Writing
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tasks import alone, central_edit, central_write, follow, receive, tell
from variants.schema.reads import Lists, Pages, Reads
from workloads import operations as ops


class CentralRows(Protocol):
    """The central rows of servers, channels, agents and members, and the lists that are read from them."""

    lists: Lists

    def add_server(self, operation: ops.CreateServer) -> Statement:
        """The server's row."""

    def add_channel(self, operation: ops.CreateChannel) -> Statement:
        """The channel's row."""

    def add_agent(self, agents: AgentStore, operation: ops.AddAgent, context: ops.Context) -> Sequence[Task]:
        """Who says that the agent is on the server, and in which order."""

    def join(self, operation: ops.Join) -> tuple[Statement, ...]:
        """The rows that say that somebody is in a channel; they may be there already."""

    def leave(self, operation: ops.Leave) -> Statement:
        """They go."""


class CentralMessages(Protocol):
    """The central rows of messages, and the pages that are read from them."""

    pages: Pages

    def add(self, operation: ops.Send | ops.Reply, context: ops.Context) -> Statement:
        """The message."""

    def edit(self, operation: ops.Edit, context: ops.Context) -> Statement:
        """The edit; no row comes back when the message is gone or a newer edit is stored."""

    def remove(self, context: ops.Context) -> Statement:
        """The message goes."""


class TodaysFlow:
    """Each write as the tasks of the sides that it concerns, each read from the side that has the answer."""

    def __init__(self, central: CentralRows, messages: CentralMessages, agents: AgentStore) -> None:
        self._central = central
        self._messages = messages
        self._agents = agents
        self._reads = Reads(messages.pages, agents.recall, central.lists)

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """Tasks in the order of the note's data flow."""
        match operation:
            case ops.CreateServer():
                return alone(central_write(self._central.add_server(operation)))
            case ops.CreateChannel():
                return alone(central_write(self._central.add_channel(operation)))
            case ops.AddAgent():
                return self._central.add_agent(self._agents, operation, context)
            case ops.Join():
                return alone(central_write(*self._central.join(operation)))
            case ops.Send() | ops.Reply():
                post = central_write(self._messages.add(operation, context))
                return tell(operation, context, post, lambda agent: receive(self._agents, agent, operation, context))
            case ops.Edit():
                change = central_edit(self._messages.edit(operation, context))
            case ops.Delete():
                change = central_write(self._messages.remove(context))
            case ops.Leave():
                change = central_write(self._central.leave(operation))

        def follows(agent: str) -> Writing:
            return follow(self._agents, agent, operation, context)

        return tell(operation, context, change, follows)

    def read(self, operation: ops.Read) -> Reading:
        """Pages and lists centrally, an agent's context from its own memories."""
        return self._reads.read(operation)
