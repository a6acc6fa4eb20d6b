"""Tasks: who does what for an operation, in which order, and what an agent does in the manner of today's server.

The bodies are shared by the designs whose agent code is today's ("Existing code mostly unchanged"): rooms appear at the first
message that is delivered, and each body is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from variants.contract import CENTRAL_ACTOR, Begin, Commit, Ensure, Rejected, Side, Statement, Task, Writing
from variants.schema.agent_store import AgentStore
from workloads import operations as ops

Fact = TypeVar("Fact")


def tell(
    operation: ops.Send | ops.Reply | ops.Edit | ops.Delete | ops.Leave,
    context: ops.Context,
    central: Writing | None,
    agent: Callable[[str], Writing],
) -> Sequence[Task]:
    """The tasks of an operation that the central side and agents take part in.

    Central first, then every agent that must be told; a reply is stored by its author before it is posted centrally, as the note
    draws it. Edits and deletes go to all holders of a copy. `central` is None for a design whose central side stores nothing of it.
    """
    first: tuple[str, ...] = ()
    match operation:
        case ops.Reply():
            first, rest = (operation.agent_id,), context.recipients
        case ops.Edit() | ops.Delete():
            rest = context.holders
        case ops.Leave():
            leaving = (operation.member.id,) if operation.member.role is ops.Role.AGENT else ()
            rest = leaving + context.recipients
        case ops.Send():
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


def central_write(*statements: Statement) -> Writing:
    """One central transaction of statements whose rows nobody needs."""
    yield Begin(Side.CENTRAL)
    yield from statements
    yield Commit(Side.CENTRAL)
    return None


def central_edit(edit: Statement) -> Writing:
    """The central edit, refused before anything is stored when it comes back with no row: there is nothing to edit."""
    yield Begin(Side.CENTRAL)
    if not (yield edit):
        return Rejected("the message is gone or has a newer edit")
    yield Commit(Side.CENTRAL)
    return None


def receive(store: AgentStore, agent: str, operation: ops.Send | ops.Reply, context: ops.Context) -> Writing:
    """World, room and participant are looked up, made when absent, and the message is remembered."""
    server, channel = given(context.server), given(context.channel)
    yield Begin(Side.AGENT)
    yield (
        store.world(agent, server),
        store.room(agent, channel),
        store.participant(agent, operation.channel_id, ops.author_of(operation), context.created_at_ms),
    )
    yield store.memory(agent, operation, context)
    yield Commit(Side.AGENT)
    return None


def follow(store: AgentStore, agent: str, operation: ops.Edit | ops.Delete | ops.Leave, context: ops.Context) -> Writing:
    """An edit, a delete or a departure reaches the agent's own rows."""
    yield Begin(Side.AGENT)
    match operation:
        case ops.Edit():
            yield store.edit_memory(agent, operation, context)
        case ops.Delete():
            yield store.remove_memory(agent, context)
        case ops.Leave() if operation.member.id == agent:
            yield store.empty_room(agent, operation.channel_id)
        case ops.Leave():
            yield store.remove_participant(agent, operation.channel_id, operation.member.id)
    yield Commit(Side.AGENT)
    return None


def register(store: AgentStore, operation: ops.AddAgent, *more: Ensure) -> Task:
    """The agent's own row, and what else it makes sure of when it is added to a server."""

    def body() -> Writing:
        yield Begin(Side.AGENT)
        yield (store.agent(operation), *more)
        yield Commit(Side.AGENT)
        return None

    return agent_task(operation.agent_id, body())


def given(fact: Fact | None) -> Fact:
    """A fact of the context that this operation needs; it is a mistake of the caller when it is not there."""
    if fact is None:
        raise TypeError("the context lacks a server or channel that the operation names")
    return fact
