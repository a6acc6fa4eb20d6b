"""Generated workloads: a chat world that grows, talks, edits, leaves and reads, the same for the same seed.

Arrivals, channels, authors, reply targets and lengths are each a law of their own in `workloads.laws`, drawn from generators
of their own, so that one can be replaced or changed without moving the others.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from workloads import laws
from workloads.clock import ChannelClocks
from workloads.errors import InputError
from workloads.ids import named_id
from workloads.operations import (
    AddAgent,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    Member,
    Operation,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)
from workloads.parameters import GeneratorParameters
from workloads.read_mix import ReadMix
from workloads.rooms import Room, make_rooms, server_ids
from workloads.text import corpus, metadata
from workloads.workload import Workload

SOURCE = "generated"
METADATA_VARIETY = 512
NEWCOMER_TRIES = 8
RECENT_MESSAGES = 20
RECENT_SHARE = 0.9
"""Nine of ten edits and deletions hit one of the last 20 messages (assumed)."""


def generate(parameters: GeneratorParameters, seed: int, *, name: str = "generated") -> Workload:
    """A workload of these parameters; every seed from 0 gives another one, and always the same."""
    if seed < 0:
        raise InputError(f"seed is {seed}: give a whole number from 0")
    described = json.loads(json.dumps(asdict(parameters))) | {"seed": seed}
    return Workload(
        name,
        described,
        lambda: _setup(parameters, make_rooms(parameters, _Draws.of(seed).rooms)),
        lambda: _Stream(parameters, _Draws.of(seed)).operations(),
    )


@dataclass(frozen=True, slots=True)
class _Draws:
    """One generator for each concern."""

    rooms: np.random.Generator
    arrivals: np.random.Generator
    channels: np.random.Generator
    authors: np.random.Generator
    targets: np.random.Generator
    replies: np.random.Generator
    changes: np.random.Generator
    reads: np.random.Generator
    lengths: np.random.Generator
    texts: np.random.Generator

    @classmethod
    def of(cls, seed: int) -> _Draws:
        children = np.random.SeedSequence(seed).spawn(10)
        return cls(*(np.random.Generator(np.random.PCG64(child)) for child in children))


def _setup(parameters: GeneratorParameters, rooms: list[Room]) -> Iterator[Write]:
    for number, server in enumerate(server_ids(parameters)):
        yield CreateServer(
            f"create-server-{number}", parameters.start_ms, server, f"Server {number}", SOURCE, f"s{number}", {"plan": "team"}
        )
    names = {named_id(f"agent-{number}"): f"Agent {number}" for number in range(parameters.agents)}
    for server, agent in dict.fromkeys((room.server_id, agent) for room in rooms for agent in room.agents):
        yield AddAgent(f"add-{server}-{agent}", parameters.start_ms, server, agent, names[agent])


@dataclass(frozen=True, slots=True, order=True)
class _Pending:
    """A reply that an agent is still writing."""

    due_ms: int
    number: int
    room: int
    agent: str
    answers: str


class _Stream:
    """One pass over a generated workload; `operations` may be asked for once."""

    def __init__(self, parameters: GeneratorParameters, draws: _Draws) -> None:
        self._parameters = parameters
        self._draws = draws
        self._rooms = make_rooms(parameters, draws.rooms)
        self._users = [named_id(f"user-{number}") for number in range(parameters.users)]
        self._author_edges = laws.author_edges(parameters.users)
        self._newcomer_edges = laws.newcomer_edges(parameters.users)
        self._distance_edges = laws.reply_distance_edges()
        self._corpus = corpus(draws.texts)
        self._metadata = [metadata(draws.texts) for _ in range(METADATA_VARIETY)]
        self._texts = 0
        self._clocks = ChannelClocks()
        self._pending: list[_Pending] = []
        self._replies = 0
        self._moves = 0
        self._reads = ReadMix(parameters, self._users)

    def operations(self) -> Iterator[Operation]:
        parameters, draws = self._parameters, self._draws
        arrivals_ms = laws.poisson_arrivals_ms(parameters.messages, parameters.messages_per_s, draws.arrivals)
        channels = laws.channels_of_messages(parameters.messages, parameters.channels, draws.channels)
        lengths = laws.user_bytes(parameters.messages, draws.lengths)
        messages = zip((parameters.start_ms + arrivals_ms).tolist(), channels.tolist(), lengths.tolist(), strict=True)
        for number, (due_ms, channel, length_bytes) in enumerate(messages):
            while self._pending and self._pending[0].due_ms <= due_ms:
                yield from self._reply(heapq.heappop(self._pending))
            room = self._rooms[channel]
            if room.opened_ms is None:
                yield from self._open(room, due_ms)
            yield from self._send(room, f"m{number}", due_ms, length_bytes)
            yield from self._reads.after_message(room, self._clocks.last_ms[room.id], draws.reads)
            yield from self._consider(room, f"m{number}", due_ms)
            yield from self._change(room, number, due_ms)
        while self._pending:
            yield from self._reply(heapq.heappop(self._pending))

    def _open(self, room: Room, due_ms: int) -> Iterator[Operation]:
        room.opened_ms = self._clocks.next(room.id, due_ms)
        yield CreateChannel(
            key=f"create-channel-{room.number}",
            at_ms=room.opened_ms,
            channel_id=room.id,
            server_id=room.server_id,
            name=f"channel {room.number}",
            kind=room.kind,
            source_type=SOURCE,
            source_id=f"c{room.number}",
            topic=f"About number {room.number}",
            metadata={"position": room.number},
        )
        for agent in room.agents:
            yield self._join(room, Member(agent, Role.AGENT), due_ms)

    def _join(self, room: Room, member: Member, due_ms: int) -> Join:
        room.enter(member)
        return Join(self._move_key("join"), self._clocks.next(room.id, due_ms), room.id, member)

    def _leave(self, room: Room, member: Member, due_ms: int) -> Leave:
        room.exit(member)
        return Leave(self._move_key("leave"), self._clocks.next(room.id, due_ms), room.id, member)

    def _move_key(self, what: str) -> str:
        self._moves += 1
        return f"{what}-{self._moves}"

    def _send(self, room: Room, key: str, due_ms: int, length_bytes: int) -> Iterator[Operation]:
        author = self._author(room)
        if not room.has_user(author):
            yield self._join(room, Member(author, Role.USER), due_ms)
        target = self._target(room)
        text, facts = self._payload(length_bytes)
        yield Send(key, self._clocks.next(room.id, due_ms), room.id, author, text, SOURCE, target, facts)
        room.posted(key)

    def _author(self, room: Room) -> str:
        rng = self._draws.authors
        may_join = len(room.users) < room.users_max
        if not room.users or (may_join and rng.random() < self._parameters.first_contact_share):
            for _ in range(NEWCOMER_TRIES):
                newcomer = self._users[laws.draw(self._newcomer_edges, len(self._users), rng)]
                if not room.has_user(newcomer):
                    return newcomer
        return room.users[laws.draw(self._author_edges, len(room.users), rng)]

    def _target(self, room: Room) -> str | None:
        rng = self._draws.targets
        if not room.history or rng.random() >= self._parameters.in_reply_to_share:
            return None
        return room.history[-1 - laws.draw(self._distance_edges, len(room.history), rng)]

    def _consider(self, room: Room, key: str, due_ms: int) -> Iterator[Operation]:
        rng = self._draws.replies
        for agent in room.present:
            for _ in range(self._parameters.recalls_per_consideration):
                yield RecallContext(agent, room.id)
            if rng.random() < self._parameters.reply_probability:
                self._replies += 1
                reply_due_ms = due_ms + int(laws.agent_latency_ms(1, rng)[0])
                heapq.heappush(self._pending, _Pending(reply_due_ms, self._replies, room.number, agent, key))

    def _reply(self, pending: _Pending) -> Iterator[Operation]:
        room = self._rooms[pending.room]
        # An agent that left while it was writing says nothing.
        if pending.agent in room.present:
            key = f"r{pending.number}"
            text, facts = self._payload(int(laws.agent_bytes(1, self._draws.lengths)[0]))
            at_ms = self._clocks.next(room.id, pending.due_ms)
            yield Reply(key, at_ms, room.id, pending.agent, text, SOURCE, pending.answers, facts)
            room.posted(key)

    def _change(self, room: Room, number: int, due_ms: int) -> Iterator[Operation]:
        """What may befall a channel after a message: an edit, a deletion, a user who leaves, an agent that goes or returns."""
        parameters, rng = self._parameters, self._draws.changes
        edits, deletes, leaves, agent_moves = (rng.random(4) < self._change_shares(parameters)).tolist()
        if edits and room.alive:
            key = room.alive[self._recent(room)]
            room.edits[key] = room.edits.get(key, 0) + 1
            text = self._payload(int(laws.user_bytes(1, rng)[0]))[0]
            yield Edit(f"edit-{number}", self._clocks.next(room.id, due_ms), room.id, key, text, room.edits[key])
        if deletes and room.alive:
            key = room.alive.pop(self._recent(room))
            yield Delete(f"delete-{number}", self._clocks.next(room.id, due_ms), room.id, key)
        if leaves and room.users:
            user = room.users[int(rng.random() * len(room.users))]
            yield self._leave(room, Member(user, Role.USER), due_ms)
        if agent_moves and room.agents:
            agent = room.agents[int(rng.random() * len(room.agents))]
            move = self._leave if agent in room.present else self._join
            yield move(room, Member(agent, Role.AGENT), due_ms)

    @staticmethod
    def _change_shares(parameters: GeneratorParameters) -> list[float]:
        return [parameters.edit_share, parameters.delete_share, parameters.leave_share, parameters.agent_leave_share]

    def _recent(self, room: Room) -> int:
        rng = self._draws.changes
        among = min(len(room.alive), RECENT_MESSAGES) if rng.random() < RECENT_SHARE else len(room.alive)
        return len(room.alive) - 1 - int(rng.random() * among)

    def _payload(self, length_bytes: int) -> tuple[str, dict[str, object]]:
        self._texts += 1
        return self._corpus.cut(self._texts * 7919, length_bytes), self._metadata[self._texts % METADATA_VARIETY]
