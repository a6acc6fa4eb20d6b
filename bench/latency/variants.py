"""Which variants a paired run performs, and which of them are compared. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bench.charts.palette import design_of, levels_of
from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.factors import DEFAULT, Levels, name, parse
from bench.latency.planting import Planted, is_mark
from bench.registry import BASELINE

JOINED = Levels(atomicity=Atomicity.JOINED)

AGAIN = "again"
"""The suffix of the A/A variant: the baseline a second time, under another name."""

PER_SIDE = "per_side"
"""The family of designs as they are."""

SAME, SAME_JOINED = "a/a", "a/a, joined"
"""The families of the A/A pairs: of the designs as they are, and of the sessions that have joined ones."""

SAMES = frozenset({SAME, SAME_JOINED})

PLANTED_FAMILY = "a/a+delta"
"""The family of copies of the baseline with a planted cost."""

FACTORS_FAMILY = "factors"
"""The family of variants that differ from their own design in a factor."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A variant by name: a design with levels of the factors; `again` marks the A/A copy, `planted` one with a planted cost."""

    design: str
    levels: Levels = DEFAULT
    again: bool = False
    planted: Planted | None = None

    @property
    def name(self) -> str:
        """Its name in tables and charts, as `bench.factors.name` writes it, with its marks behind the levels."""
        plain = name(self.design, self.levels)
        marks = [*levels_of(plain), *([AGAIN] if self.again else []), *([self.planted.name] if self.planted else [])]
        return f"{self.design}[{','.join(marks)}]" if marks else self.design


@dataclass(frozen=True, slots=True)
class Contrast:
    """One declared comparison: a variant against a baseline, in a family that is corrected as a whole."""

    family: str
    variant: str
    baseline: str


def entries(
    designs: Sequence[str],
    *,
    joined: bool,
    again: bool,
    variants: Sequence[str] = (),
    planted: Sequence[Planted] = (),
) -> list[Entry]:
    """Every design per side; when asked, the baseline a second time and with planted costs, and every design joined; then the
    variants asked for. `again` with `joined` repeats the joined baseline.

    A variant that takes part anyway is not repeated. Raises `UserError` for one that cannot be read or whose design takes no part.
    """
    found = [Entry(design) for design in designs]
    found += [Entry(base(designs), again=True)] if again and not joined else []
    found += [Entry(base(designs), planted=cost) for cost in planted]
    found += [Entry(design, JOINED) for design in designs] if joined else []
    found += [Entry(base(designs), JOINED, again=True)] if again and joined else []
    for text in variants:
        entry = Entry(*parse(text))
        if entry.design not in designs:
            raise UserError(f"variant {text!r}: {entry.design!r} is not among the designs of this run, {', '.join(designs)}")
        if entry not in found:
            found.append(entry)
    return found


def contrasts(designs: Sequence[str], names: Collection[str], variants: Sequence[str] = ()) -> list[Contrast]:
    """What is compared among the variants of these names: the A/A pair, planted costs, then each design against the baseline.

    Where designs are joined they are compared joined, and each with itself per side; per side with each other only beside an A/A
    pair that is per side, too. A variant of a factor is compared with its own design alone, at the default levels, in a family
    of its own: a design's schema and a level of a factor are never one difference. Designs that are to be compared and are not
    among the names are in the answer, too: rows that lack them are damaged.
    """
    baseline = base(designs)
    merged = {design: Entry(design, JOINED).name for design in designs}
    joined = any(merged[design] in names for design in designs)
    others = [design for design in designs if design != baseline]
    copies = [(SAME, Entry(baseline, again=True), baseline), (SAME_JOINED, Entry(baseline, JOINED, again=True), merged[baseline])]
    found = [Contrast(family, copy.name, own) for family, copy, own in copies if copy.name in names]
    planted = [name for name in names if any(map(is_mark, levels_of(name)))]
    found += [Contrast(PLANTED_FAMILY, name, baseline) for name in planted]
    if not joined or Entry(baseline, again=True).name in names:
        found += [Contrast(PER_SIDE, design, baseline) for design in others]
    if joined:
        found += [Contrast("joined", merged[design], merged[baseline]) for design in others]
        found += [Contrast("joined to per_side", merged[design], design) for design in designs]
    known = {entry.name for entry in entries(designs, joined=joined, again=True)}
    extra = [entry for entry in entries(designs, joined=joined, again=True, variants=variants) if entry.name not in known]
    return found + [Contrast(_family(entry.levels), entry.name, entry.design) for entry in extra if entry.name in names]


def same_family(family: str, present: Collection[str]) -> str:
    """The A/A family that shows what identical code does where this family was measured; `present` are those that the run has."""
    return SAME if family in {PER_SIDE, PLANTED_FAMILY, *SAMES - {SAME_JOINED}} or SAME_JOINED not in present else SAME_JOINED


def _family(levels: Levels) -> str:
    """Variants of a factor by atomicity, so that atomic and non-atomic ones never stand in one column."""
    if levels.atomicity is Atomicity.PER_SIDE:
        return FACTORS_FAMILY
    return f"{FACTORS_FAMILY}, {levels.atomicity}"


def atomicity_of(variant: str) -> Atomicity:
    """The atomicity of a variant by its name, whatever marks it has."""
    levels = [level for level in levels_of(variant) if level != AGAIN and not is_mark(level)]
    plain = f"{design_of(variant)}[{','.join(levels)}]" if levels else design_of(variant)
    return parse(plain)[1].atomicity


def base(designs: Sequence[str]) -> str:
    """The baseline: `dual` when it takes part, else the first design."""
    return BASELINE if BASELINE in designs else designs[0]
