"""Which invariants are broken by what is left of one operation. Pure.

The checkers see the scene with its whole history. What a design breaks there without any fault is its declared shortfall, and no
fault's doing, so it does not count.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.checker.check import check
from bench.checker.expectation import subscriptions
from bench.checker.observed import store_rows
from bench.checker.rows import Rows, columns_of
from bench.checker.severity import Blast, blast
from bench.checker.telling import told_rows
from bench.checker.violation import Violation
from bench.drive.drivers import Told
from bench.faults.sweeps.rehearsing import Rehearsal
from bench.faults.sweeps.staging import Staged
from bench.history.entry import Truth
from bench.proof.observation import Observation


class Breaking:
    """Decides for one sweep; everything is told in the ids of its rehearsal's scene. `outcomes` are all that it looked at."""

    def __init__(self, rehearsal: Rehearsal, *, peer_delivery: bool) -> None:
        self._like = rehearsal.like
        self._peer_delivery = peer_delivery
        self.outcomes: list[Rows] = []
        before, after = rehearsal.before, rehearsal.after
        # An end unknown is no claim of its own, so what shows then is no more the fault's doing.
        self._anyway = frozenset(
            (
                *self._found(before, 0, Told.FAIL, Truth.ABORTED),
                *self._found(before, 1, Told.INFO, Truth.ABORTED),
                *self._found(after, 1, Told.OK, Truth.COMMITTED),
                *self._found(after, 1, Told.INFO, Truth.COMMITTED),
            )
        )

    @property
    def peer_delivery(self) -> bool:
        """Whether an agent's reply reaches the channel's other agents."""
        return self._peer_delivery

    def broken(self, left: Observation, attempts: int, told: Told, truth: Truth) -> tuple[list[Violation], Blast]:
        """What an operation breaks that ended so and left this, and whom and what that hits."""
        found = self._found(left, attempts, told, truth)
        counted = [violation for violation in found if self._as_first(violation) not in self._anyway]
        return counted, blast(counted, self.outcomes[-1])

    def _found(self, left: Observation, attempts: int, told: Told, truth: Truth) -> list[Violation]:
        rows = store_rows(left)
        rows.add(_history(self._like, attempts, told, truth))
        rows.subscription = subscriptions(rows.history)
        self.outcomes.append(rows)
        return check(columns_of(rows, peer_delivery=self._peer_delivery, maps_ids=left.id_map is not None))

    def _as_first(self, violation: Violation) -> Violation:
        """The same of the message that the first attempt would have written, under whose id the undisturbed operation wrote."""
        first, *others = [context.message_id for context in self._like.contexts]
        if first is None or not others:
            return violation
        return Violation(
            violation.invariant, tuple(first if part in others else part for part in violation.key), violation.direction
        )


def invariants_of(violations: Iterable[Violation]) -> tuple[str, ...]:
    """The names of the invariants, each once, in their order."""
    return tuple(sorted({violation.invariant for violation in violations}, key=_number))


def _history(like: Staged, attempts: int, told: Told, truth: Truth) -> Rows:
    """One process that did everything in order; no attempt: only the setup."""
    rows = Rows()
    for number, (operation, context) in enumerate(zip(like.scene.setup, like.setup, strict=True)):
        rows.add(told_rows(operation, [context], told="ok", truth="committed", invoke_ns=2 * number, done_ns=2 * number + 1))
    if attempts:
        begin_ns = 2 * len(like.setup)
        contexts = like.contexts[:attempts]
        rows.add(told_rows(like.operation, contexts, told=told, truth=truth, invoke_ns=begin_ns, done_ns=begin_ns + 1))
    return rows


def _number(invariant: str) -> tuple[int, str]:
    """Where an invariant stands among the others: I4 before I15."""
    digits = invariant.lstrip("I")
    return (int(digits) if digits.isdigit() else 0, invariant)
