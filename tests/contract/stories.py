"""Random stories: sequences of writes that the rules allow, and such as every design must refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

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

SERVERS = [named_id(f"story server {number}") for number in range(2)]
AGENTS = [named_id(f"story agent {number}") for number in range(3)]
VERBS = (
    "channel",
    "server",
    "agent",
    "join",
    "join",
    "leave",
    "send",
    "send",
    "send",
    "send",
    "reply",
    "reply",
    "edit",
    "edit",
    "delete",
    "again",
)

# PostgreSQL stores no NUL, and UTF-8 has no lone surrogates.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
DOCUMENT = st.dictionaries(TEXT, JSON, max_size=3)
IDS = st.lists(TEXT, min_size=3, max_size=3, unique=True)


@dataclass(frozen=True, slots=True)
class Cue:
    """One wish: a verb and numbers that choose among what is there."""

    verb: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: texts and documents, given out in turn."""

    texts: Sequence[str]
    documents: Sequence[Mapping[str, object]]


CUES = st.lists(st.builds(Cue, st.sampled_from(VERBS), st.integers(0, 11), st.integers(0, 11)), min_size=20, max_size=60)
WORDS = st.builds(Words, st.lists(TEXT, min_size=4, max_size=4), st.lists(DOCUMENT, min_size=3, max_size=3))


@dataclass(frozen=True, slots=True)
class Story:
    """The writes, in order, with all that reads can ask for."""

    writes: tuple[Write, ...]
    channels: Sequence[str]
    users: Sequence[str]

    def reads(self) -> Iterator[Read]:
        """Every read of everything in the story."""
        for channel in self.channels:
            yield LatestPage(channel, 4)
            yield PageBack(channel, 1_000_020, 3)
            yield ListParticipants(channel)
            yield from (IsParticipant(channel, member) for member in (*self.users, *AGENTS))
            yield from (RecallContext(agent, channel, 5) for agent in AGENTS)
        yield from (ListChannels(server) for server in SERVERS)
        yield from (ListServers(agent) for agent in AGENTS)


def told(channels: Sequence[str], users: Sequence[str], words: Words, cues: Sequence[Cue]) -> Story:
    """The story that the cues make: what the model takes, and what the model and every design refuse."""
    teller = _Teller(channels, users, words)
    for cue in cues:
        teller.follow(cue)
    return Story(tuple(teller.writes), channels, users)


STORIES = st.builds(told, IDS, IDS.map(lambda ids: [f"u{name}" for name in ids]), WORDS, CUES)


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
        for server in SERVERS:
            self._offer(CreateServer(*self._next(), server, "home", "test", None, {}))
        for agent in AGENTS[:2]:
            self._offer(AddAgent(*self._next(), SERVERS[0], agent, f"agent {agent[:4]}"))
        for number, channel in enumerate(channels[:2]):
            self._offer(CreateChannel(*self._next(), channel, SERVERS[0], "talk", list(ChannelKind)[number], "test"))
        for member in (Member(users[0], Role.USER), Member(AGENTS[0], Role.AGENT), Member(users[1], Role.USER)):
            self._offer(Join(*self._next(), channels[0], member))

    def _next(self) -> tuple[str, int]:
        return f"w{len(self.writes)}", 1_000_000 + len(self.writes)

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
        channel = self.channels[cue.first // 2 % len(self.channels)]
        server = SERVERS[cue.second % len(SERVERS)]
        agent = AGENTS[cue.second % len(AGENTS)]
        members = [*(Member(who, Role.USER) for who in self.users), *(Member(who, Role.AGENT) for who in AGENTS)]
        member = members[cue.second % len(members)]
        message = self._message(cue.first)
        key, at_ms = self._next()
        said = self.words.texts[at_ms % len(self.words.texts)]
        facts = self.words.documents[at_ms % len(self.words.documents)]
        match cue.verb:
            case "channel":
                kind, topic = list(ChannelKind)[cue.second % 3], said or None
                write = CreateChannel(key, at_ms, channel, server, said, kind, said, said, topic, facts)
                self._offer(write, must_be_refused=True)
            case "server":
                self._offer(CreateServer(key, at_ms, server, said, "test", None, facts), must_be_refused=True)
            case "agent":
                self._offer(AddAgent(key, at_ms, server, agent, said))
            case "join":
                self._offer(Join(key, at_ms, channel, member))
            case "leave":
                gone = self._present(channel, member.role, cue.second)
                self._offer(Leave(key, at_ms, channel, Member(gone or member.id, member.role)))
            case "send":
                author = self._present(channel, Role.USER, cue.second) or self.users[0]
                answered = message if cue.first % 2 else None
                self._post(Send(key, at_ms, channel, author, said, "test", answered, facts))
            case "reply" if message is not None:
                spoken = self.messages[message].channel_id
                author = self._present(spoken, Role.AGENT, cue.second) or agent
                self._post(Reply(key, at_ms, spoken, author, said, "test", message, facts))
            case "edit" if message is not None:
                self._edit(Edit(key, at_ms, self.messages[message].channel_id, message, said, 0), cue.second)
            case "edit":
                self._offer(Edit(key, at_ms, channel, "never", said, 1), must_be_refused=True)
            case "delete" if message is not None:
                if self._offer(Delete(key, at_ms, self.messages[message].channel_id, message)):
                    self.deleted.add(message)
            case "again" if message is not None and message not in self.deleted:
                original = self.messages[message]
                self._offer(_at(original, at_ms), must_be_refused=True)

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
        rev = stored - 1 if number % 4 == 0 and stored > 1 else stored + 1
        edit = Edit(write.key, write.at_ms, write.channel_id, write.message_key, write.text, rev)
        if self._offer(edit, must_be_refused=True):
            self.revisions[write.message_key] = rev


def _at(message: Send | Reply, at_ms: int) -> Send | Reply:
    """The same message once more, later."""
    if isinstance(message, Send):
        return Send(message.key, at_ms, message.channel_id, message.author_id, "again", message.source_type, None, message.metadata)
    return Reply(
        message.key, at_ms, message.channel_id, message.agent_id, "again", message.source_type, message.answers, message.metadata
    )
