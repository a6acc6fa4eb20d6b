"""A large chat world, for reads: made of operations, the same for the same size and seed. Pure.

Sizes are skewed as chats are: one channel has a fifth of all messages and a fiftieth of all memberships, one server a twentieth of
the channels, one agent is in a twentieth of the servers, and most others have little. Every channel has an agent from its
beginning on and nothing is edited, removed or answered by an agent, so no read of it meets a shortfall of a design, and all
designs do the same work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.errors import UserError
from bench.streams import Stream, generator
from workloads import laws
from workloads.ids import named_id
from workloads.operations import AddAgent, ChannelKind, CreateChannel, CreateServer, Join, Member, Role, Send, Write
from workloads.text import corpus, metadata

ROWS_MIN, ROWS_MAX = 1_000, 10_000_000
START_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z; any fixed time does
STEP_MS = 10
AGENTS_PER_SERVER = 5
SPEAKERS_MAX = 20
"""Members of a channel who ever speak; all others listen, as in most public channels (assumed)."""
REPLY_SHARE = 0.26
"""Messages that answer one of the channel's last eight; the share is that of `workloads.generation.spec`."""
_SOURCE = "generated"
_METADATA_VARIETY = 64
_RECENT = 8


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a world is: `rows` messages, as many memberships of people, and the rest in proportion.

    Raises `UserError` for a size that is none.
    """

    rows: int

    def __post_init__(self) -> None:
        if not ROWS_MIN <= self.rows <= ROWS_MAX:
            raise UserError(f"rows {self.rows}: give a number from {ROWS_MIN} to {ROWS_MAX}")

    @property
    def channels(self) -> int:
        """Channels."""
        return self.rows // 10

    @property
    def servers(self) -> int:
        """Servers, each with five agents."""
        return self.rows // 50

    @property
    def agents(self) -> int:
        """Agents."""
        return self.rows // 100

    @property
    def users(self) -> int:
        """People."""
        return self.rows // 5


@dataclass(frozen=True, slots=True)
class Room:
    """A channel of the world: who is in it, and how many messages it has. The first speakers of `members` speak."""

    id: str
    server: int
    agents: tuple[str, ...]
    members: tuple[str, ...]
    messages: int


@dataclass(frozen=True, slots=True)
class World:
    """The ids of everything in it; `crews` are the agents of each server."""

    scale: Scale
    seed: int
    servers: tuple[str, ...]
    crews: tuple[tuple[str, ...], ...]
    rooms: tuple[Room, ...]

    def writes(self) -> Iterator[Write]:
        """Everything that makes it, in the order of its times; the same at each call."""
        rng = generator(self.seed, Stream.READS_WRITES, self.scale.rows)
        clock = _Clock()
        for number, (server, crew) in enumerate(zip(self.servers, self.crews, strict=True)):
            yield CreateServer(*clock.next(), server, f"Server {number}", _SOURCE, f"s{number}", {"plan": "team"})
            for agent in crew:
                yield AddAgent(*clock.next(), server, agent, f"Agent {agent[:4]}")
        for number, room in enumerate(self.rooms):
            yield from self._open(number, room, clock)
        yield from self._talk(rng, clock)

    def _open(self, number: int, room: Room, clock: _Clock) -> Iterator[Write]:
        yield CreateChannel(
            *clock.next(),
            room.id,
            self.servers[room.server],
            f"channel {number}",
            ChannelKind.PUBLIC,
            _SOURCE,
            f"c{number}",
            f"About number {number}",
            {"position": number},
        )
        for agent in room.agents:
            yield Join(*clock.next(), room.id, Member(agent, Role.AGENT))
        for member in room.members:
            yield Join(*clock.next(), room.id, Member(member, Role.USER))

    def _talk(self, rng: np.random.Generator, clock: _Clock) -> Iterator[Write]:
        turns = rng.permutation(np.repeat(np.arange(len(self.rooms)), [room.messages for room in self.rooms]))
        lengths_bytes = laws.user_bytes(len(turns), rng)
        authors, answering = rng.random(len(turns)), rng.random(len(turns)) < REPLY_SHARE
        words = corpus(rng)
        facts = [metadata(rng) for _ in range(_METADATA_VARIETY)]
        recent: list[deque[str]] = [deque(maxlen=_RECENT) for _ in self.rooms]
        for count, turn in enumerate(turns.tolist()):
            room = self.rooms[turn]
            key, at_ms = clock.next()
            author = room.members[int(authors[count] * min(len(room.members), SPEAKERS_MAX))]
            earlier = recent[turn]
            answered = earlier[count % len(earlier)] if answering[count] and earlier else None
            text = words.cut(count * 7919, int(lengths_bytes[count]))
            yield Send(key, at_ms, room.id, author, text, _SOURCE, answered, facts[count % _METADATA_VARIETY])
            earlier.append(key)


class _Clock:
    """Keys, and times that only grow."""

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> tuple[str, int]:
        self._count += 1
        return f"w{self._count}", START_MS + STEP_MS * self._count


def world(scale: Scale, seed: int) -> World:
    """The world of this size and seed."""
    rng = generator(seed, Stream.READS_WORLD, scale.rows)
    servers = tuple(named_id(f"server-{number}") for number in range(scale.servers))
    crews = tuple(_crew(number, scale.agents) for number in range(scale.servers))
    sizes, messages = _member_counts(scale, rng), _message_counts(scale, rng)
    rooms = tuple(
        _room(number, size, count, scale, crews) for number, (size, count) in enumerate(zip(sizes, messages, strict=True))
    )
    return World(scale, seed, servers, crews, rooms)


def _crew(server: int, agents: int) -> tuple[str, ...]:
    """Five agents in turn; the first agent is in every twentieth server besides."""
    numbers = [(AGENTS_PER_SERVER * server + place) % agents for place in range(AGENTS_PER_SERVER)]
    if server % 20 == 0:
        numbers[0] = 0
    return tuple(named_id(f"agent-{number}") for number in dict.fromkeys(numbers))


def _room(number: int, size: int, messages: int, scale: Scale, crews: Sequence[tuple[str, ...]]) -> Room:
    """A channel; every twentieth is of the first server. The busiest has two agents, any other one."""
    server = 0 if number % 20 == 0 else number % len(crews)
    crew = crews[server]
    agents = crew[:2] if number == 0 else (crew[number // len(crews) % len(crew)],)
    first = number * 7919
    members = tuple(named_id(f"user-{(first + place) % scale.users}") for place in range(size))
    return Room(named_id(f"channel-{number}"), server, agents, members, messages)


def _member_counts(scale: Scale, rng: np.random.Generator) -> list[int]:
    """Memberships of each channel: a fiftieth in the first, at least two in any other."""
    first = scale.rows // 50
    others = scale.channels - 1
    weights = np.exp(rng.normal(0.0, 0.8, others))
    sizes = 2 + np.floor(weights / weights.sum() * (scale.rows - first - 2 * others)).astype(np.int64)
    sizes[: scale.rows - first - int(sizes.sum())] += 1
    return [first, *sizes.tolist()]


def _message_counts(scale: Scale, rng: np.random.Generator) -> list[int]:
    """Messages of each channel: a fifth in the first, one in each, the rest by rank of activity."""
    first = scale.rows // 5
    others = scale.channels - 1
    ranks = laws.channels_of_messages(scale.rows - first - others, others, rng)
    return [first, *(1 + np.bincount(ranks, minlength=others)).tolist()]
