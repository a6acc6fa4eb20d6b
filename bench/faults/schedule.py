"""Schedules of faults: which design, cell and operation, and which frontend messages are cut on which side. Pure.

Messages of an attempt are counted from 1, as a gate between client and server counts them on a connection that has met all its
statements before. The text form is `dual/per_side_derived/send/k=1/request-lost@1.12+reply-lost@2.3`: the twelfth message of the
first attempt is cut before the server has it, the third one of the second attempt behind its answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.faults.cells import cell_named
from bench.faults.schedule_text import Parts, agents_told, malformed, parts_of
from bench.scenes import KINDS, WARM, exists
from bench.suggesting import nearest
from bench.wire.cut import CUTS, Cut, Side

FAULTS_MAX = 2
"""Faults of one schedule: what the sweeps enumerate."""

SIDES = (*CUTS, Side.ZOMBIE)
"""What a schedule does to a message: each of them ends the client's connection, so no client waits for ever."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One cut: in which attempt (the first is 1), at which frontend message of it (the first is 1), on which side."""

    attempt: int
    message: int
    side: Side

    @property
    def cut(self) -> Cut:
        """What a gate is armed with for this attempt."""
        return Cut(self.message, self.side)

    def __str__(self) -> str:
        """As in `request-lost@1.12`."""
        return f"{self.side.value}@{self.attempt}.{self.message}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One exposure to be: `faults` are one or two, in the order of their attempts, at most one each.

    `peer_delivery`: whether an agent's reply reaches the channel's other agents; `no` is written `k=2,peer_delivery=no`.
    """

    design: str
    cell: str
    kind: str
    k: int
    faults: tuple[Fault, ...]
    peer_delivery: bool = True

    def __str__(self) -> str:
        """What `parse_schedule` reads."""
        agents = agents_told(self.k, peer_delivery=self.peer_delivery)
        return f"{self.design}/{self.cell}/{self.kind}/{agents}/{'+'.join(map(str, self.faults))}"

    @property
    def first(self) -> Fault:
        """The fault that comes first."""
        return self.faults[0]

    def cut_of(self, attempt: int) -> Cut | None:
        """What the connection of an attempt is armed with; None when nothing happens to it."""
        return next((fault.cut for fault in self.faults if fault.attempt == attempt), None)


_SIDES = {side.value: side for side in SIDES}
_FAULT = re.compile(r"([a-z-]{1,20})@([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})", re.ASCII)


def parse_schedule(text: str) -> Schedule:
    """The schedule of this text; `UserError` with what is wrong where.

    Whether there is such a design, and whether its operation has so many messages, is not looked at.
    """
    parts = parts_of(text, KINDS)
    check_exists(text, parts)
    faults = _faults(text, parts.cell, parts.happens)
    return Schedule(parts.design, parts.cell, parts.kind, parts.k, faults, parts.peer_delivery)


def check_exists(text: str, parts: Parts) -> None:
    """`UserError` where there is no such operation with so many agents."""
    if not exists(parts.kind, parts.k, WARM):
        why = (
            "needs an agent in the channel, use k=1 or more" if not parts.k else "does not depend on the channel's agents, use k=0"
        )
        raise malformed(text, f"there is no {parts.kind} at k={parts.k}: it {why}")


def _faults(text: str, cell: str, faults: str) -> tuple[Fault, ...]:
    found = [_fault(text, fault) for fault in faults.split("+")]
    if len(found) > FAULTS_MAX:
        raise malformed(text, f"it has {len(found)} faults, at most {FAULTS_MAX}")
    attempts = cell_named(cell).attempts
    before = 0
    for fault in found:
        if fault.attempt > attempts:
            raise malformed(text, f"{fault} is in attempt {fault.attempt}, but {cell} makes {_count(attempts, 'attempt')}")
        if fault.attempt <= before:
            raise malformed(text, "faults come in the order of their attempts, at most one in each")
        before = fault.attempt
    if found[0].attempt > 1:
        raise malformed(text, f"there is no attempt {found[0].attempt} when nothing happens to the first one")
    return tuple(found)


def _fault(text: str, fault: str) -> Fault:
    found = _FAULT.fullmatch(fault)
    if found is None:
        raise malformed(text, f"{fault!r} is no fault, write it like request-lost@1.12 (attempt 1, message 12)")
    if found[1] not in _SIDES:
        raise malformed(text, f"{found[1]!r} is no side of a message, use {' or '.join(_SIDES)}{nearest(found[1], _SIDES)}")
    return Fault(int(found[2]), int(found[3]), _SIDES[found[1]])


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
