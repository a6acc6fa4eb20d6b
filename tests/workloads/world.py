"""A small chat world for tests: a server, two agents that were added to it, and writes that each take the next millisecond."""

from __future__ import annotations

from workloads.ids import named_id
from workloads.model import Model
from workloads.operations import (
    AddAgent,
    ChannelKind,
    Context,
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

SERVER = named_id("server")
OTHER_SERVER = named_id("other server")
ADA = named_id("agent ada")
BEN = named_id("agent ben")
AGENTS = {ADA, BEN}
START_MS = 1_000


def member(who: str) -> Member:
    return Member(who, Role.AGENT if who in AGENTS else Role.USER)


class World:
    """A model with a server and two agents; `open` makes a channel, the rest is asked for by verb."""

    def __init__(self, *, peer_delivery: bool = True) -> None:
        self.model = Model(peer_delivery=peer_delivery)
        self.now_ms = START_MS
        self.do(CreateServer("s", self.now_ms, SERVER, "Home", "test", "s1", {"b": 1, "a": "\u00e9"}))
        for agent in (ADA, BEN):
            self.do(AddAgent(f"add-{agent}", self.now_ms, SERVER, agent, f"name of {agent[:4]}"))

    def next_ms(self) -> int:
        self.now_ms += 1
        return self.now_ms

    def do(self, write: Write) -> Context:
        context = self.model.context(write)
        self.model.apply(write, context)
        return context

    def open(self, *members: str, channel: str = "talk", kind: ChannelKind = ChannelKind.PUBLIC) -> CreateChannel:
        write = CreateChannel(f"open-{channel}", self.next_ms(), channel, SERVER, f"# {channel}", kind, "test", "c1", "all", {})
        self.do(write)
        for who in members:
            self.join(who, channel)
        return write

    def join(self, who: str, channel: str = "talk") -> Context:
        return self.do(Join(f"join-{self.now_ms}", self.next_ms(), channel, member(who)))

    def leave(self, who: str, channel: str = "talk") -> Context:
        return self.do(Leave(f"leave-{self.now_ms}", self.next_ms(), channel, member(who)))

    def send(self, key: str, who: str, text: str = "hi", channel: str = "talk", answers: str | None = None) -> Context:
        return self.do(Send(key, self.next_ms(), channel, who, text, "test", answers, {"k": key}))

    def reply(self, key: str, who: str, answers: str, text: str = "well", channel: str = "talk") -> Context:
        return self.do(Reply(key, self.next_ms(), channel, who, text, "test", answers, {"k": key}))

    def edit(self, key: str, text: str, rev: int, channel: str = "talk") -> Context:
        return self.do(Edit(f"edit-{self.now_ms}", self.next_ms(), channel, key, text, rev))

    def delete(self, key: str, channel: str = "talk") -> Context:
        return self.do(Delete(f"delete-{self.now_ms}", self.next_ms(), channel, key))

    def texts_of(self, agent: str) -> list[str]:
        return [str(row.text) for row in self.model.projection().a_message if row.agent == agent]
