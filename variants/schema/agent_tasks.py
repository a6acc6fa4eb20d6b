"""What an agent does for an operation, in the manner of today's server: rooms appear at the first message that is delivered.

The bodies are shared by the designs whose agent code is the note's "existing code"; each is one transaction on the agent side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from variants.contract import CENTRAL_ACTOR, Begin, Commit, Ensure, Side, Task, Writing
from variants.schema.agent_store import AgentStore
from workloads.operations import AddAgent, Context, Delete, Edit, Leave, Reply, Role, Send, Write


def tell(
    operation: Send | Reply | Edit | Delete | Leave,
    context: Context,
    central: Writing | None,
    agent: Callable[[str], Writing],
) -> Sequence[Task]:
    """The tasks of an operation that the central side and agents take part in.

    Central first, then every agent that must be told; a reply is stored by its author before it is posted centrally, as the note
    draws it. Edits and deletes go to all holders of a copy. `central` is None for a design whose central side stores nothing of it.
    """
    first: tuple[str, ...] = ()
    match operation:
        case Reply():
            first, rest = (operation.agent_id,), context.recipients
        case Edit() | Delete():
            rest = context.holders
        case Leave():
            leaving = (operation.member.id,) if operation.member.role is Role.AGENT else ()
            rest = leaving + context.recipients
        case Send():
            rest = context.recipients
    return [
        *(agent_task(name, agent(name)) for name in first),
        *(() if central is None else alone(central)),
        *(agent_task(name, agent(name)) for name in rest),
    ]


def agent_task(agent: str, body: Writing) -> Task:
    """What one agent does."""
    return Task(f"agent {agent}", agent, body)


def alone(central: Writing) -> Sequence[Task]:
    """The one task of an operation that only the central side has to do with."""
    return [Task("central", CENTRAL_ACTOR, central)]


def receive(store: AgentStore, agent: str, operation: Send | Reply, context: Context) -> Writing:
    """World, room and participant are looked up, made when absent, and the message is remembered."""
    if context.server is None or context.channel is None:
        raise TypeError("a message needs its server and its channel in the context")
    author = operation.author_id if isinstance(operation, Send) else operation.agent_id
    yield Begin(Side.AGENT)
    yield (
        store.world(agent, context.server),
        store.room(agent, context.channel),
        store.participant(agent, operation.channel_id, author, context.created_at_ms),
    )
    yield store.memory(agent, operation, context)
    yield Commit(Side.AGENT)
    return None


def follow(store: AgentStore, agent: str, operation: Write, context: Context) -> Writing:
    """An edit, a delete or a departure reaches the agent's own rows."""
    yield Begin(Side.AGENT)
    match operation:
        case Edit():
            yield store.edit_memory(agent, operation, context)
        case Delete():
            yield store.remove_memory(agent, operation, context)
        case Leave() if operation.member.id == agent:
            yield store.empty_room(agent, operation.channel_id)
        case Leave():
            yield store.remove_participant(agent, operation.channel_id, operation.member.id)
    yield Commit(Side.AGENT)
    return None


def register(store: AgentStore, operation: AddAgent, *more: Ensure) -> Task:
    """The agent's own row, and what else it makes sure of when it is added to a server."""

    def body() -> Writing:
        yield Begin(Side.AGENT)
        yield (store.agent(operation), *more)
        yield Commit(Side.AGENT)
        return None

    return agent_task(operation.agent_id, body())
