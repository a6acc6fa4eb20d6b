"""Many exposures at a time: their scenes are set up together, and what is left of them is read in one look.

A `Trial` is all that the exposures of one design, cell, operation and lane share. Every exposure has a scene of its own, so none is
reset.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.bus.path import BusPath
from bench.checker.blast import NOBODY, Blast
from bench.checker.violation import Violation
from bench.crash.judge import Judgement
from bench.drive.flights import Exchange
from bench.faults.cells import Cell
from bench.faults.schedule import Fault, Schedule
from bench.faults.sweeps.breaking import invariants_of
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.judging import Judge
from bench.faults.sweeps.passages import Passage
from bench.faults.sweeps.playing import Played, Player
from bench.faults.sweeps.rehearsing import Rehearsal, rehearse
from bench.faults.sweeps.second_look import Met, SecondLook, Witnesses
from bench.faults.sweeps.spent import Spent
from bench.faults.sweeps.staging import Stage, Staged
from bench.proof.masks import shortfalls_of
from bench.proof.observation import Observation
from bench.wire.lane import Lane

BATCH = 200
"""Exposures whose scenes are set up together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The operation that a trial exposes: at which cell, of which kind, with `k` agents in the channel."""

    cell: Cell
    kind: str
    k: int
    peer_delivery: bool = True


@dataclass(frozen=True, slots=True)
class Exposure:
    """One schedule that was run: what its caller was told and why, what there was in the end, what it breaks.

    `happened`: every fault of it left evidence. Without it the exposure is void, `left` is not its doing, and nothing is broken.
    `violations` are invariants, `broken` says how each of their keys is, such as `I4 central-only`; `blast` is whom they hit.
    """

    schedule: Schedule
    played: Played
    happened: bool
    left: Judgement
    violations: tuple[str, ...]
    broken: tuple[str, ...]
    blast: Blast

    def with_links(self, linked: Mapping[Met, frozenset[Violation]]) -> Exposure:
        """The same with what its id mapping breaks, by its schedule."""
        found = sorted(linked.get(self.schedule, ()))
        violations = invariants_of((*self.violations, *(violation.invariant for violation in found)))
        told = (f"{violation.invariant} {violation.direction}" for violation in found)
        return replace(self, violations=violations, broken=(*self.broken, *told))


class Trial:
    """It is used by one thread, and ends with the ground and the lane that it is given."""

    def __init__(self, ground: Ground, asked: Asked, lane: Lane, clock: Callable[[], int] = time.perf_counter_ns) -> None:
        """The operation is rehearsed. Raises `InvalidMeasurement` when the design does other work than the model says."""
        cell, design = asked.cell, ground.store.design
        self._asked = asked
        self._ground = ground
        self._settle = ground.settling(cell.levels)
        self._spent = Spent(clock)
        self._stage = Stage(asked.kind, asked.k, cell.attempts, cell.is_fresh, asked.peer_delivery)
        path = BusPath(design, cell.levels, Exchange.PLAIN, cell.bus)
        self.rehearsal: Rehearsal = rehearse(ground, path, self._stage, lane, self._settle)
        self._player = Player(lane, cell, path, ground.calm, self.rehearsal.commits)
        self._judge = Judge(self.rehearsal, shortfalls_of(design), peer_delivery=asked.peer_delivery)
        self._witnesses = Witnesses(ground, self.rehearsal.like, self._judge, peer_delivery=asked.peer_delivery)

    @property
    def spent(self) -> Spent:
        """Where the time of all exposures went."""
        return self._spent

    def look_again(self) -> SecondLook:
        """Let both checkers look at every outcome of the exposures so far, and at the undisturbed operation."""
        return self._witnesses.look_again()

    def linked(self) -> Mapping[Met, frozenset[Violation]]:
        """What the id mappings of the exposures so far break, by schedule, of each outcome that of one."""
        return self._witnesses.linked()

    def schedule(self, faults: Sequence[Fault]) -> Schedule:
        """The trial's operation under these faults."""
        asked = self._asked
        name = self._ground.store.design.name
        return Schedule(name, asked.cell.name, asked.kind, asked.k, tuple(faults), asked.peer_delivery)

    def expose(self, schedules: Sequence[Schedule]) -> Iterator[list[Exposure]]:
        """Run these schedules, batch by batch."""
        for start in range(0, len(schedules), BATCH):
            yield self._batch(schedules[start : start + BATCH])

    def continued(self, faults: Sequence[Fault]) -> dict[Fault, tuple[Passage, ...]]:
        """By each of these faults of the first attempt, the flights of the attempt that follows it, undisturbed."""
        found: dict[Fault, tuple[Passage, ...]] = {}
        for start in range(0, len(faults), BATCH):
            some = faults[start : start + BATCH]
            staged = self._ground.stage(self._stage, len(some))
            found |= {fault: self._player.continued(made, fault) for made, fault in zip(staged, some, strict=True)}
            self._settle()
        return found

    def _batch(self, schedules: Sequence[Schedule]) -> list[Exposure]:
        with self._spent.on("scenes"):
            staged = self._ground.stage(self._stage, len(schedules))
        with self._spent.on("operations"):
            played = [self._player.play(made, schedule) for made, schedule in zip(staged, schedules, strict=True)]
        with self._spent.on("relay"):
            self._settle()
        with self._spent.on("looking"):
            left = self._ground.seen(staged, self.rehearsal.like)
        with self._spent.on("judging"):
            return [self._judged(*each) for each in zip(schedules, staged, played, left, strict=True)]

    def _judged(self, schedule: Schedule, made: Staged, played: Played, left: Observation) -> Exposure:
        happened = played.happened(schedule)
        verdict = self._judge.verdict(left, played)
        if happened:
            self._witnesses.add(schedule, made, played, verdict)
        violations, broken, blast = (verdict.violations, verdict.broken, verdict.blast) if happened else ((), (), NOBODY)
        return Exposure(schedule, played, happened, verdict.left, violations, broken, blast)
