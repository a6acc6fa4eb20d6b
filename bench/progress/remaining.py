"""How long a run may still take, from what its phases were given and what the ended ones took. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.progress.events import PlannedPhase

PACE_MIN, PACE_MAX = 0.05, 4.0
"""Bounds of the pace: one short phase must not turn an hour into seconds."""

BELIEVED = 0.02
"""A phase says enough of its own pace from this share on."""


@dataclass(slots=True)
class Remaining:
    """Budgets of the phases to come, and the pace so far: seconds taken for a second of budget."""

    _to_come: dict[str, float] = field(default_factory=dict)
    _budget_s: float = 0.0
    _took_s: float = 0.0

    def plan(self, phases: Sequence[PlannedPhase]) -> None:
        """These phases are to come."""
        self._to_come = {phase.name: phase.budget_s for phase in phases}

    def began(self, name: str) -> None:
        """A phase is no longer to come."""
        self._to_come.pop(name, None)

    def ended(self, budget_s: float, took_s: float) -> None:
        """A phase took so long."""
        self._budget_s += budget_s
        self._took_s += took_s

    @property
    def pace(self) -> float:
        """Seconds taken for a second of budget; 1 before any phase ended."""
        if self._budget_s <= 0:
            return 1.0
        return min(max(self._took_s / self._budget_s, PACE_MIN), PACE_MAX)

    def phase_s(self, budget_s: float, elapsed_s: float, done: float) -> float:
        """Seconds left of a phase that is `done` (0 to 1) after `elapsed_s`."""
        if done >= BELIEVED:
            return elapsed_s * (1 - min(done, 1.0)) / min(done, 1.0)
        return max(budget_s * self.pace - elapsed_s, 0.0)

    def run_s(self, phase_left_s: float) -> float:
        """Seconds left of the run when its phase has so many."""
        return phase_left_s + self.pace * sum(self._to_come.values())
