"""How bad violations are: when each began and ended, whom they hit, who noticed, and what ended them. Pure.

A key is clean or violated at each look. What happens between two looks is not seen, so an episode begins and ends within intervals,
and one that is still there at the last look has no end. Order violations by harm (`bench.checker.catalogue.harm`), never by count.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.checker.catalogue import harm
from bench.checker.columns import CENTRAL
from bench.checker.rows import Rows
from bench.checker.violation import Violation
from bench.stats.survival import Window


class Healing(enum.StrEnum):
    """What ended an episode."""

    SELF = "self"
    RETRY = "retry"
    REPAIR = "repair"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Look:
    """What was broken at one moment, in seconds since the run began."""

    at_s: float
    violations: frozenset[Violation]


@dataclass(frozen=True, slots=True)
class Help:
    """A retry or a repair that was at work from `begin_s` to `end_s`."""

    kind: Healing
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Episode:
    """One violation from its begin to its end, if it has one.

    `silent`: the caller of every operation that its key names had heard ok, so nobody knew.
    """

    violation: Violation
    window: Window
    silent: bool
    healing: Healing


@dataclass(frozen=True, slots=True)
class Blast:
    """How many messages, channels, agents and users some violations name."""

    messages: int
    channels: int
    agents: int
    users: int


NOBODY = Blast(0, 0, 0, 0)


def episodes(looks: Sequence[Look], told_ok: Collection[str], helps: Iterable[Help] = ()) -> list[Episode]:
    """The episodes that these looks show, in order of harm, then of begin. `told_ok` are ids of operations and messages told ok.

    The first look is of a clean state, or its violations began at some time before it, told as that of the look. Where a retry or a
    repair was at work within the interval in which an episode ended, it is what ended it.
    """
    ordered = sorted(looks, key=lambda look: look.at_s)
    known = list(helps)
    found = [
        Episode(violation, window, _is_silent(violation, told_ok), _healing(window, known))
        for violation in {violation for look in ordered for violation in look.violations}
        for window in _windows(violation, ordered)
    ]
    return sorted(found, key=lambda one: (harm(one.violation.direction), one.window.begin_low, one.violation))


def _windows(violation: Violation, looks: Sequence[Look]) -> Iterator[Window]:
    begin: tuple[float, float] | None = None
    before_s = looks[0].at_s
    last_s = looks[-1].at_s
    for look in looks:
        is_broken = violation in look.violations
        if is_broken and begin is None:
            begin = (before_s, look.at_s)
        elif not is_broken and begin is not None:
            yield Window(*begin, before_s, look.at_s, last_s)
            begin = None
        before_s = look.at_s
    if begin is not None:
        yield Window(*begin, None, None, last_s)


def _is_silent(violation: Violation, told_ok: Collection[str]) -> bool:
    """Some operation or message of the key was told ok; a key without any, such as a channel's, tells nobody."""
    return any(part in told_ok for part in violation.key)


def _healing(window: Window, helps: Iterable[Help]) -> Healing:
    if window.end_low is None or window.end_high is None:
        return Healing.NEVER
    at_work = {one.kind for one in helps if one.begin_s <= window.end_high and one.end_s >= window.end_low}
    return next((kind for kind in (Healing.REPAIR, Healing.RETRY) if kind in at_work), Healing.SELF)


def blast(violations: Collection[Violation], rows: Rows) -> Blast:
    """Whom and what these violations name, by the ids that the rows know; a message counts its channel and its author, too."""
    if not violations:
        return NOBODY
    message_of = {written.message: written.op for written in rows.written}
    channel_of = {operated.op: operated.channel for operated in rows.history}
    agents = {row.agent for row in rows.c_agent} | {row.agent for row in rows.a_message}
    users = {operated.member for operated in rows.history if operated.member is not None} - agents
    channels = {row.channel for row in rows.c_channel}
    parts = {part for violation in violations for part in violation.key} - {CENTRAL}
    ops = {message_of.get(part, part) for part in parts} & channel_of.keys()
    hit = {channel for op in ops if (channel := channel_of[op]) is not None} | (parts & channels)
    people = parts | {operated.author for operated in rows.history if operated.op in ops and operated.author is not None}
    return Blast(len(ops & set(message_of.values())), len(hit), len(people & agents), len(people & users))
