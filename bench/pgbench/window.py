"""From the times at which iterations ended to a rate: only the part in which every client ran warm counts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ran:
    """What an arm did: by client the times in seconds at which its iterations ended, in order, and its client's CPU time.

    `messages` are those of an iteration.
    """

    ended_s: Sequence[Sequence[float]]
    cpu_s: float
    messages: int

    @property
    def sent(self) -> int:
        """Messages in all."""
        return self.messages * sum(map(len, self.ended_s))


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages a second, over how many seconds."""

    per_s: float
    seconds: float


def rate(ran: Ran, warmup: int) -> Rate | None:
    """From when the last client ended its warm-up of so many iterations to when the first client had no more to do.

    None when there was no such time: the clients did not run at once.
    """
    start = max(ended[warmup - 1] for ended in ran.ended_s)
    end = min(ended[-1] for ended in ran.ended_s)
    if end <= start:
        return None
    within = sum(1 for ended in ran.ended_s for at in ended if start < at <= end)
    return Rate(ran.messages * within / (end - start), end - start)
