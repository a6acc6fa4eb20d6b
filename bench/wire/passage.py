"""The rules by which one connection passes the gate: bytes and ends in, orders out. Pure; no socket is touched here."""

from __future__ import annotations

import enum
from collections import deque
from typing import NamedTuple

from bench.wire.cut import Cut, Side
from bench.wire.evidence import Evidence, Tags
from bench.wire.owed import Owed
from bench.wire.protocol import ASKING, FLUSH, Framer, Kind, Message, is_inside, tag_of
from bench.wire.untold import Executed


class Orders(NamedTuple):
    """What is to be done now, in this order: bytes go out, then ends are told.

    `end_server`: the server is told that nothing more comes. `end_client`: the same for the client. `close_client`: its connection
    is closed both ways.
    """

    to_server: bytes = b""
    to_client: bytes = b""
    end_server: bool = False
    end_client: bool = False
    close_client: bool = False


NOTHING = Orders()


class _Mode(enum.Enum):
    """What becomes of the bytes of an armed connection."""

    PASSING = "both ways are open"
    SWALLOWING = "the client is cut off; the server is told the end once it has answered what it was asked"
    ENDING = "the client is cut off; the server was told the end, and is awaited"
    ZOMBIE = "the client is cut off; the server does not know"
    REQUESTS_HELD = "what the client sends waits"
    REQUESTS_OVER = "the server was told the end; its answers pass"
    REPLIES_HELD = "what the server sends waits"
    REPLIES_DROPPED = "answers are dropped until the server is ready again"
    REPLIES_OVER = "the client was told the end; what it sends passes"


_DEAF = frozenset({_Mode.SWALLOWING, _Mode.ENDING, _Mode.ZOMBIE, _Mode.REQUESTS_OVER})
_ENDS_DATA = frozenset({Kind.COPY_DONE.value, Kind.COPY_FAIL.value})
_MUTE = frozenset({_Mode.SWALLOWING, _Mode.ENDING, _Mode.ZOMBIE, _Mode.REPLIES_OVER})


