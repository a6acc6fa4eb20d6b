"""Rows of a source, one by one, as columns of numbers.

No text is held. A name or an id is held as its keyed digest alone, which is worth nothing once the key is forgotten: so the digests
of channels and users, put in their order, are also a random numbering.
"""

from __future__ import annotations

from array import array
from hashlib import blake2b

from workloads.errors import InputError
from workloads.importing.rejecting import Rejections
from workloads.trace import ROWS_MAX
from workloads.trace_columns import TEXT_BYTES_MAX

KEY_BYTES = 32
NAME_BYTES = 16
ID_BYTES = 8
"""Digests of message ids. Among ten million ids the probability of two equal digests is about 3e-6."""


class Collector:
    """Takes rows and rejects what a trace cannot hold; the columns are of equal length, one entry for each row that was taken.

    `at_us` are microseconds of a clock that all rows share; `place` is where a row stands in the source, from 1, and `ordinal` its
    number among all rows, rejected ones too, from 0. `own` and `answered` are digests of message ids, 0 for none; `answered_row` is
    an ordinal, -1 for none.
    """

    def __init__(self, key: bytes, rejections: Rejections) -> None:
        self.rejections = rejections
        self.names = {"channel": dict[bytes, int](), "user": dict[bytes, int]()}
        self.at_us, self.place, self.ordinal = array("q"), array("q"), array("q")
        self.channel, self.user, self.text_bytes = array("i"), array("i"), array("i")
        self.bot, self.annotated = array("b"), array("b")
        self.own, self.answered, self.answered_row = array("Q"), array("Q"), array("q")
        self._channels, self._users = self.names["channel"], self.names["user"]
        # Each kind has its own function: else a user who is called as a channel would have its digest, and orders would be related.
        self._channel = blake2b(key=key, digest_size=NAME_BYTES, person=b"channel")
        self._user = blake2b(key=key, digest_size=NAME_BYTES, person=b"user")
        self._id = blake2b(key=key, digest_size=ID_BYTES, person=b"message")
        self._rows = 0

    @property
    def rows(self) -> int:
        """Rows so far, taken and rejected ones."""
        return self._rows

    def reject(self, place: int, reason: str, rows: int = 1) -> None:
        """A row, or so many, cannot be used."""
        self._rows += rows
        self.rejections.add(place, reason, rows)

    def take(
        self,
        place: int,
        at_us: int,
        channel: str,
        user: str,
        text_bytes: int,
        *,
        bot: bool = False,
        annotated: bool = False,
        own: str = "",
        answered: str = "",
        answered_row: int = -1,
    ) -> None:
        """A row; one without a channel or a user, or with too long a text, is rejected.

        Raises `InputError` when it is one too many for a trace.
        """
        unfit = _unfit(channel, user, text_bytes)
        if unfit is not None:
            self.reject(place, unfit)
            return
        if len(self.place) == ROWS_MAX:
            raise InputError(f"more than {ROWS_MAX} rows: import a part of the source")
        channel_digest = _digest(self._channel, channel)
        self.channel.append(self._channels.setdefault(channel_digest, len(self._channels)))
        self.user.append(self._users.setdefault(_digest(self._user, user), len(self._users)))
        self.at_us.append(at_us)
        self.place.append(place)
        self.ordinal.append(self._rows)
        self.text_bytes.append(text_bytes)
        self.bot.append(bot)
        self.annotated.append(annotated)
        self.own.append(self._id_of(channel_digest, own) if own else 0)
        self.answered.append(self._id_of(channel_digest, answered) if answered else 0)
        self.answered_row.append(answered_row)
        self._rows += 1

    def _id_of(self, channel: bytes, message: str) -> int:
        """An id counts within its channel, as links do; some sources repeat ids between channels."""
        found = self._id.copy()
        found.update(channel)
        found.update(message.encode("utf-8", "surrogatepass"))
        return int.from_bytes(found.digest(), "little")


def _digest(of: blake2b, name: str) -> bytes:
    found = of.copy()
    found.update(name.encode("utf-8", "surrogatepass"))
    return found.digest()


def _unfit(channel: str, user: str, text_bytes: int) -> str | None:
    """Why no trace can hold such a row, or None."""
    if not channel:
        return "no channel"
    if not user:
        return "no user"
    return None if 0 <= text_bytes <= TEXT_BYTES_MAX else f"a text of more than {TEXT_BYTES_MAX} bytes"
