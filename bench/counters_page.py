"""Puts the figures of stored runs into docs/counters.md: `python -m bench.counters_page RUN...`.

Between the marks of a part stands what the first of these runs that measured it found; the rest of the page is by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from bench.aligning import aligned
from bench.errors import UserError
from bench.pages import DOCS, renew
from bench.report import costs, relations
from bench.report.grid import Grid
from bench.results.folder import RunFolder
from bench.results.schema import Summary
from bench.runs.findings import findings
from bench.scenes import HEADLINE
from bench.summarise import derive
from bench.visible import visible

PAGE = DOCS / "counters.md"
NOT_MEASURED = "not measured yet: run the profile above"
_BLOCK = re.compile(r"(?P<open><!-- figures of (?P<name>[a-z-]+) -->\n).*?(?P<close><!-- end of (?P=name) -->)", re.DOTALL)


def _relations(summary: Summary) -> list[str]:
    """One warm send of each design at the largest k."""
    sends = [cell for cell in summary.anatomy if cell.kind == HEADLINE and cell.state == "warm" and cell.relations]
    k = max((cell.k for cell in sends), default=0)
    return _lines(relations.relation_grids([cell for cell in sends if cell.k == k]), (3, 4, 6, 7, 8, 10, 11))


def _checkpoints(summary: Summary) -> list[str]:
    return _lines(relations.checkpoint_grids(summary.checkpoints), (0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 14))


def _split(summary: Summary) -> list[str]:
    found = [] if summary.costs is None else costs.cost_grids(summary.costs)[:1]
    return _lines([_only(grid, HEADLINE) for grid in found], (0, 2, 3, 4, 5, 6, 7, 8, 9, 10))


def _observers(summary: Summary) -> list[str]:
    return _lines(
        [] if summary.costs is None or not summary.costs.observers else [costs.observer_grid(summary.costs.observers)], None
    )


PARTS: Mapping[str, Callable[[Summary], list[str]]] = MappingProxyType(
    {"relations": _relations, "checkpoints": _checkpoints, "split": _split, "observers": _observers, "findings": findings}
)
"""The parts of the page by the name in their marks, each with the lines of a run; none of what it did not measure."""


def renewed(page: str, of: Callable[[str], list[str]]) -> str:
    """The page with these lines in each part."""

    def part(found: re.Match[str]) -> str:
        lines = [visible(line) for line in of(found["name"])] or [NOT_MEASURED]
        text = "\n".join(lines)
        return f"{found['open']}```text\n{text}\n```\n{found['close']}"

    return _BLOCK.sub(part, page)


def main(arguments: Sequence[str]) -> None:
    """Renew the page from these runs."""
    if not arguments:
        raise UserError("give the folders of runs below results/, such as one of the profile cost")
    summaries = [derive(RunFolder.open(Path(argument))) for argument in arguments]

    def of(name: str) -> list[str]:
        return next((lines for lines in map(PARTS[name], summaries) if lines), [])

    renew(PAGE, lambda page: renewed(page, of))


def _only(grid: Grid, kind: str) -> Grid:
    return Grid(grid.title, grid.heading, tuple(row for row in grid.rows if row[1] == kind))


def _lines(grids: Sequence[Grid], columns: Sequence[int] | None) -> list[str]:
    """Tables as text in columns; of each only these columns."""
    lines: list[str] = []
    for grid in grids:
        chosen = range(len(grid.heading)) if columns is None else columns
        lines += aligned([[row[column] for column in chosen] for row in (grid.heading, *grid.rows)], left=2)
    return lines


if __name__ == "__main__":
    main(sys.argv[1:])
