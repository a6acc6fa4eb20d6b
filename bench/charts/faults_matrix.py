"""The matrix of faults and designs: what is not clean, of how many, with bounds where there was a sample. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import in_order
from bench.faults.figures.matrix import PAUSED, RANDOM_KILL, TWICE
from bench.faults.figures.orders import SIDES, cell_order
from bench.results.faults_summary_schema import MatrixCell
from bench.stats.proportion import EXPOSURES_MIN, rule_of_three

_FIRST = (*SIDES, TWICE, RANDOM_KILL, PAUSED)


@dataclass(frozen=True, slots=True)
class Square:
    """One design under one fault: exposures that are not clean, of how many; bounds of the share, or None of a census."""

    bad: int
    n: int
    void: int
    bounds: tuple[float, float] | None

    @property
    def share(self) -> float | None:
        """The share that is not clean; None without an exposure."""
        return self.bad / self.n if self.n else None

    @property
    def text(self) -> tuple[str, ...]:
        """The lines of its square: zero of a sample is told as what it excludes."""
        if not self.n:
            return ("void",) if self.void else ("–",)
        counts = (f"{self.bad:,}", f"of {self.n:,}")
        if self.bounds is None or self.n < EXPOSURES_MIN:
            return counts
        if not self.bad:
            return (*counts, f"< {_percent(rule_of_three(self.n))} %")
        return (*counts, f"{_percent(self.bounds[0])}–{_percent(self.bounds[1])}")


@dataclass(frozen=True, slots=True)
class Panel:
    """One cell of the factors: a row for each fault and what is counted, a square for each design, None where it was not met."""

    cell: str
    designs: tuple[str, ...]
    faults: tuple[str, ...]
    squares: tuple[tuple[Square | None, ...], ...]


def panels(matrix: Sequence[MatrixCell]) -> Iterator[Panel]:
    """A panel for each cell of the factors, in their order."""
    for cell in sorted({one.cell for one in matrix}, key=cell_order):
        own = [one for one in matrix if one.cell == cell]
        designs = in_order(one.design for one in own)
        rows = sorted({(one.fault, one.denominator) for one in own}, key=_place)
        found = {(one.fault, one.denominator, one.design): square(one) for one in own}
        yield Panel(
            cell,
            tuple(designs),
            tuple(f"{fault}, per {denominator}" if fault == RANDOM_KILL else fault for fault, denominator in rows),
            tuple(tuple(found.get((*row, design)) for design in designs) for row in rows),
        )


def square(one: MatrixCell) -> Square:
    """A cell of the summary as it is shown."""
    bounds = None if one.low is None or one.high is None else (one.low, one.high)
    return Square(one.partial + one.lost + one.duplicated, one.n, one.void, bounds)


def as_table(matrix: Iterable[MatrixCell], cell: str) -> Table:
    """One row for each fault, denominator and design."""
    names = ("design", "cell", "fault", "denominator", "n", "void", "partial", "lost", "duplicated", "silent", "low", "high")
    return Table(names, tuple(tuple(getattr(one, name) for name in names) for one in matrix if one.cell == cell))


def _percent(share: float) -> str:
    return f"{100 * share:.2g}" if share < 0.0995 else f"{100 * share:.0f}"


def _place(row: tuple[str, str]) -> tuple[int, str, str]:
    fault, denominator = row
    return (_FIRST.index(fault) if fault in _FIRST else len(_FIRST), fault, denominator)
