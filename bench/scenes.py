"""Scenes: the smallest world in which one operation of each kind makes sense, for counting it and for breaking it. Pure.

A scene has a server, a channel, agents and users of its own, so scenes in one database do not meet.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    Member,
    Reply,
    Role,
    Send,
    Write,
)

FIRST, WARM = "first", "warm"

KINDS: tuple[str, ...] = (
    "create_server",
    "create_channel",
    "add_agent",
    "join",
    "join_agent",
    "leave",
    "leave_agent",
    "send",
    "reply",
    "edit",
    "delete",
)
"""Every kind of write, in the order of a chat's life."""

HEADLINE = "send"
"""The kind by which designs are judged first; the others are told beside it."""

MESSAGES = (HEADLINE, "reply")
"""Kinds that write a message: only these have a message id of their own."""

WITHOUT_AGENTS = frozenset({"create_server", "create_channel", "add_agent"})
"""Kinds that do not depend on the agents in a channel: they exist for k = 0 only."""

NEEDING_AGENTS = frozenset({"reply", "leave_agent"})
"""Kinds that need an agent: they do not exist for k = 0."""

_SPACE = uuid.UUID("2b2ff2a5-4d62-4a0e-9c39-6f7e5a1c0f11")
_START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z; any fixed time does
_TEXT = "The build is green again, thanks to whoever fixed the flaky test on the second runner."
_METADATA: dict[str, object] = {"client": "web", "channelType": "GROUP", "mentions": [], "attachments": [], "locale": "en"}


@dataclass(frozen=True, slots=True)
class Scene:
    """`setup` comes first, unmeasured; `target` is what is counted or broken: one operation, or two for a first contact."""

    server_id: str
    channel_id: str
    setup: tuple[Write, ...]
    target: tuple[Write, ...]


def exists(kind: str, k: int, state: str) -> bool:
    """Whether there is such a scene: not every kind has a first contact, or a meaning at this k."""
    if state == FIRST:
        return kind == HEADLINE
    return not (kind in WITHOUT_AGENTS and k > 0) and not (kind in NEEDING_AGENTS and k == 0)


def scene(kind: str, k: int, state: str, name: str, home: str | None = None) -> Scene:
    """The scene of a kind with `k` agents in the channel; `name` keeps its ids apart from those of other scenes.

    Scenes of one `home` have their server and its agents in common, and nothing else; None: they have nothing in common.

    For `join_agent`, `k` agents are there before one more joins. A warm scene has a message and a reply of every author that
    the target needs; the first contact is a new user's join and message in a channel in which nothing was said.
    """
    if not exists(kind, k, state):
        raise ValueError(f"there is no scene {kind} at k = {k}, {state}")
    world = _World(name, home or name)
    server, channel, agents = world.server(), world.channel(), [world.agent(i) for i in range(k + 1)]
    user, stranger = Member(f"user-a-{name}", Role.USER), Member(f"user-b-{name}", Role.USER)
    if kind == "create_server":
        return world.scene([], [server])
    if kind == "create_channel":
        return world.scene([server], [channel])
    if kind == "add_agent":
        return world.scene([server, channel], [agents[0]])
    present = [Member(agent.agent_id, Role.AGENT) for agent in agents[:k]]
    late = Member(agents[k].agent_id, Role.AGENT)
    setup: list[Write] = [server, channel, *agents, *(world.join(agent) for agent in present)]
    if state == FIRST:
        return world.scene(setup, [world.join(stranger), world.send(stranger)])
    opening = world.join(user), world.send(user)
    setup += opening
    setup += [world.reply(agent, opening[1].key) for agent in present]
    last = world.send(user)
    match kind:
        case "send":
            return world.scene(setup, [last])
        case "join":
            return world.scene(setup, [world.join(stranger)])
        case "join_agent":
            return world.scene(setup, [world.join(late)])
        case "leave":
            return world.scene(setup, [world.leave(user)])
        case "leave_agent":
            return world.scene(setup, [world.leave(present[0])])
        case "reply":
            return world.scene([*setup, last], [world.reply(present[0], last.key)])
        case "edit":
            return world.scene([*setup, last], [world.edit(last.key)])
        case "delete":
            return world.scene([*setup, last], [world.delete(last.key)])
    raise ValueError(f"unknown kind {kind!r}")


class _World:
    """Makes operations with ids of one scene and times that only grow."""

    def __init__(self, name: str, home: str) -> None:
        self._name = name
        self._home = home
        self._count = 0
        self._server_id = str(uuid.uuid5(_SPACE, f"server/{home}"))
        self._channel_id = f"channel-{name}"

    def scene(self, setup: list[Write], target: list[Write]) -> Scene:
        return Scene(self._server_id, self._channel_id, tuple(setup), tuple(target))

    def _next(self) -> tuple[str, int]:
        self._count += 1
        return f"{self._name}/{self._count}", _START_MS + self._count

    def server(self) -> CreateServer:
        key, at_ms = self._next()
        return CreateServer(key, at_ms, self._server_id, "Harbour", "discord", "guild-1", {"region": "eu"})

    def channel(self) -> CreateChannel:
        key, at_ms = self._next()
        kind, metadata = ChannelKind.PUBLIC, {"position": 3}
        return CreateChannel(
            key, at_ms, self._channel_id, self._server_id, "general", kind, "discord", "text-7", "all and sundry", metadata
        )

    def agent(self, index: int) -> AddAgent:
        key, at_ms = self._next()
        return AddAgent(key, at_ms, self._server_id, str(uuid.uuid5(_SPACE, f"agent/{self._home}/{index}")), f"agent-{index}")

    def join(self, member: Member) -> Join:
        key, at_ms = self._next()
        return Join(key, at_ms, self._channel_id, member)

    def leave(self, member: Member) -> Leave:
        key, at_ms = self._next()
        return Leave(key, at_ms, self._channel_id, member)

    def send(self, member: Member) -> Send:
        key, at_ms = self._next()
        return Send(key, at_ms, self._channel_id, member.id, _TEXT, "discord", None, _METADATA)

    def reply(self, agent: Member, answers: str) -> Reply:
        key, at_ms = self._next()
        return Reply(key, at_ms, self._channel_id, agent.id, _TEXT, "discord", answers, _METADATA)

    def edit(self, message_key: str) -> Edit:
        key, at_ms = self._next()
        return Edit(key, at_ms, self._channel_id, message_key, _TEXT.upper(), 1)

    def delete(self, message_key: str) -> Delete:
        key, at_ms = self._next()
        return Delete(key, at_ms, self._channel_id, message_key)
