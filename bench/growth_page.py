"""Keeps the figures of docs/growth.md equal to those of runs: `python -m bench.growth_page results/RUN ...` renews them.

What stands between two marks is written here from the runs' summaries, each block from the first run that has it; a block that no
run has stays as it is. The rest of the page is by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.charts.ladder import Stair, staircases
from bench.errors import UserError
from bench.growth.sizes import AXES
from bench.pages import DOCS, renew, table, with_blocks
from bench.report.grid import figure
from bench.report.growth import exponents_in_words, growth_grids
from bench.report.markdown import as_markdown
from bench.results.files import read_record
from bench.results.folder import SUMMARY
from bench.results.growth_schema import GrowthSummary
from bench.results.ladder_schema import LadderSummary
from bench.results.schema import Summary
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words

PAGE = DOCS / "growth.md"

SHOWN = ("send", "reply", "join", "join_agent")
"""Kinds of operation whose steps the page shows."""


def renewed(page: str, summaries: Sequence[Summary]) -> str:
    """The page with the blocks that these runs have written anew. Pure."""
    found: dict[str, list[str]] = {}
    for summary in summaries:
        for name, lines in _blocks(summary):
            found.setdefault(name, lines)
    return with_blocks(page, found)


def _blocks(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    if summary.growth is not None:
        yield from _of_growth(summary.growth)
    if summary.ladder is not None:
        yield "rungs", list(_rungs(summary.ladder))
        if summary.ladder.ratios:
            yield "steps", list(_steps(summary.ladder))


def _of_growth(growth: GrowthSummary) -> Iterator[tuple[str, list[str]]]:
    grids = {grid.heading[0] if grid.heading[0] != "design" else grid.heading[1]: grid for grid in growth_grids(growth)}
    for axis in AXES:
        rows = [slope for slope in growth.slopes if slope.axis == axis]
        if rows:
            one = growth.model_copy(update={"slopes": rows, "count_slopes": [], "points": [], "wall": []})
            yield axis, list(table(growth_grids(one)[0]))
    if growth.count_slopes:
        yield "counts", list(table(grids["count"]))
    if growth.wall:
        exponents = (f"`{row.design}`: {exponents_in_words(row)}, {row.runs} streams" for row in growth.exponents)
        yield "wall time", [*table(grids["messages"]), "", f"Exponent of wall time: {'; '.join(exponents) or 'one length only'}."]


def _rungs(ladder: LadderSummary) -> Iterator[str]:
    yield "| rung | what changes | declared gaps |"
    yield "|---|---|---|"
    for rung in ladder.rungs:
        gaps = ", ".join(gap.replace("_", " ") for gap in rung.gaps) or "none"
        yield f"| `{rung.variant}` | {as_markdown(rung.change)} | {gaps} |"


def _steps(ladder: LadderSummary) -> Iterator[str]:
    yield "| kind | rung | statements | round trips | rows | WAL bytes | step [95 %] | from the first [95 %] | n |"
    yield "|---|---|---:|---:|---:|---:|---|---|---:|"
    for staircase in staircases(ladder, SHOWN):
        for stair in staircase.stairs:
            yield f"| {staircase.kind} | `{stair.rung.variant}` | {_counts(stair)} | {_ratios(stair)} |"


def _counts(stair: Stair) -> str:
    count = stair.count
    values = (None,) * 4 if count is None else (count.statements, count.round_trips, count.rows, count.wal_bytes)
    return " | ".join(map(figure, values))


def _ratios(stair: Stair) -> str:
    step, place = stair.step, stair.place
    if step is None or place is None:
        return "– | – | –"
    told = [f"{'' if row.separated else '~ '}{interval_in_words(Interval(row.ratio, row.low, row.high))}" for row in (step, place)]
    return " | ".join([*map(str, map(as_markdown, told)), figure(step.n)])


def main(folders: Sequence[str]) -> None:
    """Renew the page from these runs. Raises `UserError` for a run without growth and without a ladder."""
    summaries = [read_record(Path(folder) / SUMMARY, Summary) for folder in folders]
    for folder, summary in zip(folders, summaries, strict=True):
        if summary.growth is None and summary.ladder is None:
            raise UserError(f"{folder}: it has neither growth nor a ladder: give runs of --profile growth or ladder")
    renew(PAGE, lambda page: renewed(page, summaries))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except UserError as refused:
        sys.exit(str(refused))
