"""How many agents each room of a trace gets: by how busy it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from workloads.errors import InputError

AGENTS_MAX = 50
DEFAULT = "1,50:2,top10:4"
_PART = re.compile(r"(?P<top>top)?(?P<number>[0-9]{1,9}):(?P<agents>[0-9]{1,9})")
_HELP = "give agents per room such as 2, or 1,50:2,top10:4 (all rooms, rooms of 50 messages or more, the 10 busiest)"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Rooms with this many messages or more get this many agents."""

    messages: int
    agents: int


@dataclass(frozen=True, slots=True)
class Busiest:
    """The busiest rooms, this many of them, get this many agents; of equally busy ones the lower index comes first."""

    rooms: int
    agents: int


@dataclass(frozen=True, slots=True)
class AgentRule:
    """Agents per room: `every` for all rooms, then each exception in order, the last one that fits decides."""

    text: str
    every: int
    exceptions: tuple[AtLeast | Busiest, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """A rule such as `1,50:2,top10:4` or plain `2`; raises `InputError`."""
        first, *others = (part.strip() for part in text.split(","))
        if re.fullmatch(r"[0-9]{1,9}", first) is None:
            raise InputError(f"agent rule {text!r}: {first!r} is no number: {_HELP}")
        return cls(text, _agents(text, first), tuple(_exception(text, part) for part in others))

    def agents_per_room(self, messages: Mapping[int, int]) -> dict[int, int]:
        """The agents of each room, given the messages of each room."""
        by_activity = sorted(messages, key=lambda room: (-messages[room], room))
        agents = dict.fromkeys(messages, self.every)
        for exception in self.exceptions:
            match exception:
                case AtLeast():
                    rooms = [room for room in by_activity if messages[room] >= exception.messages]
                case Busiest():
                    rooms = by_activity[: exception.rooms]
            agents.update(dict.fromkeys(rooms, exception.agents))
        return agents


def _exception(text: str, part: str) -> AtLeast | Busiest:
    match = _PART.fullmatch(part)
    if match is None or int(match["number"]) == 0:
        raise InputError(f"agent rule {text!r}: {part!r} is neither N:k nor topN:k with N from 1: {_HELP}")
    kind = Busiest if match["top"] else AtLeast
    return kind(int(match["number"]), _agents(text, match["agents"]))


def _agents(text: str, number: str) -> int:
    if int(number) > AGENTS_MAX:
        raise InputError(f"agent rule {text!r}: {number} agents in a room: give 0 to {AGENTS_MAX}")
    return int(number)
