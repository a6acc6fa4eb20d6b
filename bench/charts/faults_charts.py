"""The charts of faults."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.charts import (
    faults_matrix,
    faults_matrix_figure,
    faults_score,
    faults_score_figure,
    faults_sites,
    faults_sites_figure,
    faults_survival_figure,
    faults_time,
    faults_timeline_figure,
)
from bench.charts.chart import Chart, Words, slug
from bench.charts.drawing import chart
from bench.checker.catalogue import INVARIANTS
from bench.faults.figures.spoken import cell_spoken, plain, side_spoken
from bench.results.faults_summary_schema import FaultsSummary
from bench.results.schema import Summary

FAULTS = "faults"
"""The section that the charts belong to."""

_STORE = "store"
TIMELINES = 8
"""Drawn at the most; what is not drawn stands in the trials."""


_BOARDS = (("faults-mutants-stores", "a store", True), ("faults-mutants", "a history, a design or a fault", False))
"""Boards of mutants, each no longer than a page: its file, what is wrong, and whether that is the store."""


def fault_charts(summary: Summary) -> Iterator[Chart]:
    """Site maps, matrices, timelines, windows and the scoreboard, of whatever the run has."""
    if summary.faults is not None:
        yield from _sites(summary.faults)
        yield from _matrices(summary.faults)
        yield from _timelines(summary.faults)
        yield from _windows(summary.faults)
        yield from _scoreboard(summary.faults)


def _sites(faults: FaultsSummary) -> Iterator[Chart]:
    for found in faults_sites.site_maps(faults.strips):
        sides = ", ".join(map(side_spoken, found.sides))
        how = (
            f"Each cell is a message to the server, cut in a run of its own; white lines part flights. Bands from above: {sides}.",
            "The colour is what was left when all was over, the number at the end how many cuts left it split or doubled.",
        )
        n = sum(strip.tried for strip in found.strips)
        caption = (
            f"n = {n:,} schedules, each once: a census and no sample, so no interval. A bar above a strip is a transaction; it ends"
            " with its COMMIT."
        )
        words = Words(f"Cut at every message, {cell_spoken(found.cell)}: {plain(found.kind)}, k = {found.k}", how, caption)
        table = faults_sites.as_table(faults.strips, found.cell, found.kind, found.k)
        name = slug(f"faults-sites-{found.cell}-{found.kind}-{found.k}")
        yield chart(name, FAULTS, words, table, partial(faults_sites_figure.draw, found))


def _matrices(faults: FaultsSummary) -> Iterator[Chart]:
    for panel in faults_matrix.panels(faults.matrix):
        how = (
            "Each square is one fault met by one design: exposures left split, doubled, or lost though told ok, of how many.",
            "Darker: a larger share. A third line is the interval of the share in percent, and of a zero what it excludes.",
        )
        n = sum(found.n for row in panel.squares for found in row if found is not None)
        caption = (
            f"n = {n:,} exposures, void ones left out. What is enumerated is a census, without an interval; kills at random are a"
            " sample: Wilson, 95 %, and below 3/n where none was bad."
        )
        words = Words(f"Faults and designs, {cell_spoken(panel.cell)}", how, caption)
        table = faults_matrix.as_table(faults.matrix, panel.cell)
        yield chart(slug(f"faults-matrix-{panel.cell}"), FAULTS, words, table, partial(faults_matrix_figure.draw, panel))


def _timelines(faults: FaultsSummary) -> Iterator[Chart]:
    for number, timeline in enumerate(faults_time.timelines(faults.moments, faults.regions)):
        if number == TIMELINES:
            return
        how = (
            "Each bar is one operation in the row of who performed it; its colour is what the caller heard.",
            "Pale stretches are faults, from the evidence that they began to the evidence that they were over.",
        )
        caption = f"n = {len(timeline.moments):,} operations, {len(timeline.regions)} faults; one stream, so no interval."
        words = Words(f"Operations and faults in time, {cell_spoken(timeline.cell)}: {timeline.design}", how, caption)
        name = slug(f"faults-time-{timeline.cell}-{timeline.design}")
        yield chart(name, FAULTS, words, faults_time.timeline_table(timeline), partial(faults_timeline_figure.draw, timeline))


def _windows(faults: FaultsSummary) -> Iterator[Chart]:
    for found in faults_time.curves(faults.survival):
        how = (
            "Each curve is one design: the share of its violations that had not healed after so long. Further left is better.",
            "A ring at the end: some had not healed when nobody looked any more. Pale: the band of the curve.",
        )
        n = sum(curve.n for curve in found.curves)
        caption = f"n = {n:,} violations; Kaplan-Meier, 95 % interval by Greenwood; a window is told by the longest that it may be."
        title = f"How long {_titled(found.invariant)} stays broken, {cell_spoken(found.cell)}: {found.fault}"
        words = Words(title, how, caption)
        name = slug(f"faults-windows-{found.cell}-{found.invariant}-{found.fault}")
        yield chart(name, FAULTS, words, faults_time.curves_table(found), partial(faults_survival_figure.draw, found))


def _scoreboard(faults: FaultsSummary) -> Iterator[Chart]:
    for name, spoken, of_stores in _BOARDS:
        mutants = [mutant for mutant in faults.mutants if (mutant.kind == _STORE) is of_stores]
        if not mutants:
            continue
        found = faults_score.board(mutants)
        how = (
            f"Each row is {spoken} made wrong on purpose; a filled square is an invariant that fired and must.",
            "An empty square: it must fire and did not. A cross: it fired and must not. Both checkers have to agree.",
        )
        caption = f"n = {len(found.lines)} mutants, {found.killed} found: all that there are, so no interval."
        words = Words(f"Mutants: does the checker find {spoken} that is wrong?", how, caption)
        yield chart(name, FAULTS, words, faults_score.as_table(mutants), partial(faults_score_figure.draw, found))


def _titled(invariant: str) -> str:
    """An invariant with what it is about."""
    return f"{invariant} ({INVARIANTS[invariant].title})" if invariant in INVARIANTS else invariant
