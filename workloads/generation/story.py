"""A generated world from its beginning to its end, as rows: one loop over what people write, with all that it brings about. Pure.

What is kept at a time is what is pending, and of each channel who is there and how many messages it had: so memory grows with
channels and users, not with the length of the story.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from workloads.agent_rule import AGENTS_MAX as AGENTS_PER_CHANNEL_MAX
from workloads.generation import pending as waiting
from workloads.generation.agents import Agents
from workloads.generation.changes import Changes
from workloads.generation.draws import Draws, uniforms
from workloads.generation.laws_of import channel_shares
from workloads.generation.pending import US_PER_S, Pending
from workloads.generation.people import People, people
from workloads.generation.readers import Readers
from workloads.generation.room import Room
from workloads.generation.rows import (
    ADD_AGENT,
    CREATE_CHANNEL,
    CREATE_SERVER,
    JOIN,
    LATEST_PAGE,
    LEAVE,
    RECALL_CONTEXT,
    REPLY,
    SEND,
    Row,
)
from workloads.generation.spec import WorkloadSpec
from workloads.laws import cumulative, ranks

ROWS_OF_PART = 16_384
RESTART_PAGE = 50
GREETING, GREETING_BYTES = 1_000_000_000, 40
"""Numbers that no message of a story has, for those with which everybody is heard before anything is measured; and their length."""

Parts = Iterator[tuple[bool, list[Row]]]


class Story:
    """One world of a seed; `parts` may be asked for once."""

    def __init__(self, spec: WorkloadSpec, seed: int) -> None:
        draws = Draws.of(seed)
        self._spec, self._seed = spec, seed
        self._rooms: dict[int, Room] = {}
        self._direct: list[int] = []
        self._pending = Pending()
        self._agents = Agents(spec, draws, self._pending)
        self._changes = Changes(spec, seed, draws, self._pending)
        self._readers = Readers(spec, draws.reads, self._direct)
        self._reader_chance = uniforms(draws.readers)
        self._keeps_times = spec.scrolls_per_message > 0 or spec.permalinks_per_message > 0
        self._time_chance = uniforms(draws.reads.spawn(1)[0])
        self._moves = spec.agent_leave_share > 0 or spec.late_agent_share > 0
        self._restart = draws.restart
        self._measured = False
        self._rows: list[Row] = []

    def parts(self) -> Parts:
        """The rows in order, each part with whether it is measured; what is not measured has no reads."""
        self._found()
        for block in people(self._spec, self._seed):
            if block.measured and not self._measured:
                yield from self._begin_measuring()
            for _ in self._told(block):
                yield self._measured, self._taken()
        if not self._measured:
            yield from self._begin_measuring()
        self._happen(math.inf)
        yield self._measured, self._taken()

    def _taken(self) -> list[Row]:
        # The list itself stays: what fills it holds it.
        rows = self._rows.copy()
        self._rows.clear()
        return rows

    def _told(self, block: People) -> Iterator[None]:
        """Everything up to the last message of a block; a halt whenever a part is full."""
        spec, rows, rooms = self._spec, self._rows, self._rooms
        heap, moves, keeps_times, time_chance = self._pending.heap, self._moves, self._keeps_times, self._time_chance
        consider, changed, read = self._agents.consider, self._changes.after, self._readers.after
        reads = self._measured and self._readers.per_message > 0
        changes = spec.edit_share > 0 or spec.delete_share > 0
        due_us = np.rint(block.t_s * US_PER_S).astype(np.int64)
        target = np.where(block.distance > 0, block.sequence - block.distance, 0)
        columns = (
            due_us,
            block.channel,
            block.user,
            block.sequence,
            target,
            block.text_bytes,
            block.wait_s,
            block.leaver,
            block.fate,
        )
        for due, channel, user, sequence, answered, text_bytes, wait_s, leaver, fate in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            if heap and heap[0][0] <= due:
                self._happen(due)
            room = rooms.get(channel) or self._open(channel, due)
            if user not in room.members:
                self._join(room, user, due)
            at_ms = room.clock(due)
            rows.append((SEND, at_ms, channel, user, sequence, answered, text_bytes))
            room.messages = sequence
            if keeps_times:
                room.posted(at_ms, time_chance())
            if reads:
                read(room, at_ms, user, rows)
            if room.present:
                consider(room, due, sequence, wait_s, self._measured, rows)
            if changes:
                changed(room, due, sequence, fate, rows)
            if leaver in room.members:
                room.members.remove(leaver)
                rows.append((LEAVE, room.clock(due), channel, leaver, 0, 0, 0))
            if moves:
                self._agents.move(room, due, rows)
            if len(rows) >= ROWS_OF_PART:
                yield
        yield

    def _happen(self, until_us: float) -> None:
        """What was pending and is due by now."""
        next_before = self._pending.next_before
        while (event := next_before(until_us)) is not None:
            due_us, _, what, room, first, second, third = event
            if what == waiting.REPLY:
                at_ms = self._agents.reply(room, due_us, first, second, third, self._measured, self._rows)
                if self._keeps_times and at_ms >= 0:
                    room.posted(at_ms, self._time_chance())
            elif what == waiting.EDIT:
                self._changes.edit(room, due_us, self._rows)
            else:
                self._changes.delete(room, due_us, first, self._rows)

    def _found(self) -> None:
        """Servers with their agents; and, where all exist beforehand, channels with their people, each of whom was heard."""
        spec, rows = self._spec, self._rows
        rows += ((CREATE_SERVER, spec.start_ms, server, 0, 0, 0, 0) for server in range(spec.servers))
        # Agents and servers are dealt out in turn, so what comes after one round of both has been there before.
        places = min(self._places(), spec.servers * max(spec.agents, 1))
        dealt = dict.fromkeys((number % spec.servers, agent) for number in range(places) for agent in self._agents_of(number))
        rows += ((ADD_AGENT, spec.start_ms, server, agent, 0, 0, 0) for server, agent in dealt)
        if spec.all_exist:
            there = {
                pair for block in people(spec, self._seed) for pair in zip(block.channel.tolist(), block.user.tolist(), strict=True)
            }
            for channel, user in sorted(there):
                room = self._rooms.get(channel) or self._open(channel, 0)
                if user not in room.members:
                    self._join(room, user, 0)
                rows.append((SEND, room.clock(0), channel, user, GREETING + user, 0, GREETING_BYTES))
            self._greet_back()

    def _greet_back(self) -> None:
        """Every agent answers once in each of its channels: who was never heard may be a row that is still to be written."""
        greeted = {row[2]: row[4] for row in reversed(self._rows) if row[0] == SEND}
        for channel, message in sorted(greeted.items()):
            room = self._rooms[channel]
            for place, agent in enumerate(room.present):
                number = GREETING + channel * AGENTS_PER_CHANNEL_MAX + place
                self._rows.append((REPLY, room.clock(0), channel, agent, number, message, GREETING_BYTES))

    def _places(self) -> int:
        """Numbers of channels that may come to be."""
        spec = self._spec
        renewed = spec.messages + spec.preload if spec.new_channel_share else 0
        return spec.channels + spec.direct_channels + spec.storm_channels + renewed

    def _agents_of(self, channel: int) -> tuple[int, ...]:
        spec = self._spec
        k = min(spec.agents_per_channel, 1) if self._is_direct(channel) else spec.agents_per_channel
        return tuple((channel + place) % spec.agents for place in range(k))

    def _is_direct(self, channel: int) -> bool:
        return 0 <= channel - self._spec.channels < self._spec.direct_channels

    def _open(self, channel: int, due_us: int) -> Room:
        direct = self._is_direct(channel)
        agents = self._agents_of(channel)
        room = Room(channel, agents, self._spec, direct=direct, newest=self._readers.remembered)
        self._rooms[channel] = room
        if direct:
            self._direct.append(channel)
        self._rows.append((CREATE_CHANNEL, room.clock(due_us), channel, room.server, 0, 0, 0))
        self._agents.enter(room, due_us, self._rows)
        return room

    def _join(self, room: Room, user: int, due_us: int) -> None:
        """Somebody joins to speak, and others with them who will only read."""
        spec, rows = self._spec, self._rows
        room.members.add(user)
        rows.append((JOIN, room.clock(due_us), room.number, user, 0, 0, 0))
        if room.direct or not spec.silent_readers:
            return
        for _ in range(int(spec.silent_readers + self._reader_chance())):
            reader = int(self._reader_chance() * spec.users)
            if reader not in room.members:
                room.members.add(reader)
                rows.append((JOIN, room.clock(due_us), room.number, reader, 0, 0, 0))

    def _begin_measuring(self) -> Parts:
        yield False, self._taken()
        self._measured = True
        if self._spec.restart_clients:
            self._restarted()

    def _restarted(self) -> None:
        """All agents recall all their channels, and people read the newest page of one, the busier the likelier."""
        spec, rows, rooms = self._spec, self._rows, self._rooms
        for room in rooms.values():
            rows += ((RECALL_CONTEXT, room.last_ms, room.number, agent, spec.recall_limit, 0, 0) for agent in room.present)
        opened = np.array(sorted(number for number in rooms if number < spec.channels), np.int64)
        if len(opened):
            shares = channel_shares(spec)[opened]
            read = opened[ranks(cumulative(shares), spec.restart_clients, self._restart)]
            rows += ((LATEST_PAGE, rooms[channel].last_ms, channel, 0, RESTART_PAGE, 0, 0) for channel in read.tolist())
