"""I5 and I15: what copies say, and whether edits and deletes reached everything. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.checker.columns import CENTRAL, NULL, IntArray
from bench.checker.in_python.joining import Mask
from bench.checker.in_python.world import World
from bench.checker.violation import Violation


def content_agreement(world: World) -> Iterator[Violation]:
    """I5. What an edit that ended ok did not reach is I15's; a link that is gone is I9's."""
    central, copies = world.columns.c_message, world.columns.a_message
    for layer in world.layers:
        there = layer[world.copied]
        held = np.flatnonzero((world.copied != NULL) & (there != NULL))
        there = there[held]
        for column in ("channel", "author"):
            yield from _altered(world, held[copies[column][held] != central[column][there]], column)
        content = copies["content"][held] != central["content"][there]
        is_stale = _stale(world, copies["rev"], world.copied, held[content])
        content[content] = ~is_stale & ~_stale(world, central["rev"], central["message"], there[content])
        yield from _altered(world, held[content], "content")
        link, wanted = copies["reply_to"][held], central["reply_to"][there]
        other = (link != NULL) & (link != wanted)
        other[other] = (wanted[other] != NULL) | world.is_central(link[other])
        yield from _altered(world, held[other], "reply_to")


def _altered(world: World, rows: IntArray, column: str) -> Iterator[Violation]:
    copies = world.columns.a_message
    for row in rows:
        yield Violation("I5", (world.names(copies["agent"][row]), world.names(world.copied[row]), column), "altered")


def _stale(world: World, revs: IntArray, messages: IntArray, rows: IntArray) -> Mask:
    """Which of these rows are older than an edit that ended ok."""
    edited_to = world.of_message(world.edited_to, messages[rows])
    stale: Mask = (edited_to > 0) & (revs[rows] < edited_to)
    return stale


def edits_and_deletes(world: World) -> Iterator[Violation]:
    """I15."""
    central, copies = world.columns.c_message, world.columns.a_message
    for revs, messages, agents in ((central["rev"], central["message"], None), (copies["rev"], world.copied, copies["agent"])):
        deleted = world.of_message(world.is_deleted, messages).astype(np.bool_)
        stale = _stale(world, revs, messages, np.arange(len(messages))) & ~deleted
        for rows, direction in ((np.flatnonzero(deleted), "resurrected"), (np.flatnonzero(stale), "stale")):
            for row in rows:
                holder = CENTRAL if agents is None else world.names(agents[row])
                yield Violation("I15", (holder, world.names(messages[row])), direction)
