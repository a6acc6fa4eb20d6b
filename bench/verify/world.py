"""A scripted world that asks a design for everything: each operation, each refusal, ids and texts in several scripts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from workloads.ids import named_id
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    IsParticipant,
    Join,
    LatestPage,
    Leave,
    ListChannels,
    ListParticipants,
    ListServers,
    Member,
    PageBack,
    Read,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)

HARBOUR, ATTIC, CELLAR = (named_id(f"contract server {number}") for number in (1, 2, 3))
ANN, BOB, CY = (named_id(f"contract agent {name}") for name in "abc")
AGENTS = (ANN, BOB, CY)

GENERAL = "общий канал: один"
PRIVATE = "部屋 1/2?x=%41"
DIRECT = "550e8400-e29b-41d4-a716-446655440000"
SHOUTED = "AAAAAAAA-E29B-41D4-A716-446655440000"
WHISPERED = SHOUTED.lower()
LONELY = "قناة-وحيدة"
SILENT = "silent"
VAULT = "vault"
CHANNELS = (GENERAL, PRIVATE, DIRECT, SHOUTED, WHISPERED, LONELY, SILENT, VAULT)

ZOE, DOT, MIA, TOM, UPPER = "Zoë 😀", "user.one@example.com", "123e4567-e89b-12d3-a456-426614174000", "Том", "ÅÄÖ:1 %"
TWIN = MIA.upper()
USERS = (ZOE, DOT, MIA, TOM, UPPER, TWIN)

TEXTS = (
    "plain",
    "",
    "quotes ' \" \\ and $1 %s {x}",
    "Привет, мир — ok?",
    "中文，日本語、한국어",
    "שלום \u200fעולם",
    "👩‍👩‍👧‍👦 e\u0301 é \u00a0 \u2028",
    "tab\tand\nlines\r\n",
    "x" * 5000,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One write, and whether the domain refuses it."""

    write: Write
    refused: bool = False


@dataclass(slots=True)
class Script:
    """Writes in order; each takes the next 7 ms and, unless it is given one, a key of its own. `agents` are members as agents."""

    steps: list[Step] = field(default_factory=list)
    now_ms: int = 1_500_000_000_000
    agents: Collection[str] = AGENTS

    def _next(self) -> tuple[str, int]:
        self.now_ms += 7
        return f"k{len(self.steps)}", self.now_ms

    def add(self, write: Write, *, refused: bool = False) -> None:
        self.steps.append(Step(write, refused))

    def server(self, server_id: str, *, refused: bool = False, source_id: str | None = None) -> None:
        key, at_ms = self._next()
        metadata = {"region": "Île", "nested": {"list": [1, 2.5, None, True, "ü"]}}
        self.add(CreateServer(key, at_ms, server_id, f"Server ⚓ {server_id[:4]}", "discord", source_id, metadata), refused=refused)

    def channel(
        self, channel_id: str, server_id: str, kind: ChannelKind = ChannelKind.PUBLIC, *, topic: str | None, refused: bool = False
    ) -> None:
        key, at_ms = self._next()
        source_id = None if topic is None else f"src {channel_id}"
        name = f"name of {channel_id}"
        write = CreateChannel(key, at_ms, channel_id, server_id, name, kind, "telegram", source_id, topic, {"pos": at_ms % 5})
        self.add(write, refused=refused)

    def agent(self, agent_id: str, server_id: str) -> None:
        key, at_ms = self._next()
        self.add(AddAgent(key, at_ms, server_id, agent_id, f"agent né {agent_id[:4]}"))

    def join(self, channel_id: str, *members: str, refused: bool = False) -> None:
        for member in members:
            key, at_ms = self._next()
            self.add(Join(key, at_ms, channel_id, self._member(member)), refused=refused)

    def leave(self, channel_id: str, *members: str) -> None:
        for member in members:
            key, at_ms = self._next()
            self.add(Leave(key, at_ms, channel_id, self._member(member)))

    def send(
        self, key: str, channel_id: str, author: str, text: str = "plain", answers: str | None = None, *, refused: bool = False
    ) -> None:
        _, at_ms = self._next()
        self.add(Send(key, at_ms, channel_id, author, text, "discord", answers, {"key": key, "äö": [key]}), refused=refused)

    def reply(self, key: str, channel_id: str, agent: str, answers: str, text: str = "well", *, refused: bool = False) -> None:
        _, at_ms = self._next()
        self.add(Reply(key, at_ms, channel_id, agent, text, "agent", answers, {}), refused=refused)

    def edit(self, channel_id: str, message: str, text: str, rev: int, *, refused: bool = False) -> None:
        key, at_ms = self._next()
        self.add(Edit(key, at_ms, channel_id, message, text, rev), refused=refused)

    def delete(self, channel_id: str, *messages: str) -> None:
        for message in messages:
            key, at_ms = self._next()
            self.add(Delete(key, at_ms, channel_id, message))

    def _member(self, who: str) -> Member:
        return Member(who, Role.AGENT if who in self.agents else Role.USER)


