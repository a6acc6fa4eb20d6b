"""A seeded stream of operations in one channel, in which what comes late or twice would show. Pure.

It answers, edits, deletes and lets agents come and go soon after each other, because a fault of the bus lasts for a few operations
only.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bench.scenes import WARM, scene
from workloads.operations import AddAgent, Delete, Edit, Join, Leave, Member, Reply, Role, Send, Write

AGENTS = 2
OPERATIONS = 60

_RECENT = 3
"""Edits and deletes are of one of so many newest messages."""


@dataclass(frozen=True, slots=True)
class Stream:
    """`setup` comes first, undisturbed; `operations` are what travels over the bus."""

    server_id: str
    channel_id: str
    setup: tuple[Write, ...]
    operations: tuple[Write, ...]


def stream(name: str, generator: random.Random, operations: int = OPERATIONS) -> Stream:
    """A stream with ids of its own: equal names and generators give equal streams."""
    made = scene("send", AGENTS, WARM, name)
    (first,) = made.target
    if not isinstance(first, Send):
        raise TypeError("the scene of a send has another target")
    agents = [operation.agent_id for operation in made.setup if isinstance(operation, AddAgent)][:AGENTS]
    channel = _Channel(first, agents, generator)
    return Stream(made.server_id, made.channel_id, made.setup, tuple(channel.operations(operations)))


class _Channel:
    """What was said so far, as far as the next operation depends on it."""

    def __init__(self, first: Send, agents: list[str], generator: random.Random) -> None:
        self._like = first
        self._present, self._away = list(agents), list[str]()
        self._generator = generator
        self._count = 0
        self._revs: dict[str, int] = {}

    def operations(self, number: int) -> Iterator[Write]:
        """So many operations, each a valid one after those before."""
        kinds: dict[Callable[[], Write], int] = {
            self._send: 46,
            self._reply: 18,
            self._edit: 14,
            self._delete: 12,
            self._leave: 5,
            self._join: 5,
        }
        yield self._send()
        for _ in range(number - 1):
            (kind,) = self._generator.choices(list(kinds), list(kinds.values()))
            yield kind()

    def _next(self) -> tuple[str, int]:
        self._count += 1
        return f"{self._like.key}/{self._count}", self._like.at_ms + self._count

    def _recent(self) -> str | None:
        newest = list(self._revs)[-_RECENT:]
        return self._generator.choice(newest) if newest else None

    def _send(self) -> Write:
        key, at_ms = self._next()
        self._revs[key] = 0
        return replace(self._like, key=key, at_ms=at_ms, text=f"message {self._count}")

    def _reply(self) -> Write:
        answers = self._recent()
        if answers is None or not self._present:
            return self._send()
        key, at_ms = self._next()
        self._revs[key] = 0
        like, agent = self._like, self._generator.choice(self._present)
        return Reply(key, at_ms, like.channel_id, agent, f"answer {self._count}", like.source_type, answers, like.metadata)

    def _edit(self) -> Write:
        edited = self._recent()
        if edited is None:
            return self._send()
        key, at_ms = self._next()
        self._revs[edited] += 1
        return Edit(key, at_ms, self._like.channel_id, edited, f"edit {self._count}", self._revs[edited])

    def _delete(self) -> Write:
        deleted = self._recent()
        if deleted is None:
            return self._send()
        del self._revs[deleted]
        key, at_ms = self._next()
        return Delete(key, at_ms, self._like.channel_id, deleted)

    def _leave(self) -> Write:
        if len(self._present) < 2:
            return self._send()
        agent = self._generator.choice(self._present)
        self._present.remove(agent)
        self._away.append(agent)
        key, at_ms = self._next()
        return Leave(key, at_ms, self._like.channel_id, Member(agent, Role.AGENT))

    def _join(self) -> Write:
        if not self._away:
            return self._send()
        agent = self._away.pop(0)
        self._present.append(agent)
        key, at_ms = self._next()
        return Join(key, at_ms, self._like.channel_id, Member(agent, Role.AGENT))
