"""Tables of the verdicts on invariants: what each design was found to do, and what needed no exposure or had none. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bench.charts.palette import in_order
from bench.faults.figures.orders import cell_order, invariant_order
from bench.report.grid import Grid, grid
from bench.results.faults_schema import VerdictRecord

VIOLATED, HELD = "violated", "held"


def verdict_grids(verdicts: Sequence[VerdictRecord]) -> list[Grid]:
    """A column of verdicts for each design, and the reasons of those that stand on no exposure."""
    return [_by_design(verdicts), _reasons(verdicts)]


def _by_design(verdicts: Sequence[VerdictRecord]) -> Grid:
    designs = in_order(one.design for one in verdicts)
    found = {(one.cell, one.invariant, one.design): one for one in verdicts}
    asked = sorted({(one.cell, one.invariant) for one in verdicts}, key=lambda key: (cell_order(key[0]), invariant_order(key[1])))
    rows = [(cell, name, *(_told(found.get((cell, name, design))) for design in designs)) for cell, name in asked]
    return grid("Verdict on every invariant", ("cell", "invariant", *designs), rows, long=True)


def _told(one: VerdictRecord | None) -> str:
    if one is None:
        return "–"
    if one.verdict == HELD:
        return f"held over {one.exposures:,}"
    if one.verdict == VIOLATED and one.violated:
        return f"violated in {one.violated:,} of {one.exposures:,}"
    return one.verdict


def _reasons(verdicts: Sequence[VerdictRecord]) -> Grid:
    """Each reason once, with the designs and cells that it is of."""
    groups: dict[tuple[str, str, str], list[VerdictRecord]] = {}
    for one in sorted(verdicts, key=lambda one: invariant_order(one.invariant)):
        if one.verdict not in {HELD, VIOLATED}:
            groups.setdefault((one.invariant, one.verdict, one.why), []).append(one)
    designs, cells = in_order(one.design for one in verdicts), sorted({one.cell for one in verdicts}, key=cell_order)
    rows = [
        (
            *group,
            _among([design for design in designs if design in {one.design for one in own}], designs, "every design"),
            _among([cell for cell in cells if cell in {one.cell for one in own}], cells, "every cell"),
        )
        for group, own in groups.items()
    ]
    heading = ("invariant", "verdict", "why", "designs", "cells")
    return grid("Verdicts that no exposure decided", heading, rows, prose=(2, 3, 4), long=True)


def _among(own: Sequence[str], everything: Collection[str], spoken: str) -> str:
    return spoken if len(own) == len(everything) else ", ".join(own)
