"""Every outcome that a sweep told apart, looked at again: in SQL, over the canonical views of the store itself.

What is left of exposures is judged in Python, in the ids of one scene, and remembered. Here a scene of each outcome is looked at
where it lies, in its own ids, all of them in one snapshot, and the checker in SQL must find just what was judged. The id mapping of
these scenes, which the look at a batch leaves out, is read here by both checkers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.checker.check import check
from bench.checker.expectation import subscriptions
from bench.checker.in_sql.check import check_store_in_sql
from bench.checker.in_sql.loading import Part
from bench.checker.observed import store_rows
from bench.checker.rows import Rows, columns_of
from bench.checker.violation import Violation
from bench.drive.drivers import Told
from bench.faults.other_schedules import Interrupted
from bench.faults.schedule import Schedule
from bench.faults.sweeps.breaking import as_first, history_rows
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.judging import Judge, Verdict
from bench.faults.sweeps.playing import Played
from bench.faults.sweeps.staging import Staged
from bench.history.entry import Truth

LINKED = ("I11", "I12")
"""What ids that are linked can break."""

_NOBODY = -1


Met = Schedule | Interrupted
"""What an exposure met."""


@dataclass(frozen=True, slots=True)
class Witness:
    """The first exposure of an outcome: its scene, how it ended, and all that was found broken, in the ids of the rehearsed scene.

    `schedule` None: the rehearsed operation itself, which nothing disturbed.
    """

    schedule: Met | None
    staged: Staged
    attempts: int
    told: Told
    truth: Truth
    found: frozenset[Violation]


@dataclass(frozen=True, slots=True)
class SecondLook:
    """How many outcomes both checkers looked at, and of how many they found different things.

    `links` is how many exposures' id mappings were looked at, `linked` what those break, as `Witnesses.linked` tells it.
    """

    outcomes: int
    disagreements: int
    links: int
    linked: Mapping[Met, frozenset[Violation]]


class Witnesses:
    """The first exposure of each outcome of one rehearsed operation, and that operation itself."""

    def __init__(self, ground: Ground, like: Staged, judge: Judge, *, peer_delivery: bool) -> None:
        self._ground = ground
        self._like = like
        self._peer_delivery = peer_delivery
        self._undisturbed = Witness(None, like, 1, Told.OK, Truth.COMMITTED, judge.undisturbed)
        self._of_outcome: dict[int, Witness] = {}

    def add(self, schedule: Met, staged: Staged, played: Played, verdict: Verdict) -> None:
        """Take an exposure that happened, if none has left its outcome before."""
        if verdict.number not in self._of_outcome:
            witness = Witness(schedule, staged, len(played.attempts), played.told, played.truth, verdict.found)
            self._of_outcome[verdict.number] = witness

    def linked(self) -> Mapping[Met, frozenset[Violation]]:
        """By schedule, what the id mapping of each breaks beyond that of the rehearsed operation, in the ids of the latter."""
        return self._look().linked()

    def look_again(self) -> SecondLook:
        """Let both checkers look at all of them."""
        look = self._look()
        return SecondLook(len(look.scenes), look.disagreements(), len(self._of_outcome) if look.maps_ids else 0, look.linked())

    def _look(self) -> _Look:
        witnesses = [self._undisturbed, *self._of_outcome.values()]
        return _Look(self._ground, self._like, witnesses, peer_delivery=self._peer_delivery)


class _Look:
    """What was judged of some scenes, in their own ids, and what their id mappings break by the checker in Python."""

    def __init__(self, ground: Ground, like: Staged, witnesses: Sequence[Witness], *, peer_delivery: bool) -> None:
        self.maps_ids = "id_map" in ground.store.design.views()
        self.scenes = [_Scene(like, witness) for witness in witnesses]
        self._ground = ground
        self._like = like
        self._part = Part(
            channels=[witness.staged.scene.channel_id for witness in witnesses],
            servers=list(dict.fromkeys(witness.staged.scene.server_id for witness in witnesses)),
            linked=list(dict.fromkeys(name for witness in witnesses for name in witness.staged.ids)),
        )
        # The checker in SQL reads the store itself; here it is read where ids are linked.
        rows = store_rows(ground.in_place(self._part)) if self.maps_ids else Rows()
        for witness in witnesses:
            rows.add(history_rows(witness.staged, witness.attempts, witness.told, witness.truth))
        rows.subscription = subscriptions(rows.history)
        self._columns = columns_of(rows, peer_delivery=peer_delivery, maps_ids=self.maps_ids)
        self._told = {violation for scene in self.scenes for violation in scene.told}
        self._of_links = set(check(self._columns, LINKED)) if self.maps_ids else set[Violation]()

    def disagreements(self) -> int:
        """Of how many of the scenes the checker in SQL says otherwise; what names none of them counts as one more."""
        in_sql = check_store_in_sql(self._ground.checking, self._ground.store, self._columns, self._part)
        apart = (self._told | self._of_links).symmetric_difference(in_sql)
        return len({owner for violation in apart for owner in self._owners(violation) or {_NOBODY}})

    def linked(self) -> dict[Met, frozenset[Violation]]:
        """What links break in each scene, in the ids of the rehearsed one, less what they break there."""
        owners = {violation: self._owners(violation) for violation in self._of_links - self._told}
        found: dict[Met | None, set[Violation]] = {
            scene.witness.schedule: {_renamed(violation, scene.as_like) for violation, own in owners.items() if place in own}
            for place, scene in enumerate(self.scenes)
        }
        anyway = found.pop(None, set())
        counted = {
            schedule: frozenset(violation for violation in own if as_first(violation, self._like) not in anyway)
            for schedule, own in found.items()
            if schedule is not None
        }
        return {schedule: own for schedule, own in counted.items() if own}

    def _owners(self, violation: Violation) -> set[int]:
        """The places of the scenes that have all names of this violation which any of them has."""
        known = {part for part in violation.key for scene in self.scenes if part in scene.names}
        return {place for place, scene in enumerate(self.scenes) if known and known <= scene.names}


class _Scene:
    """A witness with the names of its own scene."""

    def __init__(self, like: Staged, witness: Witness) -> None:
        own = _names(like, witness.staged)
        self.witness = witness
        self.told = {_renamed(violation, own) for violation in witness.found}
        self.names = frozenset(own.values())
        self.as_like = {name: rehearsed for rehearsed, name in own.items()}


def _names(like: Staged, other: Staged) -> dict[str, str]:
    """By each id of the rehearsed scene, and by the key of each of its operations, that of another scene."""
    operations = zip((*like.scene.setup, *like.scene.target), (*other.scene.setup, *other.scene.target), strict=True)
    return {**like.named_as(other), **{one.key: two.key for one, two in operations}}


def _renamed(violation: Violation, names: Mapping[str, str]) -> Violation:
    return Violation(violation.invariant, tuple(names.get(part, part) for part in violation.key), violation.direction)
