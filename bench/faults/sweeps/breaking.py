"""Which invariants are broken by what is left of one operation. Pure.

The checkers see the scene with its whole history. What a design breaks there without any fault is its declared shortfall, and no
fault's doing, so it does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.checker.blast import Blast, blast
from bench.checker.check import check
from bench.checker.expectation import subscriptions
from bench.checker.observed import store_rows
from bench.checker.rows import Rows, columns_of
from bench.checker.telling import told_rows
from bench.checker.violation import Violation
from bench.drive.drivers import Told
from bench.faults.sweeps.rehearsing import Rehearsal
from bench.faults.sweeps.staging import Staged
from bench.history.entry import Truth
from bench.proof.observation import Observation


@dataclass(frozen=True, slots=True)
class Broken:
    """What an outcome breaks: `found` is all of it, `counted` what the faults are to blame for, `blast` whom and what that hits."""

    found: frozenset[Violation]
    counted: tuple[Violation, ...]
    blast: Blast


class Breaking:
    """Decides for one sweep; everything is told in the ids of its rehearsal's scene."""

    def __init__(self, rehearsal: Rehearsal, *, peer_delivery: bool) -> None:
        self._like = rehearsal.like
        self._peer_delivery = peer_delivery
        before, after = rehearsal.before, rehearsal.after
        self.undisturbed = frozenset(self._found(after, 1, Told.OK, Truth.COMMITTED)[0])
        """All that is broken by the operation without a fault."""
        # An end unknown is no claim of its own, so what shows then is no more the fault's doing.
        self._anyway = frozenset(
            (
                *self._found(before, 0, Told.FAIL, Truth.ABORTED)[0],
                *self._found(before, 1, Told.INFO, Truth.ABORTED)[0],
                *self.undisturbed,
                *self._found(after, 1, Told.INFO, Truth.COMMITTED)[0],
            )
        )

    def broken(self, left: Observation, attempts: int, told: Told, truth: Truth) -> Broken:
        """What an operation breaks that ended so and left this."""
        found, rows = self._found(left, attempts, told, truth)
        counted = [violation for violation in found if as_first(violation, self._like) not in self._anyway]
        return Broken(frozenset(found), tuple(counted), blast(counted, rows))

    def _found(self, left: Observation, attempts: int, told: Told, truth: Truth) -> tuple[list[Violation], Rows]:
        """What is broken, and the rows that show it."""
        rows = store_rows(left)
        rows.add(history_rows(self._like, attempts, told, truth))
        rows.subscription = subscriptions(rows.history)
        return check(columns_of(rows, peer_delivery=self._peer_delivery, maps_ids=left.id_map is not None)), rows


def as_first(violation: Violation, like: Staged) -> Violation:
    """The same of the message that the first attempt would have written, under whose id the undisturbed operation wrote."""
    first, *others = [context.message_id for context in like.contexts]
    if first is None or not others:
        return violation
    return Violation(violation.invariant, tuple(first if part in others else part for part in violation.key), violation.direction)


def invariants_of(names: Iterable[str]) -> tuple[str, ...]:
    """The names of invariants, each once, in their order."""
    return tuple(sorted(set(names), key=_number))


def history_rows(staged: Staged, attempts: int, told: Told, truth: Truth) -> Rows:
    """The history of a scene: one process that did everything in order; no attempt: only the setup."""
    rows = Rows()
    for number, (operation, context) in enumerate(zip(staged.scene.setup, staged.setup, strict=True)):
        rows.add(told_rows(operation, [context], told="ok", truth="committed", invoke_ns=2 * number, done_ns=2 * number + 1))
    if attempts:
        begin_ns = 2 * len(staged.setup)
        contexts = staged.contexts[:attempts]
        rows.add(told_rows(staged.operation, contexts, told=told, truth=truth, invoke_ns=begin_ns, done_ns=begin_ns + 1))
    return rows


def _number(invariant: str) -> tuple[int, str]:
    """Where an invariant stands among the others: I4 before I15."""
    digits = invariant.lstrip("I")
    return (int(digits) if digits.isdigit() else 0, invariant)