class Watch:
    """An armed connection: counts, cuts, and gathers the evidence. Make a new one each time that a connection is armed."""

    __slots__ = (
        "_answered",
        "_answers",
        "_asked",
        "_asks",
        "_awaits_word",
        "_client_gone",
        "_cut",
        "_dropped",
        "_executed",
        "_forwarded",
        "_happened",
        "_held_replies",
        "_held_requests",
        "_is_opaque",
        "_lingers",
        "_mode",
        "_muted",
        "_owed",
        "_requests",
        "_tags",
        "_takes_data",
        "count",
    )

    def __init__(self, cut: Cut | None, *, greets: bool = False, writing: frozenset[bytes] = frozenset()) -> None:
        """`greets`: it is armed before the client has said its first word; otherwise the connection is idle.

        `writing` names prepared statements that change rows though their tags do not say so.
        """
        self.count = 0
        """Messages that the client sent, up to the one at which it was cut."""
        self._cut = cut
        self._mode = _Mode.PASSING
        self._requests = Framer(greets=greets)
        self._answers = Framer()
        self._tags = Tags()
        self._executed = Executed(writing) if writing else None
        self._forwarded = 0
        self._dropped = 0
        self._happened = False
        self._held_requests: list[Message] = []
        self._held_replies = bytearray()
        # A server is ready once without being asked: when it has let the client in.
        self._asked = 1 if greets else 0
        self._answered = 0
        self._asks: deque[str] = deque([Kind.START] if greets else [])
        self._takes_data = False
        self._owed = Owed()
        # A client to be cut off, as soon as the server is through with what it was sent.
        self._lingers = False
        self._muted = 0
        self._client_gone = False
        self._awaits_word = False
        self._is_opaque = False

    @property
    def evidence(self) -> Evidence:
        """What happened so far."""
        return Evidence(self._happened, self._forwarded, self._tags.noted, self._dropped)

    @property
    def awaits_server(self) -> bool:
        """Whether the client is cut off and the server is about to end."""
        return self._mode in (_Mode.SWALLOWING, _Mode.ENDING)

    @property
    def holds(self) -> bool:
        """Whether there is something to release."""
        return self._mode in (_Mode.ZOMBIE, _Mode.REQUESTS_HELD, _Mode.REPLIES_HELD)

    def from_client(self, data: bytes) -> Orders:
        """The client sent these bytes. Raises `ProtocolError` when they cannot be messages."""
        if self._is_opaque:
            return Orders(to_server=data)
        out = bytearray()
        orders = NOTHING
        for message in self._requests.feed(data):
            if self._mode in _DEAF:
                self._dropped += 1
            elif self._mode is _Mode.REQUESTS_HELD:
                self._held_requests.append(message)
            elif message.kind == Kind.TERMINATE:
                out += message.raw
            else:
                self.count += 1
                if self._cut is not None and self.count == self._cut.message:
                    orders = self._cut_at(message, self._cut.side, out)
                else:
                    self._pass(message, out)
        return orders._replace(to_server=bytes(out)) if out else orders

    def from_server(self, data: bytes) -> Orders:
        """The server sent these bytes. Raises `ProtocolError` when they cannot be messages."""
        out = b""
        if self._awaits_word and data:
            # A server that cannot even say no answers by an error, which is a message.
            out, data = (b"", data) if data[:1] == b"E" else (data[:1], data[1:])
            self._awaits_word = False
            self._is_opaque = out in (b"S", b"G")
            out = b"" if self._mode in _MUTE else out
        if self._is_opaque:
            return Orders(to_client=out + data)
        passed = bytearray(out)
        for message in self._answers.feed(data):
            self._note(message)
            if self._mode is _Mode.PASSING or self._mode is _Mode.REQUESTS_HELD or self._mode is _Mode.REQUESTS_OVER:
                passed += message.raw
            elif self._mode is _Mode.REPLIES_HELD:
                self._held_replies += message.raw
            elif self._mode is _Mode.REPLIES_DROPPED:
                self._drop_reply(message, passed)
            elif self._mode is _Mode.SWALLOWING and self._is_done(message):
                self._mode = _Mode.ENDING
                return Orders(to_client=bytes(passed), end_server=True)
        if self._lingers and self._is_through():
            self._lingers = False
            return Orders(to_client=bytes(passed), close_client=True)
        return Orders(to_client=bytes(passed))

    def client_ended(self) -> Orders:
        """The client sends no more."""
        self._client_gone = True
        if self._mode in _DEAF or self._mode is _Mode.REQUESTS_HELD:
            return NOTHING
        return Orders(end_server=True)

    def server_ended(self) -> Orders:
        """The server sends no more: its backend is gone, and with it whatever was open."""
        if self._mode in (_Mode.SWALLOWING, _Mode.ENDING):
            self._happened = True
        return Orders(close_client=True)

    def release(self) -> Orders:
        """Let go what is held, and end a zombie; otherwise nothing."""
        mode = self._mode
        if mode is _Mode.ZOMBIE:
            self._mode = _Mode.ENDING
            return Orders(end_server=True)
        if mode is _Mode.REPLIES_HELD:
            self._mode = _Mode.PASSING
            held = bytes(self._held_replies)
            self._held_replies.clear()
            return Orders(to_client=held)
        if mode is _Mode.REQUESTS_HELD:
            self._mode = _Mode.PASSING
            out = bytearray()
            for message in self._held_requests:
                self._pass(message, out)
            self._held_requests.clear()
            return Orders(to_server=bytes(out), end_server=self._client_gone)
        return NOTHING

    def _cut_at(self, message: Message, side: Side, out: bytearray) -> Orders:
        """What happens at the message of the cut; `out` takes what still goes to the server."""
        if side in (Side.REPLY_LOST, Side.REPLY_HELD, Side.REPLY_DROPPED, Side.REPLY_HALF_CLOSED):
            self._muted = self._asked + 1
            self._pass(message, out)
        elif side is Side.REQUEST_HELD:
            self._held_requests.append(message)
        else:
            self._dropped += 1
        match side:
            case Side.REPLY_LOST if message.kind in ASKING:
                self._mode = _Mode.SWALLOWING
                return NOTHING
            case Side.REQUEST_LOST | Side.REPLY_LOST:
                # It has happened when the server is gone too.
                self._flush(out)
                self._mode = _Mode.ENDING
                return Orders(end_server=True)
            case Side.ZOMBIE:
                self._flush(out)
                self._mode, self._happened = _Mode.ZOMBIE, True
                # Else the client's next attempt would race with what this one still executes.
                self._lingers = self._owed.is_unasked and not self._is_through()
                return NOTHING if self._lingers else Orders(close_client=True)
            case Side.REQUEST_HELD:
                self._mode, self._happened = _Mode.REQUESTS_HELD, True
            case Side.REPLY_HELD:
                self._mode, self._happened = _Mode.REPLIES_HELD, True
            case Side.REQUEST_DROPPED:
                self._happened = True
            case Side.REPLY_DROPPED:
                self._mode = _Mode.REPLIES_DROPPED
            case Side.REQUEST_HALF_CLOSED:
                self._flush(out)
                self._mode, self._happened = _Mode.REQUESTS_OVER, True
                return Orders(end_server=True)
            case Side.REPLY_HALF_CLOSED:
                self._mode, self._happened = _Mode.REPLIES_OVER, True
                return Orders(end_client=True)
        return NOTHING

    def _pass(self, message: Message, out: bytearray) -> None:
        """Forward a message to the server."""
        self._forwarded += message.kind != Kind.TERMINATE
        self._awaits_word = message.kind == Kind.ENCRYPTION
        if message.kind in _ENDS_DATA:
            self._takes_data = False
        self._owed.sent(message.kind)
        # A server that takes the data of a COPY passes over a Sync.
        if message.kind in ASKING and not self._takes_data:
            self._asked += 1
            self._asks.append(message.kind)
        if self._executed is not None:
            self._executed.sent(message)
        out += message.raw

    def _flush(self, out: bytearray) -> None:
        """Have the server say what it did with messages that no Sync follows: only so does an executed COMMIT show."""
        if self._owed.is_unasked:
            out += FLUSH

    def _note(self, message: Message) -> None:
        self._owed.answered(message.kind)
        match message.kind:
            case Kind.COMPLETE:
                self._tags.completed(tag_of(message), writes=self._executed is not None and self._executed.completed())
            case Kind.ERROR:
                self._tags.refused()
                if self._executed is not None:
                    self._executed.refused()
                self._takes_data = False
            case Kind.COPY_IN:
                self._take_data()
            case Kind.READY:
                self._answered += 1
                if self._asks:
                    self._asks.popleft()
                if self._executed is not None:
                    self._executed.ready()
                self._tags.ready(inside=is_inside(message))

    def _take_data(self) -> None:
        """The server begins to take the data of a COPY; a Sync that was sent along with its Execute is passed over."""
        if self._asks and self._asks[0] != Kind.SYNC:
            return
        self._takes_data = True
        if self._asks:
            self._asks.popleft()
            self._asked -= 1

    def _is_through(self) -> bool:
        """Whether the server has said all that it has to say about what it was sent, asked for or not."""
        return self._answered >= self._asked and self._owed.is_settled

    def _is_done(self, message: Message) -> bool:
        """Whether the server has answered all that it was asked, or waits for data of a COPY that will not come."""
        return self._answered >= self._asked or message.kind in (Kind.COPY_IN, Kind.COPY_BOTH)

    def _drop_reply(self, message: Message, passed: bytearray) -> None:
        """Drop what answers the message of the cut, up to the server's being ready; what answers earlier ones passes."""
        is_ready = message.kind == Kind.READY
        if self._answered - is_ready < self._muted - 1:
            passed += message.raw
            return
        self._happened = True
        if is_ready:
            self._mode = _Mode.PASSING
