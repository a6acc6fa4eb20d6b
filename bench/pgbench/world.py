"""The world in which messages are replayed: one channel a client, the same agents in all of them. Pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property

from bench.streams import Stream, generator
from workloads.model import Model
from workloads.operations import (
    AddAgent,
    ChannelKind,
    Context,
    CreateChannel,
    CreateServer,
    Join,
    Member,
    Role,
    Send,
    Write,
)

_SPACE = uuid.UUID("7d0f1a52-0a43-4d8e-9d20-5a4c6a6f7b11")
_START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z; any fixed time does
_FIRST_SEND_MS = _START_MS + 60_000
_SOURCE = "replay"
_WORDS_MIN, _WORDS_MAX = 5, 40
_TEXT = (
    "the build is green again on main after we moved cache keys out of workers so please try your branch once more and tell me"
    " what it says about tests that were slow last week because nobody knows why yet but there is a theory with the second disk"
)


@dataclass(frozen=True, slots=True)
class Post:
    """A message of a client, with what a design is told of it."""

    operation: Send
    context: Context


class World:
    """`counts` says how many messages each client sends, the busiest first; a client has a channel of its own."""

    def __init__(self, counts: tuple[int, ...], agents: int, seed: int) -> None:
        self.counts = counts
        self._agents = agents
        self._seed = seed

    @property
    def setup(self) -> tuple[Write, ...]:
        """What is there before: server, channels, members, and a message in each channel, so that everybody is known."""
        server = str(uuid.uuid5(_SPACE, "server"))
        agents = [
            AddAgent(f"agent-{n}", _START_MS + n, server, str(uuid.uuid5(_SPACE, f"agent-{n}")), f"agent {n}")
            for n in range(self._agents)
        ]
        found: list[Write] = [CreateServer("server", _START_MS, server, "replay", _SOURCE), *agents]
        for client in range(len(self.counts)):
            channel, user = _channel(client), Member(_user(client), Role.USER)
            members = [*(Member(agent.agent_id, Role.AGENT) for agent in agents), user]
            found.append(CreateChannel(f"open-{client}", _START_MS, channel, server, channel, ChannelKind.PUBLIC, _SOURCE))
            found += [Join(f"join-{client}-{n}", _START_MS + 1 + n, channel, member) for n, member in enumerate(members)]
            found.append(Send(f"first-{client}", _FIRST_SEND_MS - 1, channel, user.id, "hello", _SOURCE))
        return tuple(found)

    @cached_property
    def posts(self) -> tuple[tuple[Post, ...], ...]:
        """The messages of each client, in order; what a client sends does not depend on how many others there are."""
        model = self.model(())
        found = []
        for client, count in enumerate(self.counts):
            posts = []
            for operation in self._sends(client, count):
                context = model.context(operation)
                model.apply(operation, context)
                posts.append(Post(operation, context))
            found.append(tuple(posts))
        return tuple(found)

    def model(self, sent: tuple[int, ...]) -> Model:
        """What must be stored once each client has sent so many of its messages; clients beyond these sent none."""
        model = Model()
        for write in self.setup:
            model.apply(write, model.context(write))
        for client, count in enumerate(sent):
            for post in self.posts[client][:count]:
                model.apply(post.operation, post.context)
        return model

    def _sends(self, client: int, count: int) -> list[Send]:
        rng = generator(self._seed, Stream.PGBENCH_WORLD, client)
        words = _TEXT.split()
        return [
            Send(
                f"message-{client}-{n}",
                _FIRST_SEND_MS + n,
                _channel(client),
                _user(client),
                " ".join(rng.choice(words, size=int(rng.integers(_WORDS_MIN, _WORDS_MAX + 1)))),
                _SOURCE,
                metadata={"client": "web", "place": n},
            )
            for n in range(count)
        ]


def _channel(client: int) -> str:
    return f"channel-{client}"


def _user(client: int) -> str:
    return f"user-{client}"
