"""Looking up what an operation writes, by design and number of agents. Pure; raises `Missing` for what a run does not have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from bench.claims.verdict import Evidence, Missing, NotComparable
from bench.contrasts import ANATOMY, reasons, told
from bench.results.schema import AnatomyCell, DesignRecord
from bench.scenes import FIRST, HEADLINE, WARM

PER_SIDE = "per_side"

ByAgents = dict[int, float]
"""A figure for each number k of agents in the channel, in ascending order."""


def rows_changed(cell: AnatomyCell, tables: Collection[str] | None = None) -> float:
    """Rows inserted, updated or deleted by one operation; in these tables, or in all."""
    return float(
        sum(row.inserted + row.updated + row.deleted for name, row in cell.rows.items() if tables is None or name in tables)
    )


def statements(cell: AnatomyCell) -> float:
    """Statements of one operation, reads and writes."""
    return cell.statements_read + cell.statements_write


def warm_message(evidence: Evidence, design: str, figure: Callable[[AnatomyCell], float]) -> ByAgents:
    """A figure of one message in a channel where everything is known already, for each k."""
    return by_agents(evidence, design, HEADLINE, WARM, figure)


def comparable(evidence: Evidence, kind: str, *designs: str, part: str = ANATOMY) -> None:
    """Raises `NotComparable` when one of these designs is left out of comparisons by this kind of operation."""
    found = reasons(evidence.summary.left_out, part, kind, *designs)
    if found:
        raise NotComparable(told(found))


def reasons_by_kind(evidence: Evidence, *designs: str) -> dict[str, str]:
    """The kinds of operation by which these designs may not be compared, each with why."""
    kinds = sorted({row.kind for row in evidence.summary.left_out if row.part == ANATOMY})
    found = {kind: reasons(evidence.summary.left_out, ANATOMY, kind, *designs) for kind in kinds}
    return {kind: told(rows) for kind, rows in found.items() if rows}


def first_contact(evidence: Evidence, design: str, figure: Callable[[AnatomyCell], float]) -> ByAgents:
    """A figure of a user's join and first message in a channel where nothing was said, for each k."""
    return by_agents(evidence, design, HEADLINE, FIRST, figure)


def by_agents(evidence: Evidence, design: str, kind: str, state: str, figure: Callable[[AnatomyCell], float]) -> ByAgents:
    """A figure of one kind of operation for each k that was counted; at least one."""
    found = {
        cell.k: figure(cell)
        for cell in evidence.summary.anatomy
        if (cell.design, cell.atomicity, cell.kind, cell.state) == (design, PER_SIDE, kind, state)
    }
    if not found:
        raise Missing(f"the rows and statements of {kind} ({state}) in {design}")
    return dict(sorted(found.items()))


def shared_agents(figures: Sequence[ByAgents], least: int = 0) -> list[int]:
    """The k, from `least` on, that all figures have; at least one."""
    ks = sorted(k for k in set.intersection(*(set(figure) for figure in figures)) if k >= least)
    if not ks:
        raise Missing(f"a channel with {least} or more agents that was counted in every design compared")
    return ks


def tables(evidence: Evidence, design: str) -> DesignRecord:
    """A design's record in the run."""
    if design not in evidence.run.designs:
        raise Missing(f"{design}, which did not take part")
    return evidence.run.designs[design]


def table_names(evidence: Evidence, design: str) -> list[str]:
    """The tables of a design on both sides, by name."""
    return sorted(name for side in tables(evidence, design).tables.values() for name in side)
