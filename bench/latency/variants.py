"""Which variants a paired run performs, and which of them are compared. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.drive.flights import Atomicity
from bench.registry import BASELINE

AGAIN = "again"
"""The suffix of the A/A variant: the baseline a second time, under another name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A variant by name: a design with an atomicity; `again` marks the A/A copy."""

    design: str
    atomicity: Atomicity
    again: bool = False

    @property
    def name(self) -> str:
        """Its name in tables and charts: `per_side` is the plain one."""
        levels = [str(self.atomicity)] if self.atomicity is not Atomicity.PER_SIDE else []
        levels += [AGAIN] if self.again else []
        return f"{self.design}[{','.join(levels)}]" if levels else self.design


@dataclass(frozen=True, slots=True)
class Contrast:
    """One declared comparison: a variant against a baseline, in a family that is corrected as a whole."""

    family: str
    variant: str
    baseline: str


def entries(designs: Sequence[str], *, joined: bool, again: bool) -> list[Entry]:
    """Every design per side; when asked, the baseline a second time, and every design joined."""
    plain = [Entry(design, Atomicity.PER_SIDE) for design in designs]
    copy = [Entry(base(designs), Atomicity.PER_SIDE, again=True)] if again else []
    merged = [Entry(design, Atomicity.JOINED) for design in designs] if joined else []
    return [*plain, *copy, *merged]


def contrasts(designs: Sequence[str], *, joined: bool, again: bool) -> list[Contrast]:
    """Each design against the baseline, per side and joined; each joined design against itself per side; the A/A pair."""
    baseline = base(designs)
    first = Entry(baseline, Atomicity.PER_SIDE)
    copy = Entry(baseline, Atomicity.PER_SIDE, again=True)
    found = [Contrast("a/a", copy.name, first.name)] if again else []
    others = [design for design in designs if design != baseline]
    found += [Contrast("per_side", design, first.name) for design in others]
    if joined:
        merged = {design: Entry(design, Atomicity.JOINED).name for design in designs}
        found += [Contrast("joined", merged[design], merged[baseline]) for design in others]
        found += [Contrast("joined to per_side", merged[design], design) for design in designs]
    return found


def base(designs: Sequence[str]) -> str:
    """The baseline: `dual` when it takes part, else the first design."""
    return BASELINE if BASELINE in designs else designs[0]