def whole_story() -> list[Step]:
    """Everything that the operations can say to a design, in one world."""
    s = Script()
    s.server(HARBOUR, source_id="guild-1")
    s.server(ATTIC)
    s.server(CELLAR, source_id="no agent goes there")
    s.server(HARBOUR, refused=True)
    s.channel(GENERAL, HARBOUR, topic="всё и все")
    s.channel(PRIVATE, HARBOUR, ChannelKind.PRIVATE, topic="内緒")
    s.channel(DIRECT, HARBOUR, ChannelKind.DIRECT, topic=None)
    s.channel(SHOUTED, ATTIC, topic="upper")
    s.channel(WHISPERED, ATTIC, topic="lower")
    s.channel(LONELY, ATTIC, topic="وحيد")
    s.channel(SILENT, ATTIC, topic=None)
    s.channel(VAULT, CELLAR, topic="no agents")
    s.channel(GENERAL, HARBOUR, topic="again", refused=True)
    _agents(s)
    _talk(s)
    _departures(s)
    _small_channels(s)
    return s.steps


def _agents(s: Script) -> None:
    for agent in (ANN, BOB):
        s.agent(agent, HARBOUR)
    s.agent(ANN, ATTIC)
    s.agent(CY, ATTIC)
    s.agent(ANN, HARBOUR)


def _talk(s: Script) -> None:
    s.join(GENERAL, ZOE, ANN, DOT, ANN, ZOE)
    for number, text in enumerate(TEXTS):
        s.send(f"g{number}", GENERAL, ZOE if number % 2 else DOT, text, f"g{number - 1}" if number % 3 == 2 else None)
    s.reply("r0", GENERAL, ANN, "g8", "ответ 👍")
    s.join(GENERAL, BOB, MIA, TWIN)
    s.send("h0", GENERAL, MIA, "both agents hear this", "r0")
    s.send("h1", GENERAL, TWIN, "the same id in capitals is somebody else")
    s.reply("r1", GENERAL, BOB, "g3", "an answer to what it never heard")
    s.reply("r2", GENERAL, ANN, "h0")
    s.send("h0", GENERAL, MIA, "sent twice", refused=True)
    s.reply("r2", GENERAL, ANN, "h0", refused=True)
    s.edit(GENERAL, "h0", "edité une fois", 1)
    s.edit(GENERAL, "h0", "und noch einmal 🙂", 2)
    s.edit(GENERAL, "h0", "overtaken", 1, refused=True)
    s.edit(GENERAL, "r2", "an agent's words, edited", 1)
    s.edit(GENERAL, "never", "unknown", 1, refused=True)
    s.delete(GENERAL, "g5", "g5", "never")
    s.edit(GENERAL, "g5", "gone", 1, refused=True)
    s.reply("r3", GENERAL, ANN, "g5", "an answer to what is gone")
    s.send("h2", GENERAL, ZOE, "also about what is gone", "g5")
    s.delete(GENERAL, "h0")


def _departures(s: Script) -> None:
    s.send("d0", GENERAL, ZOE, "before bob leaves")
    s.send("d1", GENERAL, ZOE, "also before", "d0")
    s.leave(GENERAL, BOB, BOB, TOM)
    s.send("d2", GENERAL, ZOE, "bob does not hear this", "d1")
    s.edit(GENERAL, "d0", "bob's copy follows", 1)
    s.delete(GENERAL, "d1")
    s.leave(GENERAL, ZOE)
    s.join(GENERAL, TOM, BOB, ZOE)
    s.send("d3", GENERAL, ZOE, "back again, both", "d2")
    s.reply("r4", GENERAL, BOB, "d2", "heard of it only by name")
    s.leave(GENERAL, ANN, MIA)
    s.send("d4", GENERAL, TOM, "without ann")


def _small_channels(s: Script) -> None:
    s.join(PRIVATE, ANN, BOB, UPPER)
    s.send("p0", PRIVATE, UPPER, "秘密")
    s.reply("p1", PRIVATE, BOB, "p0")
    s.reply("p2", PRIVATE, ANN, "p1")
    s.leave(PRIVATE, UPPER, ANN, BOB)
    s.edit(PRIVATE, "p0", "everybody has left", 1)
    s.join(PRIVATE, UPPER)
    s.send("p3", PRIVATE, UPPER, "back, and no agent listens", "p2")
    s.join(SILENT, CY)
    s.join(DIRECT, MIA, BOB)
    s.send("x0", DIRECT, MIA, "just the two of us")
    s.reply("x1", DIRECT, BOB, "x0")
    s.delete(DIRECT, "x0")
    for channel in (SHOUTED, WHISPERED):
        s.join(channel, CY, MIA, TWIN)
        s.send(f"{channel}-m", channel, TWIN, f"in {channel}")
    s.join(LONELY, DOT, ZOE)
    s.send("l0", LONELY, DOT, "nobody listens")
    s.send("l1", LONELY, ZOE, "echo", "l0")
    s.edit(LONELY, "l0", "still nobody", 1)
    s.join(VAULT, TOM)
    s.send("v0", VAULT, TOM, "no agent may come in here")


def all_reads(end_ms: int) -> Iterator[Read]:
    """Every read of everything in the world, and of what is not there; pages from before, amid and after it."""
    for channel in (*CHANNELS, "nowhere"):
        yield LatestPage(channel)
        yield from (LatestPage(channel, limit) for limit in (1, 3))
        yield from (PageBack(channel, end_ms - back_ms, limit) for back_ms in (-1, 100, 10**6) for limit in (1, 2, 50))
        yield ListParticipants(channel)
        yield from (IsParticipant(channel, member) for member in (*USERS, *AGENTS, "nobody"))
        yield from (RecallContext(agent, channel, limit) for agent in AGENTS for limit in (1, 2, 32))
    yield from (ListChannels(server) for server in (HARBOUR, ATTIC, CELLAR, named_id("no server")))
    yield from (ListServers(agent) for agent in (*AGENTS, named_id("no agent")))
