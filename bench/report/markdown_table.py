"""Tables of Markdown for a pull request: folded away when they are long, cut where a comment would end. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench.report.grid import figure
from bench.report.markdown import as_markdown

ROWS_OPEN = 12
"""A longer table is folded away."""
ROWS_SHOWN = 80
"""A longer table is cut, so that the whole fits where comments may have 65,536 characters; `--json` has all rows."""
CELL_SHOWN = 120
"""A longer text in a cell is cut."""


def table(
    title: str, heading: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), *, folded: bool = False
) -> Iterator[str]:
    """A table below its title, folded away when it is long; nothing when it has no rows."""
    found = list(rows)
    if not found:
        return
    lines = [_line(heading), "|" + "".join(" ---: |" if place in numbers else " --- |" for place in range(len(heading)))]
    lines += [_line(row) for row in found[:ROWS_SHOWN]]
    text = "\n".join(lines)
    if len(found) > ROWS_SHOWN:
        text += f"\n\n{figure(len(found) - ROWS_SHOWN)} more rows; `--json` gives all of them."
    if folded or len(found) > ROWS_OPEN:
        summary = f"{as_markdown(title)}: {counted(len(found), 'row', 'rows')}"
        yield f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
    else:
        yield f"## {as_markdown(title)}\n\n{text}"


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun: `1 row`, `1,200 rows`."""
    return f"{figure(count)} {one if count == 1 else many}"


def _line(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {_cell(cell)} |" for cell in cells)


def _cell(text: str) -> str:
    return as_markdown(text if len(text) <= CELL_SHOWN else f"{text[:CELL_SHOWN]}...")
