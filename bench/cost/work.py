"""What the cost trial performs: blocks of operations of one kind in a channel that is known to all. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.scenes import WARM, scene
from workloads.operations import AddAgent, Edit, LatestPage, Operation, RecallContext, Reply, Send, Write

KINDS: tuple[str, ...] = ("send", "reply", "edit", "latest_page", "recall_context")
"""The kinds whose cost is split: what a chat does most, writes before reads. Replies need an agent."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """A channel of its own: `setup` makes it, `warm_up` lets a connection meet every statement, `blocks` are measured."""

    setup: tuple[Write, ...]
    warm_up: tuple[Operation, ...]
    blocks: tuple[tuple[str, tuple[Operation, ...]], ...]


def blocks(name: str, agents: int, operations: int, warm_up: int) -> Blocks:
    """So many operations of each kind in the channel of this name, after `warm_up` of each.

    The replies answer the sends of their round, in turn by the channel's agents; the edits change these sends.
    """
    room = _Room(name, agents)
    before = [operation for _, operations_ in room.round("w", warm_up) for operation in operations_]
    return Blocks(room.setup, tuple(before), tuple(room.round("m", operations)))


def sends(name: str, agents: int, operations: int) -> tuple[tuple[Write, ...], tuple[Operation, ...]]:
    """What makes a channel, and so many sends in it."""
    room = _Room(name, agents)
    return room.setup, tuple(room.sends("m", operations))


class _Room:
    """Operations in one channel, with keys of their own and times that only grow."""

    def __init__(self, name: str, agents: int) -> None:
        made = scene("send", agents, WARM, name)
        (self._send,) = (operation for operation in made.target if isinstance(operation, Send))
        self.setup = made.setup
        self._agents = [operation.agent_id for operation in made.setup if isinstance(operation, AddAgent)][:agents]
        self._name = name
        self._at_ms = self._send.at_ms

    def round(self, prefix: str, count: int) -> Iterator[tuple[str, tuple[Operation, ...]]]:
        """A block of each kind."""
        sent = self.sends(prefix, count)
        channel = self._send.channel_id
        yield "send", tuple(sent)
        if self._agents:
            yield "reply", tuple(self._reply(place, send, prefix) for place, send in enumerate(sent))
        yield "edit", tuple(Edit(f"{send.key}e", self._next_ms(), channel, send.key, send.text.upper(), 1) for send in sent)
        yield "latest_page", (LatestPage(channel),) * count
        if self._agents:
            yield "recall_context", tuple(RecallContext(self._agents[place % len(self._agents)], channel) for place in range(count))

    def sends(self, prefix: str, count: int) -> Sequence[Send]:
        return [replace(self._send, key=f"{self._name}/{prefix}{place}", at_ms=self._next_ms()) for place in range(count)]

    def _reply(self, place: int, send: Send, prefix: str) -> Reply:
        key, agent = f"{self._name}/{prefix}{place}r", self._agents[place % len(self._agents)]
        return Reply(key, self._next_ms(), send.channel_id, agent, send.text, send.source_type, send.key, send.metadata)

    def _next_ms(self) -> int:
        self._at_ms += 1
        return self._at_ms
