"""Counts of two runs: what is equal, and what changed by how much. Pure.

Two runs of the same work count the same, so every difference is told; there is nothing to test. Bytes of WAL alone are not quite
the same in equal runs: random keys split the pages of an index at other places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.compare.figures import PROOFS, TOTALS, Name, Value, figures
from bench.compare.side import Difference, Side

WAL_BYTES_BOUND = 0.02
"""By what share bytes of WAL may differ between equal runs, or else by two splits; docs/comparing.md has the measurement."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that is not the same in both runs."""

    name: Name
    a: Value
    b: Value


@dataclass(frozen=True, slots=True)
class Counts:
    """How many figures both runs have, how many of them are equal, and which are not.

    `wal_bytes_compared` and `wal_bytes_changed` are apart, since only a difference beyond the bound is one. `cut` are sessions that
    a limit ended at another operation in each run; they are not compared. `only_a` and `only_b` say what one run alone has, by
    part; `unmeasured_a` and `unmeasured_b` which figures could not be measured in that run, how many of each.
    """

    compared: int
    changed: Sequence[Changed]
    wal_bytes_compared: int
    wal_bytes_changed: Sequence[Changed]
    cut: Sequence[Difference]
    only_a: Mapping[str, int]
    only_b: Mapping[str, int]
    unmeasured_a: Mapping[str, int]
    unmeasured_b: Mapping[str, int]

    @property
    def equal(self) -> int:
        """Figures that are the same in both runs, bytes of WAL left out."""
        return self.compared - len(self.changed)


def counts(a: Side, b: Side) -> Counts:
    """Compare everything that both runs counted."""
    cut = _cut(a, b)
    trials = {difference.what for difference in cut}
    of_a, of_b = ({name: value for name, value in figures(side).items() if _trial(name) not in trials} for side in (a, b))
    things_a, things_b = ({(name.part, name.of) for name in found} for found in (of_a, of_b))
    both = [name for name in dict.fromkeys((*of_a, *of_b)) if (name.part, name.of) in things_a & things_b]
    # A table of which no row changed, and a gap that touched none, are not stored.
    pairs = [Changed(name, of_a.get(name, 0.0), of_b.get(name, 0.0)) for name in both]
    measured = [pair for pair in pairs if pair.a is not None and pair.b is not None]
    steady = [pair for pair in measured if pair.name.slack is None]
    return Counts(
        compared=len(steady),
        changed=[pair for pair in steady if pair.a != pair.b],
        wal_bytes_compared=len(measured) - len(steady),
        wal_bytes_changed=[pair for pair in measured if pair.name.slack is not None and _beyond(pair)],
        cut=cut,
        only_a=_by_part(things_a - things_b),
        only_b=_by_part(things_b - things_a),
        unmeasured_a=Counter(pair.name.figure for pair in pairs if pair.a is None and pair.b is not None),
        unmeasured_b=Counter(pair.name.figure for pair in pairs if pair.b is None and pair.a is not None),
    )


def _cut(a: Side, b: Side) -> list[Difference]:
    """Sessions that performed more operations in one run than in the other."""
    found = []
    for trial in a.totals:
        performed = [sorted({total.operations for total in side.totals.get(trial, ())}) for side in (a, b)]
        if all(performed) and performed[0] != performed[1]:
            found.append(Difference(trial, *(", ".join(map(str, one)) for one in performed)))
    return found


def _trial(name: Name) -> str | None:
    return name.of.partition(", ")[0] if name.part in {TOTALS, PROOFS} else None


def _beyond(pair: Changed) -> bool:
    if not isinstance(pair.a, (int, float)) or not isinstance(pair.b, (int, float)):
        return pair.a != pair.b
    return abs(pair.b - pair.a) > max(WAL_BYTES_BOUND * max(abs(pair.a), abs(pair.b)), pair.name.slack or 0.0)


def _by_part(things: set[tuple[str, str]]) -> dict[str, int]:
    return dict(sorted(Counter(part for part, _ in things).items()))
