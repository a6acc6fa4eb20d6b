"""I10: who is in a channel, by the central side, by the agents and by the history. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.checker.columns import CENTRAL, NULL, WORDS
from bench.checker.in_python.joining import LongArray, among, apart, pairs, repeated
from bench.checker.in_python.world import JOINS, LEAVES, World
from bench.checker.violation import Violation


def participants(world: World) -> Iterator[Violation]:
    """I10."""
    central = pairs(world.columns.c_member["channel"], world.columns.c_member["member"])
    for channel, member in zip(*apart(repeated(central)), strict=True):
        yield Violation("I10", (CENTRAL, world.names(channel), world.names(member)), "duplicate")
    yield from _against_history(world, np.unique(central))
    yield from _of_agents(world, np.unique(central))


def _against_history(world: World, central: LongArray) -> Iterator[Violation]:
    """Where the last that is known of somebody is an operation that ended ok, the central side must say the same."""
    history = world.columns.history
    moves = np.flatnonzero(
        np.isin(history["f"], JOINS + LEAVES)
        & (history["told"] != WORDS["fail"])
        & (history["channel"] != NULL)
        & (history["member"] != NULL)
    )
    who, when = pairs(history["channel"][moves], history["member"][moves]), history["at_ms"][moves]
    order = np.lexsort((history["op"][moves], when, who))
    who, moves = who[order], moves[order]
    is_last = np.append(who[1:] != who[:-1], True)[: len(who)]
    who_last, last = who[is_last], moves[is_last]
    is_join, is_ok = np.isin(history["f"][last], JOINS), history["told"][last] == WORDS["ok"]
    there = among(who_last, central)
    ever = who[np.isin(history["f"][moves], JOINS)]
    stale = np.concatenate([who_last[is_ok & ~is_join & there], central[~among(central, ever)]])
    for found, direction in ((who_last[is_ok & is_join & ~there], "lost"), (np.unique(stale), "stale")):
        for channel, member in zip(*apart(found), strict=True):
            yield Violation("I10", (CENTRAL, world.names(channel), world.names(member)), direction)


def _of_agents(world: World, central: LongArray) -> Iterator[Violation]:
    """An agent knows nobody who is not there with it, and all who wrote what it holds since they are there together."""
    members = world.columns.a_member
    agent, channel, member = members["agent"], members["channel"], members["member"]
    together = among(pairs(channel, member), central) & among(pairs(channel, agent), central)
    rooms, room = _rooms(world)
    count = len(room) - len(world.columns.a_message["agent"])
    known = pairs(room[:count], member)
    for row in np.flatnonzero(~together):
        yield Violation("I10", (world.names(agent[row]), world.names(channel[row]), world.names(member[row])), "agent-only")
    for twice in repeated(known):
        yield Violation("I10", _key(world, rooms, twice), "duplicate")
    copies = world.columns.a_message
    heard = pairs(room[count:], copies["author"])
    order = np.lexsort((copies["created_at_ms"], heard))
    heard = heard[order]
    newest = order[np.append(heard[1:] != heard[:-1], True)[: len(heard)]]
    heard = np.unique(heard)
    in_channel, author, when = copies["channel"][newest], copies["author"][newest], copies["created_at_ms"][newest]
    must = among(pairs(in_channel, author), central) & among(pairs(in_channel, copies["agent"][newest]), central)
    for somebody in (author, copies["agent"][newest]):
        must &= _moved_ms(world, pairs(in_channel, somebody)) <= when
    must &= ~among(heard, known)
    for lacking in heard[must]:
        yield Violation("I10", _key(world, rooms, lacking), "central-only")


def _rooms(world: World) -> tuple[LongArray, LongArray]:
    """Every agent with a channel, and which of these each known member, then each copy, is in."""
    members, copies = world.columns.a_member, world.columns.a_message
    rooms, room = np.unique(
        np.concatenate([pairs(members["agent"], members["channel"]), pairs(copies["agent"], copies["channel"])]),
        return_inverse=True,
    )
    return rooms, room.astype(np.int64)


def _key(world: World, rooms: LongArray, known: int) -> tuple[str, ...]:
    room, member = divmod(int(known), 2**32)
    agent, channel = divmod(int(rooms[room]), 2**32)
    return (world.names(agent), world.names(channel), world.names(member))


def _moved_ms(world: World, who: LongArray) -> LongArray:
    """When each of these last may have come to the channel, or surely left it; long ago where nothing is known."""
    history = world.columns.history
    comes = np.isin(history["f"], JOINS) & (history["told"] != WORDS["fail"])
    goes = np.isin(history["f"], LEAVES) & (history["told"] == WORDS["ok"])
    moves = np.flatnonzero((comes | goes) & (history["channel"] != NULL) & (history["member"] != NULL))
    if not len(moves):
        return np.full(len(who), np.iinfo(np.int64).min)
    movers, mover = np.unique(pairs(history["channel"][moves], history["member"][moves]), return_inverse=True)
    last = np.full(len(movers), np.iinfo(np.int64).min)
    np.maximum.at(last, mover, history["at_ms"][moves])
    at = np.minimum(np.searchsorted(movers, who), len(movers) - 1)
    return np.where(movers[at] == who, last[at], np.iinfo(np.int64).min)
