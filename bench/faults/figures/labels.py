"""What the labels of an operation's frontend messages say: the command that each carries, and which travel together. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

_LABEL = re.compile(r"\d+ (?P<name>message (?P<place>\d+) of \d+|\w+) (?P<command>.+)")
"""A message's number and its name in the protocol, then the command and side that it carries: `9 Bind COMMIT central`."""

_FIRST = "Bind"
"""The message with which a command that travels alone begins."""


def command_of(label: str) -> str:
    """The command and side that a message carries, such as `COMMIT central`; a label of another form as it is."""
    found = _LABEL.fullmatch(label)
    return found["command"] if found else label


def flights_of(labels: Sequence[str]) -> list[int]:
    """The number, from 1, of the flight in which each message travels."""
    return list(accumulate(int(_begins(label) or not place) for place, label in enumerate(labels)))


def _begins(label: str) -> bool:
    found = _LABEL.fullmatch(label)
    return found is not None and (found["name"] == _FIRST or found["place"] == "1")
