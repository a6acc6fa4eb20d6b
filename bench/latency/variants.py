"""Which variants a paired run performs, and which of them are compared. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.factors import DEFAULT, Levels, name, parse
from bench.registry import BASELINE

JOINED = Levels(atomicity=Atomicity.JOINED)

AGAIN = "again"
"""The suffix of the A/A variant: the baseline a second time, under another name."""

FACTORS_FAMILY = "factors"
"""The family of variants that differ from their own design in a factor."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A variant by name: a design with levels of the factors; `again` marks the A/A copy."""

    design: str
    levels: Levels = DEFAULT
    again: bool = False

    @property
    def name(self) -> str:
        """Its name in tables and charts, as `bench.factors.name` writes it; the A/A copy is of default levels."""
        return f"{self.design}[{AGAIN}]" if self.again else name(self.design, self.levels)


@dataclass(frozen=True, slots=True)
class Contrast:
    """One declared comparison: a variant against a baseline, in a family that is corrected as a whole."""

    family: str
    variant: str
    baseline: str


def entries(designs: Sequence[str], *, joined: bool, again: bool, variants: Sequence[str] = ()) -> list[Entry]:
    """Every design per side; when asked, the baseline a second time, and every design joined; then the variants asked for.

    A variant that takes part anyway is not repeated. Raises `UserError` for one that cannot be read or whose design takes no part.
    """
    found = [Entry(design) for design in designs]
    found += [Entry(base(designs), again=True)] if again else []
    found += [Entry(design, JOINED) for design in designs] if joined else []
    for text in variants:
        entry = Entry(*parse(text))
        if entry.design not in designs:
            raise UserError(f"variant {text!r}: {entry.design!r} is not among the designs of this run, {', '.join(designs)}")
        if entry not in found:
            found.append(entry)
    return found


def contrasts(designs: Sequence[str], *, joined: bool, again: bool, variants: Sequence[str] = ()) -> list[Contrast]:
    """Each design against the baseline, per side and joined; each joined design against itself per side; the A/A pair.

    A variant of a factor is compared with its own design alone, at the default levels, in a family of its own: a design's schema
    and a level of a factor are never one difference.
    """
    baseline = base(designs)
    copy = Entry(baseline, again=True)
    found = [Contrast("a/a", copy.name, baseline)] if again else []
    others = [design for design in designs if design != baseline]
    found += [Contrast("per_side", design, baseline) for design in others]
    if joined:
        merged = {design: Entry(design, JOINED).name for design in designs}
        found += [Contrast("joined", merged[design], merged[baseline]) for design in others]
        found += [Contrast("joined to per_side", merged[design], design) for design in designs]
    known = {entry.name for entry in entries(designs, joined=joined, again=again)}
    extra = [entry for entry in entries(designs, joined=joined, again=again, variants=variants) if entry.name not in known]
    return found + [Contrast(_family(entry.levels), entry.name, entry.design) for entry in extra]


def _family(levels: Levels) -> str:
    """Variants of a factor by atomicity, so that atomic and non-atomic ones never stand in one column."""
    if levels.atomicity is Atomicity.PER_SIDE:
        return FACTORS_FAMILY
    return f"{FACTORS_FAMILY}, {levels.atomicity}"


def atomicity_of(variant: str) -> Atomicity:
    """The atomicity of a variant by its name, of the A/A copy too."""
    return Atomicity.PER_SIDE if variant.endswith(f"[{AGAIN}]") else parse(variant)[1].atomicity


def base(designs: Sequence[str]) -> str:
    """The baseline: `dual` when it takes part, else the first design."""
    return BASELINE if BASELINE in designs else designs[0]
