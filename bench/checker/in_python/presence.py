"""I1, I2, I3, I4, I12 and I19: which messages are where, and how often. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.checker.columns import CENTRAL, NULL, WORDS, IntArray
from bench.checker.in_python.joining import ROWS_AT_ONCE, LongArray, among, apart, at, marked, pairs, repeated
from bench.checker.in_python.world import World
from bench.checker.violation import Violation


def durability(world: World) -> Iterator[Violation]:
    """I1."""
    for op in _acknowledged_and_lost(world, "send"):
        yield Violation("I1", (world.names(op),), "lost")


def no_lost_reply(world: World) -> Iterator[Violation]:
    """I19: none that was acknowledged is lost, and none is at its author alone."""
    for op in _acknowledged_and_lost(world, "reply"):
        yield Violation("I19", (world.names(op),), "lost")
    history, copies = world.columns.history, world.columns.a_message
    owners = world.owners(world.copied)
    is_own = (at(history["f"], owners, NULL) == WORDS["reply"]) & (at(history["author"], owners, NULL) == copies["agent"])
    only_there = np.unique(owners[is_own & ~at(world.in_central | world.may_be_deleted, owners, True)])
    for row in only_there[history["told"][only_there] != WORDS["ok"]]:
        yield Violation("I19", (world.names(history["op"][row]),), "agent-only")


def _acknowledged_and_lost(world: World, kind: str) -> IntArray:
    history = world.columns.history
    acknowledged = (history["f"] == WORDS[kind]) & (history["told"] == WORDS["ok"])
    lost: IntArray = history["op"][acknowledged & ~world.in_central & ~world.may_be_deleted]
    return lost


def no_phantom(world: World) -> Iterator[Violation]:
    """I2: every message, and every edit of one, is of an operation that did not fail."""
    columns, history, size = world.columns, world.columns.history, len(world.columns.names)
    there = np.flatnonzero(marked(columns.c_message["message"], size) | marked(world.copied, size))
    owners = world.owner[there]
    for message in there[owners == NULL]:
        yield Violation("I2", (world.names(message),), "phantom")
    failed = set(there[at(history["told"], owners, NULL) == WORDS["fail"]].tolist())
    targets = at(world.row_of_op, history["target"], NULL)
    edits = (history["f"] == WORDS["edit"]) & (targets != NULL) & (history["told"] != WORDS["fail"])
    made = pairs(targets[edits], history["rev"][edits])
    central, copies = columns.c_message, columns.a_message
    for messages, revs in ((central["message"], central["rev"]), (world.copied, copies["rev"])):
        owners = world.owners(messages)
        edited = (owners != NULL) & (revs > 0)
        seen = pairs(owners[edited], revs[edited])
        failed |= set(messages[edited][~among(seen, made)].tolist())
    for message in failed:
        yield Violation("I2", (world.names(message),), "failed")
    for row in np.flatnonzero(world.copied == NULL):
        yield Violation("I2", (world.names(copies["agent"][row]), world.names(copies["channel"][row])), "phantom")


def exactly_once(world: World) -> Iterator[Violation]:
    """I3, by operation: a retry under another id is seen too."""
    columns = world.columns
    for label in repeated(_labels(world, columns.c_message["message"])):
        yield Violation("I3", (CENTRAL, _label(world, label)), "duplicate")
    told = world.copied != NULL
    agents, labels = apart(repeated(pairs(columns.a_message["agent"][told], _labels(world, world.copied[told]))))
    for agent, label in zip(agents, labels, strict=True):
        yield Violation("I3", (world.names(agent), _label(world, label)), "duplicate")


def _labels(world: World, messages: IntArray) -> LongArray:
    """The operation of each message, or the message itself where nobody wrote it; the two never meet."""
    owners = world.owners(messages)
    ops = at(world.columns.history["op"], owners, NULL)
    return np.where(owners == NULL, messages.astype(np.int64) + len(world.columns.names), ops)


def _label(world: World, label: int) -> str:
    return world.names(label % len(world.columns.names))


def agreement(world: World) -> Iterator[Violation]:
    """I4: what is in C is with every agent that was told of it, and the reverse."""
    copies, messages = world.columns.a_message, world.copied
    owners = world.owners(messages)
    judged = (owners != NULL) & (world.of_message(world.is_deleted, messages) == 0)
    held = pairs(copies["agent"][judged], messages[judged])
    lacking = world.expected[~among(world.expected, held)]
    # A copy that tells of no message stands for each one of its operation.
    silent = judged & (copies["message"] == NULL)
    agents, lacked = apart(lacking)
    told = among(pairs(agents, world.owners(lacked)), pairs(copies["agent"][silent], owners[silent]))
    yield from _by_pair(world, "I4", lacking[~told], "central-only")
    yield from _by_pair(world, "I4", held[~world.is_central(messages[judged])], "agent-only")


def no_leak(world: World) -> Iterator[Violation]:
    """I12: no copy, and no message read by an agent, that it was not told of; no id of one agent used by another."""
    columns = world.columns
    seen, reads, links = columns.seen, columns.read, columns.id_map
    held = world.copied != NULL
    leaked = [_leaked(world, columns.a_message["agent"][held], world.copied[held])]
    row_of_read = np.full(len(columns.names), NULL, np.int32)
    row_of_read[reads["read"]] = np.arange(len(reads["read"]))
    rows = at(row_of_read, seen["read"], NULL)
    readers = at(reads["agent"], rows, NULL)
    by_agent = (readers != NULL) & (seen["message"] != NULL)
    leaked.append(_leaked(world, readers[by_agent], seen["message"][by_agent]))
    yield from _by_pair(world, "I12", np.concatenate(leaked), "leaked")
    of_agents = links["agent"] != NULL
    owner, local = links["agent"][of_agents], links["local"][of_agents]
    several = np.isin(local, repeated(local))
    _, local = apart(np.unique(pairs(owner[several], local[several])))
    for shared in repeated(local):
        yield Violation("I12", ("id", world.names(shared)), "leaked")


def _leaked(world: World, agents: IntArray, messages: IntArray) -> LongArray:
    parts = [slice(begin, begin + ROWS_AT_ONCE) for begin in range(0, len(agents), ROWS_AT_ONCE)]
    leaked = np.concatenate([~world.allowed(agents[part], messages[part]) for part in parts] or [np.zeros(0, np.bool_)])
    return pairs(agents[leaked], messages[leaked])


def _by_pair(world: World, invariant: str, paired: LongArray, direction: str) -> Iterator[Violation]:
    for agent, message in zip(*apart(np.unique(paired)), strict=True):
        yield Violation(invariant, (world.names(agent), world.names(message)), direction)
