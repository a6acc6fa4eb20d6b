"""Puts the figures of a stored run into docs/driver.md: `python -m bench.driver_page RUN`.

Between the marks of a part stands what the run found; the rest of the page is by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.aligning import aligned
from bench.errors import UserError
from bench.pages import DOCS, renew
from bench.report.grid import Grid
from bench.report.harness import harness_grids, lead
from bench.results.folder import RunFolder
from bench.results.pgbench_schema import PgbenchSummary
from bench.results.run_record import RunRecord
from bench.summarise import derive
from bench.visible import visible

PAGE = DOCS / "driver.md"
NOT_MEASURED = "not measured yet: run the profile above"
RATIOS, PARTS = "ratios", "parts"
_PLACE = {RATIOS: "Every arm against pgbench", PARTS: "Where the harness's CPU time goes, for a message"}
_BLOCK = re.compile(r"(?P<open><!-- figures of (?P<name>[a-z-]+) -->\n).*?(?P<close><!-- end of (?P=name) -->)", re.DOTALL)


def renewed(page: str, found: PgbenchSummary | None, circumstances: str) -> str:
    """The page with the tables of the run in their places."""
    grids = {grid.title: grid for grid in harness_grids(found)}

    def part(block: re.Match[str]) -> str:
        grid = grids.get(_PLACE[block["name"]])
        lines = [NOT_MEASURED] if grid is None else [*_lines(grid), *_told(block["name"], found, circumstances)]
        text = "\n".join(visible(line) for line in lines)
        return f"{block['open']}```text\n{text}\n```\n{block['close']}"

    return _BLOCK.sub(part, page)


def _lines(grid: Grid) -> list[str]:
    words = len(grid.heading) - len(grid.numbers)
    # Words first, then figures: that is how the columns of plain text are aligned.
    order = sorted(range(len(grid.heading)), key=lambda column: column in grid.numbers)
    return aligned([[row[column] for column in order] for row in (grid.heading, *grid.rows)], left=words)


def _told(name: str, found: PgbenchSummary | None, circumstances: str) -> list[str]:
    if name != RATIOS:
        return []
    fetch = lead(found).partition(" The fetch")
    return ["", circumstances, *([f"The fetch{fetch[2]}"] if fetch[2] else [])]


def circumstances(run: RunRecord) -> str:
    """The machine and the server in one line."""
    machine, server = run.machine, run.server
    cpus = f"{machine.get('cpus', 'an unknown number of')} CPUs, {machine.get('processor', 'unknown')}"
    return f"{run.started_at[:10]}, {cpus}; PostgreSQL {server.get('server_version', 'unknown')}"


def main(arguments: Sequence[str]) -> None:
    """Renew the page from this run."""
    if len(arguments) != 1:
        raise UserError("give the folder of one run below results/, one of the profile pgbench")
    folder = RunFolder.open(Path(arguments[0]))
    run = folder.read_run()
    summary = derive(folder)
    renew(PAGE, lambda page: renewed(page, summary.pgbench, circumstances(run)))


if __name__ == "__main__":
    main(sys.argv[1:])
