"""Random stories: sequences of writes that the rules allow, and such as every design must refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from bench.verify.awkward import AGENTS, BASES, DOCUMENT, FAMILIES, TEXT, cut
from workloads.ids import named_id
from workloads.model import Model, Refused
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
from workloads.validate import ID_BYTES_MAX

SERVERS = [named_id(f"story server {number}") for number in range(2)]
VERBS = (
    *("channel", "server", "agent", "join", "join", "leave", "leave", "back"),
    *("send", "send", "send", "send", "reply", "reply"),
    *("edit", "edit", "edit", "delete", "delete", "again"),
)
START_MS = 1_000_000
UNKNOWN = 11
"""The number that chooses a message that was never sent."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One wish: a verb and numbers that choose among what is there."""

    verb: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: texts and documents, given out in turn, and how the keys of operations begin."""

    texts: Sequence[str]
    documents: Sequence[Mapping[str, object]]
    key: str


CUES = st.lists(st.builds(Cue, st.sampled_from(VERBS), st.integers(0, 11), st.integers(0, 11)), min_size=20, max_size=60)
WORDS = st.builds(
    Words,
    st.lists(TEXT, min_size=3, max_size=3),
    st.lists(DOCUMENT, min_size=2, max_size=2),
    BASES | BASES.map(lambda base: base * ID_BYTES_MAX),
)


@dataclass(frozen=True, slots=True)
class Story:
    """The writes, in order, with all that reads can ask for."""

    writes: tuple[Write, ...]
    channels: Sequence[str]
    users: Sequence[str]

    def reads(self) -> Iterator[Read]:
        """Every read of everything in the story."""
        middle_ms = START_MS + len(self.writes) // 2
        for channel in self.channels:
            yield LatestPage(channel, 2)
            yield PageBack(channel, middle_ms, 1)
            yield ListParticipants(channel)
            yield from (IsParticipant(channel, member) for member in (*self.users, AGENTS[0]))
            yield from (RecallContext(agent, channel, 3) for agent in AGENTS)
        yield from (ListChannels(server) for server in SERVERS)
        yield from (ListServers(agent) for agent in AGENTS)


def told(channels: Sequence[str], users: Sequence[str], words: Words, cues: Sequence[Cue]) -> Story:
    """The story that the cues make: what the model takes, and what the model and every design refuse."""
    teller = _Teller(channels, users, words)
    for cue in cues:
        teller.follow(cue)
    return Story(tuple(teller.writes), channels, users)


STORIES = st.builds(told, FAMILIES, FAMILIES, WORDS, CUES)


class _Teller:
    def __init__(self, channels: Sequence[str], users: Sequence[str], words: Words) -> None:
        self.channels = channels
        self.users = users
        self.words = words
        self.model = Model()
        self.writes: list[Write] = []
        self.messages: dict[str, Send | Reply] = {}
        self.revisions: dict[str, int] = {}
        self.deleted: set[str] = set()
        self.gone: list[Leave] = []
        for server in SERVERS:
            self._offer(CreateServer(*self._next(), server, "home", "test", None, {}))
        for agent in AGENTS[:2]:
            self._offer(AddAgent(*self._next(), SERVERS[0], agent, f"agent {agent[:4]}"))
        for number, channel in enumerate(channels[:2]):
            self._offer(CreateChannel(*self._next(), channel, SERVERS[0], "talk", list(ChannelKind)[number], "test"))
        for member in (Member(users[0], Role.USER), Member(AGENTS[0], Role.AGENT), Member(users[1], Role.USER)):
            self._offer(Join(*self._next(), channels[0], member))

    def _next(self) -> tuple[str, int]:
        number = str(len(self.writes))
        return cut(self.words.key, ID_BYTES_MAX - len(number)) + number, START_MS + len(self.writes)

    def _offer(self, write: Write, *, must_be_refused: bool = False) -> bool:
        """Keep a write that the model takes, or that it and every design refuse; leave out any other."""
        try:
            self.model.apply(write, self.model.context(write))
        except Refused:
            if must_be_refused:
                self.writes.append(write)
            return False
        self.writes.append(write)
        return True

    def follow(self, cue: Cue) -> None:
        key, at_ms = self._next()
        said = self.words.texts[at_ms % len(self.words.texts)]
        facts = self.words.documents[at_ms % len(self.words.documents)]
        match cue.verb:
            case "channel" | "server" | "agent":
                self._make(cue, key, at_ms, said, facts)
            case "join" | "leave" | "back":
                self._move(cue, key, at_ms)
            case "send" | "reply":
                self._speak(cue, key, at_ms, said, facts)
            case _:
                self._change(cue, key, at_ms, said)

    def _make(self, cue: Cue, key: str, at_ms: int, said: str, facts: Mapping[str, object]) -> None:
        channel, server = self._channel(cue), SERVERS[cue.second % len(SERVERS)]
        match cue.verb:
            case "channel":
                kind, topic = list(ChannelKind)[cue.second % 3], said if cue.first % 3 else None
                write = CreateChannel(key, at_ms, channel, server, said, kind, said, topic, topic, facts)
                self._offer(write, must_be_refused=True)
            case "server":
                self._offer(CreateServer(key, at_ms, server, said, "test", None, facts), must_be_refused=True)
            case "agent":
                self._offer(AddAgent(key, at_ms, server, AGENTS[cue.first % len(AGENTS)], said))

    def _move(self, cue: Cue, key: str, at_ms: int) -> None:
        channel = self._channel(cue)
        members = [*(Member(who, Role.USER) for who in self.users), *(Member(who, Role.AGENT) for who in AGENTS)]
        member = members[cue.second % len(members)]
        match cue.verb:
            case "join":
                self._offer(Join(key, at_ms, channel, member))
            case "back" if self.gone:
                left = self.gone[cue.first % len(self.gone)]
                self._offer(Join(key, at_ms, left.channel_id, left.member))
            case "leave":
                there = self._present(channel, member.role, cue.second)
                leave = Leave(key, at_ms, channel, Member(there or member.id, member.role))
                if self._offer(leave) and there is not None:
                    self.gone.append(leave)

    def _speak(self, cue: Cue, key: str, at_ms: int, said: str, facts: Mapping[str, object]) -> None:
        message = self._message(cue.first)
        if cue.verb == "send":
            channel = self._channel(cue)
            author = self._present(channel, Role.USER, cue.second) or self.users[0]
            answered = message if cue.first % 2 else None
            self._post(Send(key, at_ms, channel, author, said, "test", answered, facts))
        elif message is not None:
            spoken = self.messages[message].channel_id
            author = self._present(spoken, Role.AGENT, cue.second) or AGENTS[0]
            self._post(Reply(key, at_ms, spoken, author, said, "test", message, facts))

    def _change(self, cue: Cue, key: str, at_ms: int, said: str) -> None:
        message = self._message(cue.first)
        if message is None or cue.first == UNKNOWN:
            if cue.verb == "edit":
                self._offer(Edit(key, at_ms, self._channel(cue), "never", said, 1), must_be_refused=True)
            elif cue.verb == "delete":
                self._offer(Delete(key, at_ms, self._channel(cue), "never"))
            return
        original = self.messages[message]
        match cue.verb:
            case "edit":
                self._edit(Edit(key, at_ms, original.channel_id, message, said, 0), cue.second)
            case "delete":
                if self._offer(Delete(key, at_ms, original.channel_id, message)):
                    self.deleted.add(message)
            case "again" if message not in self.deleted:
                self._offer(replace(original, at_ms=at_ms, text="again"), must_be_refused=True)

    def _channel(self, cue: Cue) -> str:
        return self.channels[cue.first // 2 % len(self.channels)]

    def _present(self, channel: str, role: Role, number: int) -> str | None:
        """Somebody of this role who is in the channel."""
        key, at_ms = self._next()
        members = self.model.context(Delete(key, at_ms, channel, "")).members
        found = [member.id for member in members if member.role is role]
        return found[number % len(found)] if found else None

    def _message(self, number: int) -> str | None:
        """One of the newest messages, deleted ones too."""
        newest = list(self.messages)[-4:]
        return newest[number % len(newest)] if newest else None

    def _post(self, write: Send | Reply) -> None:
        if self._offer(write):
            self.messages[write.key] = write

    def _edit(self, write: Edit, number: int) -> None:
        """The next edit of a message, or one that was overtaken."""
        stored = self.revisions.get(write.message_key, 0)
        rev = stored - 1 if number % 2 and stored > 1 else stored + 1
        if self._offer(replace(write, rev=rev), must_be_refused=True):
            self.revisions[write.message_key] = rev
