"""The scoreboard: each mutant against the invariants that must fire and those that did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.faults.figures.orders import invariant_order
from bench.results.faults_schema import MutantRecord

FIRED, MISSED, STRAY = "fired, as it must", "did not fire", "fired, and must not"


@dataclass(frozen=True, slots=True)
class Line:
    """One mutant: by invariant what it did, for those that must or did fire."""

    name: str
    marks: dict[str, str]
    killed: bool
    void: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All mutants, and the invariants that any of them concerns."""

    invariants: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def killed(self) -> int:
        """Mutants that were found, by both checkers and by nothing else."""
        return sum(line.killed for line in self.lines)


def board(mutants: Sequence[MutantRecord]) -> Board:
    """The scoreboard; a mark is what both checkers say together: one of them alone is not enough to have fired."""
    lines = tuple(Line(one.name, dict(_marks(one)), one.killed, one.void > 0 and one.void == one.exposures) for one in mutants)
    return Board(tuple(sorted({name for line in lines for name in line.marks}, key=invariant_order)), lines)


def _marks(one: MutantRecord) -> Iterable[tuple[str, str]]:
    python, sql = set(one.python), set(one.python if one.sql is None else one.sql)
    for name in sorted({*one.must, *python, *sql}, key=invariant_order):
        if name in one.must:
            yield name, FIRED if name in python and name in sql else MISSED
        else:
            yield name, STRAY


def as_table(mutants: Iterable[MutantRecord]) -> Table:
    """One row for each mutant."""
    heading = ("mutant", "kind", "what", "source", "must", "python", "sql", "exposures", "void", "killed")
    return Table(
        heading,
        tuple(
            (
                one.name,
                one.kind,
                one.what,
                one.source,
                " ".join(one.must),
                " ".join(one.python),
                None if one.sql is None else " ".join(one.sql),
                one.exposures,
                one.void,
                "yes" if one.killed else "no",
            )
            for one in mutants
        ),
    )
