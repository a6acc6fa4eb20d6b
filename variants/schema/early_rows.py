"""An agent's own rows, written when memberships change: a world with the agent, a room and its participants when somebody joins.

Today's code writes them with the first message that an agent is told (`variants.schema.agent_tasks.receive`).
"""

from __future__ import annotations

from collections.abc import Sequence

from variants.contract import Begin, Commit, Side, Task, Writing
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tasks import agent_task, given, register
from workloads import operations as ops


def add_with_world(store: AgentStore, operation: ops.AddAgent, context: ops.Context) -> Task:
    """The agent's own row, and its world of the server."""
    return register(store, operation, store.world(operation.agent_id, given(context.server)))


def join(store: AgentStore, operation: ops.Join, context: ops.Context) -> Sequence[Task]:
    """An agent that joins gets its room; every agent that is there notes the new member."""
    joining = (operation.member.id,) if operation.member.role is ops.Role.AGENT else ()
    return [
        *(agent_task(agent, _enter(store, agent, operation, context)) for agent in joining),
        *(agent_task(agent, _meet(store, agent, operation)) for agent in context.recipients),
    ]


def receive_in_room(store: AgentStore, agent: str, operation: ops.Send | ops.Reply, context: ops.Context) -> Writing:
    """One lookup, the room, and the message is remembered."""
    yield Begin(Side.AGENT)
    yield store.room(agent, given(context.channel))
    yield store.memory(agent, operation, context)
    yield Commit(Side.AGENT)
    return None


def _enter(store: AgentStore, agent: str, operation: ops.Join, context: ops.Context) -> Writing:
    """The agent gets its room and everybody in it, itself included: nobody is looked up, since it knew of nobody there."""
    members = (*(member.id for member in context.members), agent)
    yield Begin(Side.AGENT)
    yield store.room(agent, given(context.channel))
    yield from store.everybody(agent, operation.channel_id, members, operation.at_ms)
    yield Commit(Side.AGENT)
    return None


def _meet(store: AgentStore, agent: str, operation: ops.Join) -> Writing:
    """An agent that is already there notes the new member."""
    yield Begin(Side.AGENT)
    yield store.participant(agent, operation.channel_id, operation.member.id, operation.at_ms)
    yield Commit(Side.AGENT)
    return None
