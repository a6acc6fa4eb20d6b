"""Costs that are planted on purpose: a copy of the baseline that does more, by a known amount, shows what this instrument finds.

A spin adds a share of the running median of the baseline's latency, within the timed region; it resolves less than a microsecond,
where sleeping does not. An added statement is the coarse control: one more round trip on the same connection.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass

from sqlalchemy import literal_column, select

from bench.errors import UserError
from variants.contract import Query, Side

STATEMENT = "+statement"
WINDOW = 201
"""Latencies of one kind that the running median is of: short enough to follow a machine that drifts over seconds."""

SHARE_MAX_PERCENT = 100.0
_SPIN = re.compile(r"\+([0-9]{1,3}(?:\.[0-9]{1,2})?)%", re.ASCII)


@dataclass(frozen=True, slots=True)
class Planted:
    """A planted cost: a share of the baseline's running median, or one more statement."""

    share: float = 0.0
    statement: bool = False

    @property
    def name(self) -> str:
        """As it stands in a variant's brackets: `+1%`, `+statement`."""
        return STATEMENT if self.statement else f"+{100 * self.share:g}%"


def parse(text: str) -> Planted:
    """`+1%`, `+0.5%` or `+statement`. Raises `UserError` for anything else."""
    if text == STATEMENT:
        return Planted(statement=True)
    found = _SPIN.fullmatch(text)
    if found is None or not 0 < float(found[1]) <= SHARE_MAX_PERCENT:
        raise UserError(f"planted cost {text!r:.60}: write {STATEMENT}, or a share such as +1% or +0.5%, at most +100%")
    return Planted(share=float(found[1]) / 100)


def is_mark(level: str) -> bool:
    """Whether what stands in a variant's brackets is a planted cost."""
    return level.startswith("+")


class RunningMedians:
    """The exact median of the last `WINDOW` latencies of each kind of operation."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._came: dict[str, deque[int]] = {}
        self._ordered: dict[str, list[int]] = {}

    def add(self, kind: str, latency_ns: int) -> None:
        """One more latency; the oldest one of a full window falls out."""
        came, ordered = self._came.setdefault(kind, deque()), self._ordered.setdefault(kind, [])
        came.append(latency_ns)
        insort(ordered, latency_ns)
        if len(came) > self._window:
            del ordered[bisect_left(ordered, came.popleft())]

    def of(self, kind: str) -> int:
        """The median in nanoseconds; 0 before the first latency."""
        ordered = self._ordered.get(kind)
        return ordered[len(ordered) // 2] if ordered else 0


def spin(duration_ns: int) -> None:
    """Keep this thread busy for so long."""
    until_ns = time.perf_counter_ns() + duration_ns
    while time.perf_counter_ns() < until_ns:
        pass


def added_statement() -> Query:
    """The statement that the coarse control adds."""
    return Query(Side.CENTRAL, select(literal_column("1").label("one")))
