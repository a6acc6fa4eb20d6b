"""Schedules of faults: which design, cell and operation, and which frontend messages are cut on which side. Pure.

Messages of an attempt are counted from 1, as a gate between client and server counts them on a connection that has met all its
statements before. The text form is `dual/per_side_derived/send/k=1/request-lost@1.12+reply-lost@2.3`: the twelfth message of the
first attempt is cut before the server has it, the third one of the second attempt behind its answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.errors import UserError
from bench.faults.cells import NAMES, cell_named
from bench.scenes import KINDS, WARM, exists
from bench.suggesting import nearest
from bench.wire.cut import CUTS, Cut, Side
from workloads.agent_rule import AGENTS_MAX

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
        agents = f"k={self.k}" if self.peer_delivery else f"k={self.k},peer_delivery=no"
        return f"{self.design}/{self.cell}/{self.kind}/{agents}/{'+'.join(map(str, self.faults))}"

    @property
    def first(self) -> Fault:
        """The fault that comes first."""
        return self.faults[0]

    def with_faults(self, faults: Sequence[Fault]) -> Schedule:
        """The same operation under other faults."""
        return replace(self, faults=tuple(faults))

    def cut_of(self, attempt: int) -> Cut | None:
        """What the connection of an attempt is armed with; None when nothing happens to it."""
        return next((fault.cut for fault in self.faults if fault.attempt == attempt), None)


EXAMPLE = "dual/per_side/send/k=1/request-lost@1.12"

_SIDES = {side.value: side for side in SIDES}
_DESIGN = re.compile(r"[a-z][a-z0-9_]{0,30}", re.ASCII)
_AGENTS = re.compile(r"k=(0|[1-9][0-9]{0,2})(,peer_delivery=no)?", re.ASCII)
_FAULT = re.compile(r"([a-z-]{1,20})@([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})", re.ASCII)


def is_schedule(text: str) -> bool:
    """Whether a text means a schedule of this form, and not the death of a client at a named point."""
    return "@" in text


def parse_schedule(text: str) -> Schedule:
    """The schedule of this text; `UserError` with what is wrong where.

    Whether there is such a design, and whether its operation has so many messages, is not looked at.
    """
    parts = text.split("/")
    if len(parts) != 5:
        raise _malformed(text, f"it has {len(parts)} parts between slashes, not 5")
    design, cell, kind, agents, faults = parts
    if not _DESIGN.fullmatch(design):
        raise _malformed(text, f"{design!r} is no design's name")
    if cell not in NAMES:
        raise _malformed(text, f"{cell!r} is no cell, use one of {', '.join(NAMES)}{nearest(cell, NAMES)}")
    if kind not in KINDS:
        raise _malformed(text, f"{kind!r} is no kind of write, use one of {', '.join(KINDS)}{nearest(kind, KINDS)}")
    k = _AGENTS.fullmatch(agents)
    if k is None:
        raise _malformed(text, f"{agents!r} is no number of agents, write it like k=1")
    if int(k[1]) > AGENTS_MAX:
        raise _malformed(text, f"{agents} is more than {AGENTS_MAX} agents")
    if not exists(kind, int(k[1]), WARM):
        why = (
            "needs an agent in the channel, use k=1 or more" if k[1] == "0" else "does not depend on the channel's agents, use k=0"
        )
        raise _malformed(text, f"there is no {kind} at {agents}: it {why}")
    return Schedule(design, cell, kind, int(k[1]), _faults(text, cell, faults), peer_delivery=k[2] is None)


def _faults(text: str, cell: str, faults: str) -> tuple[Fault, ...]:
    found = [_fault(text, fault) for fault in faults.split("+")]
    if len(found) > FAULTS_MAX:
        raise _malformed(text, f"it has {len(found)} faults, at most {FAULTS_MAX}")
    attempts = cell_named(cell).attempts
    before = 0
    for fault in found:
        if fault.attempt > attempts:
            raise _malformed(text, f"{fault} is in attempt {fault.attempt}, but {cell} makes {_count(attempts, 'attempt')}")
        if fault.attempt <= before:
            raise _malformed(text, "faults come in the order of their attempts, at most one in each")
        before = fault.attempt
    if found[0].attempt > 1:
        raise _malformed(text, f"there is no attempt {found[0].attempt} when nothing happens to the first one")
    return tuple(found)


def _fault(text: str, fault: str) -> Fault:
    found = _FAULT.fullmatch(fault)
    if found is None:
        raise _malformed(text, f"{fault!r} is no fault, write it like request-lost@1.12 (attempt 1, message 12)")
    if found[1] not in _SIDES:
        raise _malformed(text, f"{found[1]!r} is no side of a message, use {' or '.join(_SIDES)}{nearest(found[1], _SIDES)}")
    return Fault(int(found[2]), int(found[3]), _SIDES[found[1]])


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _malformed(text: str, problem: str) -> UserError:
    return UserError(f"schedule {text!r}: {problem}; a schedule looks like {EXAMPLE}")
