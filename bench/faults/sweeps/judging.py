"""What is left of an operation that met faults, judged once for each thing that can be left. Pure.

Scenes of one kind differ in their ids alone, and what is left of them is told in the ids of one. So most exposures leave one of a
few things, and what is judged is remembered for as long as the sweep lasts.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.checker.blast import Blast
from bench.checker.violation import Violation
from bench.crash.judge import Judgement, States, judged, judged_fresh
from bench.crash.states import states_of
from bench.drive.drivers import Told
from bench.faults.sweeps.breaking import Breaking, invariants_of
from bench.faults.sweeps.playing import Played
from bench.faults.sweeps.rehearsing import Rehearsal
from bench.history.entry import Truth
from bench.proof.masks import Kind
from bench.proof.observation import Observation


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left, and the invariants that are broken by it, each once, in order; `broken` says how, once for each key.

    `blast`: whom and what all that is broken hits. `number` tells the outcomes of a sweep apart; `found` is all that the checker
    found, what is there without any fault too.
    """

    number: int
    found: frozenset[Violation]
    left: Judgement
    violations: tuple[str, ...]
    broken: tuple[str, ...]
    blast: Blast


class Judge:
    """The judge of one sweep."""

    def __init__(self, rehearsal: Rehearsal, shortfalls: frozenset[Kind], *, peer_delivery: bool) -> None:
        self._states: list[States] = [
            states_of(rehearsal.like.scene, context, shortfalls, rehearsal.footprint, peer_delivery=peer_delivery)
            for context in rehearsal.like.contexts
        ]
        self._is_fresh = len({context.message_id for context in rehearsal.like.contexts}) > 1
        self._breaking = Breaking(rehearsal, peer_delivery=peer_delivery)
        self._known: dict[tuple[Observation, int, Told, Truth], Verdict] = {}

    @property
    def undisturbed(self) -> frozenset[Violation]:
        """All that the checker found of the rehearsed operation."""
        return self._breaking.undisturbed

    def verdict(self, left: Observation, played: Played) -> Verdict:
        """What is made of an exposure; `left` is told in the ids of the rehearsal's scene."""
        attempts = len(played.attempts)
        key = (left, attempts, played.told, played.truth)
        known = self._known.get(key)
        if known is None:
            broken = self._breaking.broken(left, attempts, played.told, played.truth)
            known = self._known[key] = Verdict(
                number=len(self._known),
                found=broken.found,
                left=self._judgement(left, attempts),
                violations=invariants_of(violation.invariant for violation in broken.counted),
                broken=tuple(f"{violation.invariant} {violation.direction}" for violation in broken.counted),
                blast=broken.blast,
            )
        return known

    def _judgement(self, left: Observation, attempts: int) -> Judgement:
        if self._is_fresh and attempts > 1:
            return judged_fresh(self._states[0], self._states[1], left.projection)
        return judged(self._states[0], left.projection)
