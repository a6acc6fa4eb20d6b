"""What agents do: they recall, they answer after a while, or leave it; and they come and go. Pure."""

from __future__ import annotations

from collections.abc import Callable

from workloads.generation.draws import Draws, lengths, log_normals, uniforms
from workloads.generation.pending import REPLY as REPLYING
from workloads.generation.pending import US_PER_S, Pending
from workloads.generation.room import Room
from workloads.generation.rows import JOIN_AGENT, LEAVE_AGENT, RECALL_CONTEXT, REPLY, Row
from workloads.generation.spec import WorkloadSpec

CROSS_ROOM_LIMIT = 20


class Agents:
    """The agents of a world. Replies that are still being written wait in `pending`."""

    def __init__(self, spec: WorkloadSpec, draws: Draws, pending: Pending) -> None:
        self._spec, self._pending = spec, pending
        self._chance = uniforms(draws.agents)
        self._move_chance = uniforms(draws.moves)
        delay_s = log_normals(draws.delays, spec.agent_delay_median_s, spec.agent_delay_sigma)
        self._delay_s: Callable[[], float] = delay_s
        self._length = lengths(draws.agent_lengths, spec.agent_text_parts, spec.text_bytes_max)
        self._channels_of: list[list[int]] = [[] for _ in range(spec.agents)]
        self._recalls, self._recall_rest = int(spec.recalls_per_message), spec.recalls_per_message % 1
        self._mention_share, self._reply_probability = spec.mention_share, spec.reply_probability
        self._replies = 0

    def enter(self, room: Room, due_us: int, rows: list[Row]) -> None:
        """The agents of a new channel join, but those that come late; its first one never does."""
        late_share = self._spec.late_agent_share
        for place, agent in enumerate(room.agents):
            if late_share and place and self._move_chance() < late_share:
                room.late.append(agent)
            else:
                self._join(room, agent, due_us, rows)

    def move(self, room: Room, due_us: int, rows: list[Row]) -> None:
        """An agent leaves the channel or comes back, or one that is late arrives; mostly nothing of it. The last one stays."""
        spec, chance = self._spec, self._move_chance
        if room.late and chance() * spec.late_agent_messages < 1:
            agent = room.late.pop()
            if agent not in room.present:
                self._join(room, agent, due_us, rows)
        if spec.agent_leave_share and chance() < spec.agent_leave_share and room.agents and not room.direct:
            agent = room.agents[int(chance() * len(room.agents))]
            if agent not in room.present:
                self._join(room, agent, due_us, rows)
            elif len(room.present) > 1:
                room.present.remove(agent)
                rows.append((LEAVE_AGENT, room.clock(due_us), room.number, agent, 0, 0, 0))

    def consider(self, room: Room, due_us: int, target: int, wait_s: float, measured: bool, rows: list[Row]) -> None:
        """A person's message reaches the agents that are there: each recalls what was said and answers, or does not."""
        chance, present = self._chance, room.present
        if measured:
            for agent in present:
                self._recall(room, agent, rows)
        if room.direct:
            for agent in present:
                self._pending.add(due_us + int(wait_s * US_PER_S), REPLYING, room, agent, target, 1)
            return
        called = present[int(chance() * len(present))] if chance() < self._mention_share else -1
        for agent in present:
            if chance() < self._reply_probability or agent == called:
                self._pending.add(due_us + int(self._delay_s() * US_PER_S), REPLYING, room, agent, target, 1)

    def reply(self, room: Room, due_us: int, agent: int, target: int, depth: int, measured: bool, rows: list[Row]) -> int:
        """An agent says what it was writing; when it says. One that left meanwhile says nothing, which is -1."""
        if agent not in room.present:
            return -1
        self._replies += 1
        at_ms = room.clock(due_us)
        rows.append((REPLY, at_ms, room.number, agent, self._replies, target, self._length()))
        if self._spec.chain_probability and depth < self._spec.chain_depth:
            self._chain(room, due_us, agent, depth, measured, rows)
        return at_ms

    def _chain(self, room: Room, due_us: int, author: int, depth: int, measured: bool, rows: list[Row]) -> None:
        for agent in room.present:
            if agent != author:
                if measured:
                    self._recall(room, agent, rows)
                if self._chance() < self._spec.chain_probability:
                    later_us = due_us + int(self._delay_s() * US_PER_S)
                    self._pending.add(later_us, REPLYING, room, agent, -self._replies, depth + 1)

    def _recall(self, room: Room, agent: int, rows: list[Row]) -> None:
        spec = self._spec
        recall = (RECALL_CONTEXT, room.last_ms, room.number, agent, spec.recall_limit, 0, 0)
        rows += [recall] * self._recalls
        if self._recall_rest and self._chance() < self._recall_rest:
            rows.append(recall)
        if spec.cross_room_share and self._chance() < spec.cross_room_share:
            channels = self._channels_of[agent]
            other = channels[int(self._chance() * len(channels))]
            if other != room.number:
                rows.append((RECALL_CONTEXT, room.last_ms, other, agent, CROSS_ROOM_LIMIT, 0, 0))

    def _join(self, room: Room, agent: int, due_us: int, rows: list[Row]) -> None:
        room.present.append(agent)
        if self._spec.cross_room_share:
            self._channels_of[agent].append(room.number)
        rows.append((JOIN_AGENT, room.clock(due_us), room.number, agent, 0, 0, 0))
