"""Worlds in which one thing grows and everything else stays as it is. Pure; the same for the same size and seed.

Along the agents, one server has a channel for each k, with the first k of its agents. Along the rows, 100 channels with one agent
each hold more and more messages, of which the first channel has a fifth. Along the channels, 10,000 messages lie in more and more
channels of one agent each, ten channels a server. Every channel with an agent has it from its beginning on, and nothing is edited,
removed or answered by an agent, so no read meets a shortfall of a design.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bench.streams import Stream, generator
from workloads import laws
from workloads.ids import named_id
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    IsParticipant,
    Join,
    LatestPage,
    ListChannels,
    ListParticipants,
    Member,
    PageBack,
    Read,
    RecallContext,
    Role,
    Send,
    Write,
)
from workloads.text import corpus, metadata

START_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z; any fixed time does
STEP_MS = 10
USERS = 5
"""People in a channel."""

ROWS_CHANNELS = 100
"""Channels that more and more messages lie in."""

CHANNELS_MESSAGES = 10_000
"""Messages that lie in more and more channels."""

CHANNELS_OF_SERVER = 10
AGENTS_OF_ROWS = 10
_TEXTS = 512
"""Different texts: enough that no page holds one twice, and few enough that a million messages share them in memory."""
_SOURCE = "generated"

SEND = "send"
READS = ("latest_page", "page_back", "recall_context", "list_channels", "list_participants", "is_participant")
"""The reads that are measured against rows and channels."""


@dataclass(frozen=True, slots=True)
class Room:
    """A channel: who is in it."""

    id: str
    server: str
    agents: tuple[str, ...]
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Rooms by size, and how many messages each room has before anything is measured."""

    rooms: Mapping[int, Sequence[Room]]
    messages: Sequence[int]
    seed: int

    @property
    def all_rooms(self) -> list[Room]:
        """Every room, those of the first size first."""
        return [room for rooms in self.rooms.values() for room in rooms]

    @property
    def stored(self) -> int:
        """Messages of all rooms together."""
        return sum(self.messages)

    def writes(self) -> Iterator[Write]:
        """Everything that makes it, in the order of its times; the same at each call."""
        clock, rooms = Clock(), self.all_rooms
        yield from self._places(rooms, clock)
        said = Speech(self.seed)
        for turn in self._turns(len(rooms)):
            yield said.send(rooms[turn], *clock.next())

    def _places(self, rooms: Sequence[Room], clock: Clock) -> Iterator[Write]:
        crews: dict[str, dict[str, None]] = {}
        for room in rooms:
            crews.setdefault(room.server, {}).update(dict.fromkeys(room.agents))
        for number, (server, crew) in enumerate(crews.items()):
            yield CreateServer(*clock.next(), server, f"Server {number}", _SOURCE, f"s{number}", {"plan": "team"})
            for agent in crew:
                yield AddAgent(*clock.next(), server, agent, f"Agent {agent[:4]}")
        for number, room in enumerate(rooms):
            yield CreateChannel(
                *clock.next(),
                room.id,
                room.server,
                f"channel {number}",
                ChannelKind.PUBLIC,
                _SOURCE,
                f"c{number}",
                f"About number {number}",
                {"position": number},
            )
            for agent in room.agents:
                yield Join(*clock.next(), room.id, Member(agent, Role.AGENT))
            for user in room.users:
                yield Join(*clock.next(), room.id, Member(user, Role.USER))

    def _turns(self, rooms: int) -> Iterator[int]:
        """Whose message comes next: everybody's first, then the rest in any order."""
        yield from (room for room in range(rooms) if self.messages[room])
        rest = np.repeat(np.arange(rooms, dtype=np.int32), [max(0, count - 1) for count in self.messages])
        yield from generator(self.seed, Stream.GROWTH_WORLD, rooms).permutation(rest).tolist()


class Clock:
    """Keys, and times that only grow."""

    def __init__(self, count: int = 0) -> None:
        self._count = count

    def next(self) -> tuple[str, int]:
        """A key and its time."""
        self._count += 1
        return f"g{self._count}", START_MS + STEP_MS * self._count


class Speech:
    """What is said, by whom: texts of real lengths, people of the room in turn."""

    def __init__(self, seed: int) -> None:
        rng = generator(seed, Stream.GROWTH_SPEECH)
        words = corpus(rng)
        self._texts = [words.cut(number * 7919, int(size)) for number, size in enumerate(laws.user_bytes(_TEXTS, rng))]
        self._facts = [metadata(rng) for _ in range(64)]
        self._count = 0

    def send(self, room: Room, key: str, at_ms: int) -> Send:
        """The next message of a room."""
        self._count += 1
        count = self._count
        author, text = room.users[count % len(room.users)], self._texts[count % len(self._texts)]
        return Send(key, at_ms, room.id, author, text, _SOURCE, None, self._facts[count % len(self._facts)])


def agents_world(ks: Sequence[int], seed: int) -> World:
    """A channel for each k; each has one message."""
    agents = tuple(named_id(f"growth agent {number}") for number in range(max(ks)))
    server = named_id("growth server")
    rooms = {k: (Room(named_id(f"growth channel {k}"), server, agents[:k], _users(k)),) for k in ks}
    return World(MappingProxyType(rooms), [1] * len(ks), seed)


def rows_world(rows: int, seed: int) -> World:
    """So many messages in a hundred channels."""
    rooms = _rooms(ROWS_CHANNELS, ROWS_CHANNELS)
    first = rows // 5
    even, left = divmod(rows - first, ROWS_CHANNELS - 1)
    counts = [first, *(even + (number < left) for number in range(ROWS_CHANNELS - 1))]
    return World(MappingProxyType({rows: rooms}), counts, seed)


def silent_world(seed: int) -> World:
    """A hundred channels in which nothing was said."""
    return World(MappingProxyType({0: _rooms(ROWS_CHANNELS, ROWS_CHANNELS)}), [0] * ROWS_CHANNELS, seed)


def channels_world(channels: int, seed: int) -> World:
    """So many channels, with the same messages among them, but at least one in each."""
    even, left = divmod(max(CHANNELS_MESSAGES, channels), channels)
    counts = [even + (number < left) for number in range(channels)]
    return World(MappingProxyType({channels: _rooms(channels, CHANNELS_OF_SERVER)}), counts, seed)


def read_of(kind: str, room: Room, before_ms: int, *, of_member: bool) -> Read:
    """A read of this kind about a room; half of the questions for a member are about somebody who is there."""
    match kind:
        case "latest_page":
            return LatestPage(room.id)
        case "page_back":
            return PageBack(room.id, before_ms)
        case "recall_context":
            return RecallContext(room.agents[0], room.id)
        case "list_channels":
            return ListChannels(room.server)
        case "list_participants":
            return ListParticipants(room.id)
        case "is_participant":
            return IsParticipant(room.id, room.users[0] if of_member else "nobody")
    raise ValueError(f"unknown kind {kind!r}")


def _rooms(count: int, of_server: int) -> tuple[Room, ...]:
    agents = tuple(named_id(f"growth agent {number}") for number in range(AGENTS_OF_ROWS))
    return tuple(
        Room(
            named_id(f"growth channel {number}"),
            named_id(f"growth server {number // of_server}"),
            (agents[number % len(agents)],),
            _users(number),
        )
        for number in range(count)
    )


def _users(room: int) -> tuple[str, ...]:
    return tuple(named_id(f"growth user {room} {number}") for number in range(USERS))
