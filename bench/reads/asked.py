"""Which reads are asked of a large world: two of each kind for their plans, and an even mix for their latency. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from bench.reads.world import START_MS, Room, World
from workloads.operations import (
    IsParticipant,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
)

KINDS: tuple[str, ...] = (
    "latest_page",
    "page_back",
    "recall_context",
    "list_channels",
    "list_participants",
    "is_participant",
    "list_servers",
)
"""Every kind of read, in the order of the tables."""

SELDOM = 3
"""Turns of all other kinds for one of the last kind."""

BUSIEST, USUAL = "busiest", "usual"


@dataclass(frozen=True, slots=True)
class Target:
    """One read, and whether it is about the busiest channel, server or agent of the world, or about a usual one."""

    kind: str
    place: str
    read: Read


def targets(world: World) -> list[Target]:
    """Two reads of each kind: planners choose by how many rows they expect."""
    last_ms = START_MS + 1_000 * world.scale.rows
    usual = next(room for room in world.rooms[len(world.rooms) // 2 :] if room.server != world.rooms[0].server)
    places = ((BUSIEST, world.rooms[0], world.rooms[0].server), (USUAL, usual, usual.server))
    return [Target(kind, place, _read(kind, room, world, server, last_ms)) for kind in KINDS for place, room, server in places]


def mix(world: World, rng: np.random.Generator) -> Iterator[Read]:
    """Reads without end, every kind in turn; channels as often as they have messages, times anywhere in the world's.

    The servers of an agent come every third turn: a design that asks server by server would take most of the time for them.
    """
    last_ms = START_MS + 1_000 * world.scale.rows
    shares = np.cumsum([room.messages for room in world.rooms])
    for turn in count():
        for kind in KINDS if turn % SELDOM == 0 else KINDS[:-1]:
            room = world.rooms[int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))]
            server = int(rng.integers(len(world.servers)))
            yield _read(kind, room, world, server, START_MS + int(rng.random() * (last_ms - START_MS)), rng)


def _read(kind: str, room: Room, world: World, server: int, before_ms: int, rng: np.random.Generator | None = None) -> Read:
    match kind:
        case "latest_page":
            return LatestPage(room.id)
        case "page_back":
            return PageBack(room.id, before_ms)
        case "recall_context":
            return RecallContext(room.agents[0], room.id)
        case "list_channels":
            return ListChannels(world.servers[server])
        case "list_participants":
            return ListParticipants(room.id)
        case "is_participant":
            # Half of the questions are about somebody who is there.
            other = world.rooms[-1] if rng is not None and rng.random() < 0.5 else room
            return IsParticipant(room.id, other.members[-1])
        case "list_servers":
            return ListServers(world.crews[server][0])
    raise ValueError(f"unknown kind {kind!r}")
