"""The costs that docs/designs.md derives by hand, read from its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.drive.flights import Atomicity
from bench.results.schema import AnatomyCell
from bench.scenes import FIRST, WARM

STATES = (WARM, FIRST)
_SECTION = re.compile(r"^### What a message costs `(?P<design>\w+)`\n\n(?P<table>(?:\|.*\n)+)", re.MULTILINE)
_TERM = re.compile(r"(?P<factor>\d+)?(?P<variable>k|\[k > 0\])?")
_FIGURES = {
    "transactions, per side": (Atomicity.PER_SIDE, "transactions"),
    "transactions, joined": (Atomicity.JOINED, "transactions"),
    "statements that read": (None, "statements_read"),
    "statements that write": (None, "statements_write"),
    "round trips, per side": (Atomicity.PER_SIDE, "round_trips"),
}
"""What a row that names no table stands for: the atomicity it holds for (None: either), and the field of the cell."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The formulas of one design by row name, for a warm message and a first contact."""

    design: str
    rows: dict[str, tuple[str, str]]


def derived_costs(page: str) -> list[Costs]:
    """The tables of the page, in its order."""
    return [Costs(found["design"], _rows(found["table"])) for found in _SECTION.finditer(page)]


def _rows(table: str) -> dict[str, tuple[str, str]]:
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    assert cells[0] == ["", "warm message", "first contact", "because"]
    return {name: (warm, first) for name, warm, first, reason in cells[2:] if reason}


def value(formula: str, k: int) -> int:
    """What a formula such as `2 + 5k` or `1 + [k > 0]` gives for k agents."""
    total = 0
    for term in formula.split(" + "):
        found = _TERM.fullmatch(term)
        assert found is not None, f"{formula!r} is no formula"
        assert term, f"{formula!r} has an empty term"
        variable = {None: 1, "k": k, "[k > 0]": int(k > 0)}[found["variable"]]
        total += int(found["factor"] or 1) * variable
    return total


def disagreements(costs: Costs, cell: AnatomyCell) -> list[str]:
    """One line for each figure of a counted cell that the page derives otherwise, or leaves out."""
    place = STATES.index(cell.state)
    expected = {name: value(formulas[place], cell.k) for name, formulas in costs.rows.items()}
    tables = {name.strip("`"): count for name, count in expected.items() if name.startswith("`")}
    inserted = {name: count for name, count in tables.items() if count}
    counted = {name: (rows.inserted, rows.updated, rows.deleted) for name, rows in cell.rows.items()}
    lines = [
        f"{name}: the page derives {inserted.get(name, 0)} rows inserted, counted {counted.get(name, (0, 0, 0))}"
        for name in sorted(inserted.keys() | counted.keys())
        if counted.get(name, (0, 0, 0)) != (inserted.get(name, 0), 0, 0)
    ]
    for name, (atomicity, figure) in _FIGURES.items():
        if atomicity in {None, Atomicity(cell.atomicity)} and expected[name] != getattr(cell, figure):
            lines.append(f"{name}: the page derives {expected[name]}, counted {getattr(cell, figure):g}")
    where = f"{cell.design}, {cell.atomicity}, k = {cell.k}, {cell.state}: "
    return [where + line for line in lines]
