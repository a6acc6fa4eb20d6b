"""The names of what a generated world holds: ids of servers, agents, channels and users, and keys of messages. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from workloads.ids import named_id
from workloads.validate import ID_BYTES_MAX

REMEMBERED = 65_536

# Each of them makes a different name of a different number: scripts of several directions, composed and decomposed letters, what
# SQL, JSON, URLs and shells give a meaning to, white space at both ends, and the shortest and the longest that may be.
_ODD = (
    "{}",
    "канал-{}",
    "频道 {}",
    "قناة {}",
    "\u0061\u0308rger/{}",
    "\u00e4rger/{}",
    "👩🏽‍💻 {}",
    'it\'s "{}"; -- %s',
    "\\{}\\n",
    " {} ",
    "{}\t\n",
    "$1 {} :id ?",
    "A{}",
    "a{}",
)
_LONGEST = "x"

Name = Callable[[int], str]


class Names:
    """Names by number; those of servers and agents are UUIDs, those of channels, users and messages as `ids` says."""

    def __init__(self, ids: Literal["uuid", "any"]) -> None:
        self._any = ids == "any"
        self.server: Name = lru_cache(REMEMBERED)(lambda number: named_id(f"server-{number}"))
        self.agent: Name = lru_cache(REMEMBERED)(lambda number: named_id(f"agent-{number}"))
        self.channel: Name = lru_cache(REMEMBERED)(self._channel)
        self.user: Name = lru_cache(REMEMBERED)(self._user)

    def message(self, channel: int, sequence: int) -> str:
        """The key of a person's message."""
        return odd("m", f"{channel}.{sequence}", channel + sequence) if self._any else f"c{channel}-{sequence}"

    def reply(self, number: int) -> str:
        """The key of an agent's message."""
        return odd("r", str(number), number) if self._any else f"r{number}"

    def _channel(self, number: int) -> str:
        return odd("c", str(number), number) if self._any else named_id(f"channel-{number}")

    def _user(self, number: int) -> str:
        return odd("u", str(number), number) if self._any else named_id(f"user-{number}")


def odd(kind: str, number: str, style: int) -> str:
    """An id of 1 to 255 bytes in some script, another one for each kind and number; `style` chooses how it looks."""
    if number == "0":
        return kind
    place = style % (len(_ODD) + 1)
    if place == len(_ODD):
        name = f"{kind}{number}-"
        return name + _LONGEST * (ID_BYTES_MAX - len(name))
    return _ODD[place].format(f"{kind}{number}")
