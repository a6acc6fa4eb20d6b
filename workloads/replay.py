"""A trace as a workload: each row a message, with agents that listen, read and answer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workloads.agent_rule import AgentRule
from workloads.clock import ChannelClocks
from workloads.errors import InputError
from workloads.ids import named_id
from workloads.laws import agent_bytes
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Join,
    LatestPage,
    Member,
    Operation,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)
from workloads.text import Corpus, corpus, metadata
from workloads.trace import Trace
from workloads.workload import Workload

EPOCH_MS = 1_451_606_400_000
"""2016-01-01T00:00:00Z stands for the trace's origin."""
SOURCE = "trace"
SERVER_ID = named_id("server-1")
METADATA_VARIETY = 512


def replay(
    trace: Trace,
    agents: AgentRule,
    reply_probability: float,
    seed: int,
    reads: bool = True,
    *,
    rows: int | None = None,
    name: str = "replay",
) -> Workload:
    """The messages of a trace as operations, in its order; of `rows` only the first ones, with the agents that the whole gives.

    One server. A room is created, and its agents join, at its first row; a user joins at its first message in a room.
    Each row is a message of exactly its length (1 byte when it says 0), followed by a read of the room's latest page.
    After a user's message each agent of the room answers with `reply_probability`, and recalls its context before it
    does; what makes an agent stay silent is not modelled, and reads nothing. A row of an automated account is a reply
    of the room's first agent to the row's `reply_to`, or else to the room's last message; nobody answers it. In a
    room without agents, and as a room's first row, it is a message of its account. Without `reads` nothing is read.
    `parameters` counts what was changed.
    """
    if not (math.isfinite(reply_probability) and 0 <= reply_probability <= 1):
        raise InputError(f"reply probability is {reply_probability}: give a number from 0 to 1")
    if seed < 0:
        raise InputError(f"seed is {seed}: give a whole number from 0")
    plan = _plan(trace, rows, agents, reply_probability, seed, reads)
    return Workload(name, _parameters(plan, agents), lambda: _setup(plan), lambda: _Replay(plan).operations())


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What is known before the first operation."""

    trace: Trace
    rows_of_window: int
    agents_of_room: dict[int, int]
    as_reply: NDArray[np.bool_]
    reply_probability: float
    seed: int
    reads: bool

    @property
    def agents(self) -> list[str]:
        """Names of all agents; a room with k agents has the first k."""
        return [f"agent-{number + 1}" for number in range(max(self.agents_of_room.values()))]


def _plan(whole: Trace, rows: int | None, agents: AgentRule, reply_probability: float, seed: int, reads: bool) -> _Plan:
    rooms, firsts, sizes = np.unique(whole.ch, return_index=True, return_counts=True)
    agents_of_room = agents.agents_per_room(dict(zip(rooms.tolist(), sizes.tolist(), strict=True)))
    trace = whole if rows is None else whole.first(rows)
    firsts = firsts[firsts < len(trace)]
    has_agent = np.array([agents_of_room[room] > 0 for room in trace.ch.tolist()])
    is_first = np.zeros(len(trace), dtype=np.bool_)
    is_first[firsts] = True
    return _Plan(
        trace=trace,
        rows_of_window=len(whole),
        agents_of_room=agents_of_room,
        as_reply=trace.bot & has_agent & ~is_first,
        reply_probability=reply_probability,
        seed=seed,
        reads=reads,
    )


def _parameters(plan: _Plan, agents: AgentRule) -> dict[str, object]:
    trace = plan.trace
    return {
        "trace": trace.name,
        "window": None if trace.window is None else str(trace.window),
        "agents": agents.text,
        "reply_probability": plan.reply_probability,
        "seed": plan.seed,
        "reads": plan.reads,
        "rows": len(trace),
        "rows_of_window": plan.rows_of_window,
        "rooms": len(np.unique(trace.ch)),
        "empty_texts_made_one_byte": int(np.count_nonzero(trace.text_bytes == 0)),
        "reply_links_kept": int(np.count_nonzero(trace.reply_to >= 0)),
        "reply_links_dropped_before_window": trace.replies_before_window,
        "bot_rows_as_replies": int(np.count_nonzero(plan.as_reply)),
        "bot_rows_as_sends": int(np.count_nonzero(trace.bot & ~plan.as_reply)),
    }


def _setup(plan: _Plan) -> Iterator[Write]:
    yield CreateServer("create-server", EPOCH_MS, SERVER_ID, "replay", SOURCE, "server-1", {"trace": plan.trace.name})
    for agent in plan.agents:
        yield AddAgent(f"add-{agent}", EPOCH_MS, SERVER_ID, named_id(agent), agent)


@dataclass(slots=True)
class _Room:
    """What a replay remembers of a room."""

    id: str
    agents: list[str]
    users: set[int] = field(default_factory=set)
    last_key: str = ""


class _Replay:
    """One pass over a plan; `operations` may be asked for once."""

    def __init__(self, plan: _Plan) -> None:
        lengths_seed, chance_seed, text_seed = np.random.SeedSequence(plan.seed).spawn(3)
        text_rng = _generator(text_seed)
        self._plan = plan
        self._lengths = _generator(lengths_seed)
        self._chance = _generator(chance_seed)
        self._corpus: Corpus = corpus(text_rng)
        self._metadata = [metadata(text_rng) for _ in range(METADATA_VARIETY)]
        self._texts = 0
        self._clocks = ChannelClocks()
        self._rooms: dict[int, _Room] = {}
        self._agent_ids = {agent: named_id(agent) for agent in plan.agents}

    def operations(self) -> Iterator[Operation]:
        trace = self._plan.trace
        due_ms = EPOCH_MS + np.rint(trace.t_s * 1000).astype(np.int64)
        columns = (due_ms, trace.ch, trace.u, np.maximum(trace.text_bytes, 1), trace.reply_to, self._plan.as_reply)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for row, (due, ch, user, length_bytes, link, as_reply) in enumerate(rows, start=trace.first_row):
            room = self._rooms.get(ch)
            if room is None:
                room = _Room(f"room-{ch}", self._plan.agents[: self._plan.agents_of_room[ch]])
                self._rooms[ch] = room
                yield from self._open(room, ch, due)
            answered = None if link < 0 else f"row-{trace.first_row + link}"
            if as_reply:
                yield self._reply(room, f"row-{row}", room.agents[0], due, length_bytes, answers=answered or room.last_key)
            else:
                if user not in room.users:
                    yield self._join(room, Member(f"user-{user}", Role.USER), due)
                    room.users.add(user)
                yield self._send(room, f"row-{row}", user, due, length_bytes, in_reply_to=answered)
            if self._plan.reads:
                yield LatestPage(room.id)
            if not trace.bot[row - trace.first_row]:
                yield from self._consider(room, f"row-{row}", due)

    def _open(self, room: _Room, ch: int, due_ms: int) -> Iterator[Operation]:
        yield CreateChannel(
            key=f"create-{room.id}",
            at_ms=self._clocks.next(room.id, due_ms),
            channel_id=room.id,
            server_id=SERVER_ID,
            name=f"Room {ch}",
            kind=ChannelKind.PUBLIC,
            source_type=SOURCE,
            source_id=str(ch),
            topic=f"What room {ch} talks about",
            metadata={"room": ch},
        )
        for agent in room.agents:
            yield self._join(room, Member(self._agent_ids[agent], Role.AGENT), due_ms)

    def _join(self, room: _Room, member: Member, due_ms: int) -> Join:
        return Join(f"join-{room.id}-{member.id}", self._clocks.next(room.id, due_ms), room.id, member)

    def _send(self, room: _Room, key: str, user: int, due_ms: int, length_bytes: int, *, in_reply_to: str | None) -> Send:
        text, facts = self._payload(length_bytes)
        at_ms = self._clocks.next(room.id, due_ms)
        room.last_key = key
        return Send(key, at_ms, room.id, f"user-{user}", text, SOURCE, in_reply_to, facts)

    def _reply(self, room: _Room, key: str, agent: str, due_ms: int, length_bytes: int, *, answers: str) -> Reply:
        text, facts = self._payload(length_bytes)
        at_ms = self._clocks.next(room.id, due_ms)
        room.last_key = key
        return Reply(key, at_ms, room.id, self._agent_ids[agent], text, SOURCE, answers, facts)

    def _consider(self, room: _Room, message_key: str, due_ms: int) -> Iterator[Operation]:
        for agent in room.agents:
            if self._chance.random() < self._plan.reply_probability:
                if self._plan.reads:
                    yield RecallContext(self._agent_ids[agent], room.id)
                length_bytes = int(agent_bytes(1, self._lengths)[0])
                yield self._reply(room, f"{message_key}-{agent}", agent, due_ms, length_bytes, answers=message_key)

    def _payload(self, length_bytes: int) -> tuple[str, dict[str, object]]:
        # A stride that shares no factor with the corpus' words walks over all of them before it repeats one.
        self._texts += 1
        text = self._corpus.cut(self._texts * 7919, length_bytes)
        return text, self._metadata[self._texts % METADATA_VARIETY]


def _generator(seed: np.random.SeedSequence) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))
