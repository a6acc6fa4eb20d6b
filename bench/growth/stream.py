"""A stream of messages that is driven for its wall time. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stream:
    """So many messages through a design; `repetition` counts streams of this length."""

    design: str
    messages: int
    repetition: int
