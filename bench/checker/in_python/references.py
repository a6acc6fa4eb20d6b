"""I9: every reference resolves, whether a key guards it or not. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.checker.columns import NULL, WORDS, Table
from bench.checker.in_python.joining import Mask, among, at, marked, pairs
from bench.checker.in_python.world import JOINS, World
from bench.checker.violation import Violation

_KEYS = {
    "c_channel": ("channel",),
    "c_agent": ("server", "agent"),
    "c_member": ("channel", "member"),
    "c_message": ("message",),
    "a_server": ("agent", "server"),
    "a_channel": ("agent", "channel"),
    "a_member": ("agent", "channel", "member"),
    "a_message": ("agent", "message"),
}
"""What tells a row of a relation in a violation."""


def references(world: World) -> Iterator[Violation]:
    """I9, by the columns that point somewhere, then by the links of answers."""
    columns, size = world.columns, len(world.columns.names)
    servers, channels = marked(columns.c_server["server"], size), marked(columns.c_channel["channel"], size)
    agents = marked(columns.c_agent["agent"], size)
    people = agents | marked(columns.c_member["member"], size) | _ever_joined(world)
    for relation, column, there in (
        ("c_channel", "server", servers),
        ("c_agent", "server", servers),
        ("c_member", "channel", channels),
        ("c_message", "channel", channels),
        ("c_message", "author", people),
        ("a_server", "server", servers),
        ("a_server", "agent", agents),
        ("a_channel", "channel", channels),
        ("a_channel", "agent", agents),
        ("a_member", "channel", channels),
        ("a_member", "agent", agents),
        ("a_message", "channel", channels),
        ("a_message", "author", people),
        ("a_message", "agent", agents),
    ):
        pointed = columns.table(relation)[column]
        yield from _broken(world, relation, column, (pointed != NULL) & ~at(there, pointed, True), "dangling")
    yield from _central_answers(world)
    yield from _answers_of_copies(world)


def _ever_joined(world: World) -> Mask:
    history = world.columns.history
    joined = np.isin(history["f"], JOINS) & (history["told"] != WORDS["fail"])
    return marked(history["member"][joined], len(world.columns.names))


def _central_answers(world: World) -> Iterator[Violation]:
    central = world.columns.c_message
    link = central["reply_to"]
    dangling = (link != NULL) & ~world.is_central(link)
    yield from _broken(world, "c_message", "reply_to", dangling, "dangling")
    answered = _answered(world, central)
    there = at(world.in_central & ~world.may_be_deleted, answered, False)
    yield from _broken(world, "c_message", "reply_to", there & ~dangling & (world.owners(link) != answered), "unlinked")


def _answers_of_copies(world: World) -> Iterator[Violation]:
    copies = world.columns.a_message
    link, linked = copies["reply_to"], copies["message"] != NULL
    known = pairs(copies["agent"][linked], copies["message"][linked])
    dangling = link != NULL
    dangling[dangling] = ~among(pairs(copies["agent"][dangling], link[dangling]), known)
    yield from _broken(world, "a_message", "reply_to", dangling, "dangling")
    answered = _answered(world, copies)
    lacks = (link == NULL) & at(world.in_central & ~world.may_be_deleted, answered, False)
    owners = world.owners(copies["message"])
    held = (owners != NULL) & world.is_central(copies["message"])
    lacks[lacks] = among(pairs(copies["agent"][lacks], answered[lacks]), pairs(copies["agent"][held], owners[held]))
    yield from _broken(world, "a_message", "reply_to", lacks, "unlinked")


def _answered(world: World, table: Table) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """For each message the operation that it answers, NULL without one."""
    history, owners = world.columns.history, world.owners(table["message"])
    is_message = np.isin(at(history["f"], owners, NULL), (WORDS["send"], WORDS["reply"]))
    targets = np.where(is_message, at(history["target"], owners, NULL), NULL)
    return at(world.row_of_op, targets, NULL)


def _broken(world: World, relation: str, column: str, broken: Mask, direction: str) -> Iterator[Violation]:
    table = world.columns.table(relation)
    for row in np.flatnonzero(broken):
        thing = tuple(world.names(table[part][row]) for part in _KEYS[relation])
        yield Violation("I9", (relation, *thing, column), direction)
