"""Schedules of faults that are no cuts: an interruption at one of an operation's flights, a client that is stopped at a point past
a takeover, and a stream over a bus that fails.

Their text forms are `dual/per_side/send/k=1/terminated@4` (the fourth flight; 0 is the connection itself),
`dual/per_side/send/k=1/paused@after-commit-1`, and `dual/async_restart/stream/k=2/drop@17` (the stream and the draws of seed 17).
Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.bus.stream import AGENTS
from bench.bus.transit import BusFault
from bench.crash.points import Place, Point
from bench.faults.cells import cell_named
from bench.faults.schedule import Schedule, check_exists, parse_schedule
from bench.faults.schedule_text import agents_told, malformed, parts_of
from bench.scenes import KINDS
from bench.suggesting import nearest
from bench.wire.interruptions import Interruption

PAUSED = "paused"
"""How the text of a takeover begins."""

STREAM = "stream"
"""What stands for the kind of operation: a stream has all kinds that travel over a bus."""

_INTERRUPTIONS = {interruption.value: interruption for interruption in Interruption}
_BUS_FAULTS = {fault.value: fault for fault in BusFault}
_AT = re.compile(r"([a-z-]{1,30})@(0|[1-9][0-9]{0,18})", re.ASCII)
_STOPPED = re.compile(rf"{PAUSED}@({'|'.join(Place)})-([1-9][0-9]{{0,3}})", re.ASCII)
_FLIGHT_MAX = 9_999


@dataclass(frozen=True, slots=True)
class Interrupted:
    """One operation that is interrupted at one flight of its first attempt."""

    design: str
    cell: str
    kind: str
    k: int
    interruption: Interruption
    flight: int

    def __str__(self) -> str:
        """What `parse` reads."""
        return f"{self.design}/{self.cell}/{self.kind}/k={self.k}/{self.interruption}@{self.flight}"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """One operation whose client is stopped at a point, past a takeover by another one, and then goes on."""

    design: str
    cell: str
    kind: str
    k: int
    point: Point
    peer_delivery: bool = True

    def __str__(self) -> str:
        """What `parse` reads."""
        agents = agents_told(self.k, peer_delivery=self.peer_delivery)
        return f"{self.design}/{self.cell}/{self.kind}/{agents}/{PAUSED}@{self.point}"


@dataclass(frozen=True, slots=True)
class Streamed:
    """One stream of this seed over a bus with one fault."""

    design: str
    cell: str
    fault: BusFault
    seed: int
    peer_delivery: bool = True

    def __str__(self) -> str:
        """What `parse` reads."""
        agents = agents_told(AGENTS, peer_delivery=self.peer_delivery)
        return f"{self.design}/{self.cell}/{STREAM}/{agents}/{self.fault}@{self.seed}"


def parse(text: str) -> Schedule | Interrupted | TakenOver | Streamed:
    """The schedule of this text, of whichever form; `UserError` with what is wrong where."""
    *before, happens = text.split("/")
    if before[2:3] == [STREAM]:
        return _streamed(text)
    if happens.partition("@")[0] in _INTERRUPTIONS:
        return _interrupted(text)
    if happens.partition("@")[0] == PAUSED:
        return _taken_over(text)
    return parse_schedule(text)


def _interrupted(text: str) -> Interrupted:
    parts = parts_of(text, KINDS)
    check_exists(text, parts)
    if not parts.peer_delivery:
        raise malformed(text, "interruptions are of operations whose replies are told to peers, write it like k=1")
    name, flight = _at(text, parts.happens, "interruption", f"{Interruption.TERMINATED}@4 (flight 4)")
    if flight > _FLIGHT_MAX:
        raise malformed(text, f"there is no flight {flight}")
    return Interrupted(parts.design, parts.cell, parts.kind, parts.k, _INTERRUPTIONS[name], flight)


def _taken_over(text: str) -> TakenOver:
    parts = parts_of(text, KINDS)
    check_exists(text, parts)
    if cell_named(parts.cell).bus.is_async:
        raise malformed(text, f"{parts.cell} has a bus, and clients are stopped where the bus is sync")
    found = _STOPPED.fullmatch(parts.happens)
    if found is None:
        raise malformed(text, f"{parts.happens!r} is no point, write it like {PAUSED}@{Point(Place.AFTER_COMMIT, 1)}")
    return TakenOver(parts.design, parts.cell, parts.kind, parts.k, Point(Place(found[1]), int(found[2])), parts.peer_delivery)


def _streamed(text: str) -> Streamed:
    parts = parts_of(text, (STREAM,))
    if not cell_named(parts.cell).bus.is_async:
        raise malformed(text, f"{parts.cell} has no bus")
    if parts.k != AGENTS:
        raise malformed(text, f"a stream has {AGENTS} agents, write it like k={AGENTS}")
    name, seed = _at(text, parts.happens, "fault of a bus", f"{BusFault.DROP}@17 (seed 17)")
    if name not in _BUS_FAULTS:
        raise malformed(text, f"{name!r} is no fault of a bus, use {' or '.join(_BUS_FAULTS)}{nearest(name, _BUS_FAULTS)}")
    return Streamed(parts.design, parts.cell, _BUS_FAULTS[name], seed, parts.peer_delivery)


def _at(text: str, happens: str, what: str, example: str) -> tuple[str, int]:
    found = _AT.fullmatch(happens)
    if found is None:
        raise malformed(text, f"{happens!r} is no {what}, write it like {example}")
    return found[1], int(found[2])
