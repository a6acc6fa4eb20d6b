"""The points at which a client can die within an operation, and the schedules that name them. Pure.

A step is one transaction, or one statement outside of a transaction. Points lie before each step, before each commit and after
each commit; "before step i+1" and "after commit i" are one point, listed once under the latter name. So an operation of n
transactions has 2n+1 points, and a statement of its own adds one, the point after it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.drive.flights import Atomicity, Command, Verb
from bench.errors import UserError
from bench.scenes import KINDS, MESSAGES, WARM, exists
from workloads.agent_rule import AGENTS_MAX


class Place(enum.StrEnum):
    """Where in a step a client dies."""

    BEFORE_STEP = "before-step"
    BEFORE_COMMIT = "before-commit"
    AFTER_COMMIT = "after-commit"


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an operation; `step` counts from 1."""

    place: Place
    step: int

    def __str__(self) -> str:
        """As in `after-commit-1`."""
        return f"{self.place}-{self.step}"


class Retry(enum.StrEnum):
    """With which message id the one retry comes: that of the attempt that died, or a new one."""

    SAME = "same"
    FRESH = "fresh"


def retries_of(kind: str) -> tuple[Retry, ...]:
    """The retries that make sense for a kind: only what writes a message has an id that can be fresh."""
    return (Retry.SAME, Retry.FRESH) if kind in MESSAGES else (Retry.SAME,)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One client's death: which design, how its transactions are bounded, which operation in which scene, where.

    `retry` is the one retry to look at, or None for all that make sense. The text form is `dual/per_side/send/k=2/after-commit-1`
    with an optional `/retry-same` or `/retry-fresh`; agents who are not told of each other's replies are `k=2,peer_delivery=no`.
    """

    design: str
    atomicity: Atomicity
    kind: str
    k: int
    point: Point
    retry: Retry | None = None
    peer_delivery: bool = True

    def __str__(self) -> str:
        """What `parse_schedule` reads."""
        suffix = "" if self.retry is None else f"/retry-{self.retry}"
        agents = f"k={self.k}" if self.peer_delivery else f"k={self.k},peer_delivery=no"
        return f"{self.design}/{self.atomicity}/{self.kind}/{agents}/{self.point}{suffix}"

    def with_retry(self, retry: Retry) -> Schedule:
        """The same death with one retry to look at."""
        return replace(self, retry=retry)


def points_of(commands: Sequence[Command]) -> dict[Point, int]:
    """The points of a whole operation, in order, each with the number of commands that are answered when the client dies."""
    points: dict[Point, int] = {}
    step = 0
    for index, command in enumerate(commands):
        if command.verb is Verb.BEGIN or command.alone:
            step += 1
            if step == 1:
                points[Point(Place.BEFORE_STEP, step)] = index
        if command.verb is Verb.COMMIT:
            points[Point(Place.BEFORE_COMMIT, step)] = index
        if command.verb is Verb.COMMIT or command.alone:
            points[Point(Place.AFTER_COMMIT, step)] = index + 1
    return points


LENGTH_MAX = 300
"""Characters of a schedule: more than the longest names need."""

_EXAMPLE = "dual/per_side/send/k=2/after-commit-1"
_DESIGN = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_AGENTS = re.compile(r"k=(0|[1-9][0-9]{0,2})(,peer_delivery=no)?", re.ASCII)
_POINT = re.compile(r"(before-step|before-commit|after-commit)-([1-9][0-9]{0,3})", re.ASCII)
_RETRIES = {f"retry-{retry}": retry for retry in Retry}


def parse_schedule(text: str) -> Schedule:
    """The schedule of this text; `UserError` with what is wrong where. Whether there is such a design is not looked at."""
    if len(text) > LENGTH_MAX:
        raise _malformed(f"{text[:40]}…", f"it has {len(text):,} characters, no schedule has more than {LENGTH_MAX}")
    parts = text.split("/")
    if len(parts) not in (5, 6):
        raise _malformed(text, f"it has {len(parts)} parts between slashes, not 5 or 6")
    design, atomicity, kind, agents, place = parts[:5]
    if not _DESIGN.fullmatch(design):
        raise _malformed(text, f"{design!r} is no design's name")
    if atomicity not in tuple(Atomicity):
        raise _malformed(text, f"{atomicity!r} is no atomicity, use {' or '.join(Atomicity)}")
    if kind not in KINDS:
        raise _malformed(text, f"{kind!r} is no kind of write, use one of {', '.join(KINDS)}")
    k = _AGENTS.fullmatch(agents)
    if k is None:
        raise _malformed(text, f"{agents!r} is no number of agents, write it like k=2")
    if int(k[1]) > AGENTS_MAX:
        raise _malformed(text, f"{agents} is more than {AGENTS_MAX} agents")
    if not exists(kind, int(k[1]), WARM):
        raise _malformed(text, f"there is no {kind} at {agents}: it {_reason(int(k[1]))}")
    retry = _RETRIES.get(parts[5]) if len(parts) == 6 else None
    if len(parts) == 6 and retry is None:
        raise _malformed(text, f"{parts[5]!r} is no retry, use {' or '.join(_RETRIES)}")
    if retry is not None and retry not in retries_of(kind):
        raise _malformed(text, f"{kind} writes no message, so there is no retry with a fresh id; use retry-{Retry.SAME}")
    point = _point(text, place)
    return Schedule(design, Atomicity(atomicity), kind, int(k[1]), point, retry, peer_delivery=k[2] is None)


def _point(text: str, place: str) -> Point:
    found = _POINT.fullmatch(place)
    if found is None:
        raise _malformed(text, f"{place!r} is no point, use before-step-1, before-commit-N or after-commit-N with N from 1")
    point = Point(Place(found[1]), int(found[2]))
    if point.place is Place.BEFORE_STEP and point.step > 1:
        raise _malformed(text, f"{place} is the same point as {Place.AFTER_COMMIT}-{point.step - 1}, write that")
    return point


def _reason(k: int) -> str:
    return "needs an agent in the channel, use k=1 or more" if k == 0 else "does not depend on the channel's agents, use k=0"


def _malformed(text: str, problem: str) -> UserError:
    return UserError(f"schedule {text!r}: {problem}; a schedule looks like {_EXAMPLE}")
