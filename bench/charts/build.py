"""All charts of a run, from its summary and its raw latencies. Pure: the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.charts import (
    cost_charts,
    crash,
    crash_figure,
    ecdf,
    ecdf_figure,
    load_charts,
    ratios,
    ratios_figure,
    writes,
    writes_figure,
)
from bench.charts.chart import Chart, Words, slug
from bench.charts.drawing import chart
from bench.charts.faults_charts import fault_charts
from bench.charts.growth_charts import growth_charts
from bench.charts.harness_charts import harness_charts
from bench.charts.ladder_charts import ladder_charts
from bench.charts.paired_charts import paired_charts
from bench.charts.palette import design_of, levels_of
from bench.contrasts import ANATOMY
from bench.contrasts import LATENCY as PAIRED
from bench.latency.variants import AGAIN
from bench.reads.summary import INDEXES
from bench.results.schema import Summary
from bench.scenes import FIRST, HEADLINE, WARM

WRITES, WORKLOAD, LATENCY, READS, CRASH = "writes", "workload", "latency", "reads", "crash"
"""The sections that charts belong to."""

_ROWS_CAPTION = "Exact counts of the server, not a sample: no interval."
_UNEQUAL_CAPTION = " †: did less work than the others, or other work, so compared with none; see gaps and defects."


def build(summary: Summary, latencies: Mapping[str, Mapping[str, NDArray[np.int64]]]) -> list[Chart]:
    """Every chart that the run has data for.

    `latencies` are raw, in nanoseconds, by kind of operation and variant.
    """
    return [
        *_writes(summary),
        *cost_charts.relation_charts(summary),
        *_workload(summary),
        *_ratios(summary),
        *paired_charts(summary),
        *_distributions(summary, latencies),
        *cost_charts.cost_charts(summary),
        *load_charts.load_charts(summary),
        *_reads(summary),
        *_crash(summary),
        *fault_charts(summary),
        *growth_charts(summary),
        *ladder_charts(summary),
        *harness_charts(summary),
    ]


def _writes(summary: Summary) -> Iterator[Chart]:
    titles = {
        WARM: ("Rows per message, warm", "A message where all rooms and members are known already."),
        FIRST: ("Rows per message, first contact", "A new user joins and sends; nobody spoke in the channel before."),
    }
    for state, (title, meaning) in titles.items():
        groups = writes.message_groups(summary.anatomy, state)
        if groups:
            how = (
                meaning,
                "Colours are what rows are for, white lines part tables. A * is below the floor: less is stored, see gaps.",
            )
            unequal = _unequal(summary, ANATOMY, HEADLINE, [bar.design for group in groups for bar in group.bars])
            figure = partial(writes_figure.draw, groups, "rows inserted, updated and deleted by one send", unequal)
            words = Words(title, how, f"Per side. {_ROWS_CAPTION}{_UNEQUAL_CAPTION if unequal else ''}")
            yield chart(f"writes-{state}", WRITES, words, writes.as_table(groups), figure)


def _unequal(summary: Summary, part: str, kind: str, variants: Iterable[str]) -> frozenset[str]:
    """Those of the variants that are compared with no other design by this kind of operation."""
    absent = {row.design for row in summary.left_out if (row.part, row.kind) == (part, kind)}
    return frozenset(variant for variant in variants if {variant, design_of(variant)} & absent)


def _workload(summary: Summary) -> Iterator[Chart]:
    groups = writes.workload_groups(summary.totals)
    if groups:
        how = (
            "All rows that the whole workload changed, its set-up included, divided by its messages.",
            "Each bar is one design; unlike the single message above it has the workload's own mix of agents and changes.",
        )
        absent = frozenset(row.design for row in summary.left_out if row.part == PAIRED)
        unequal = absent.intersection(bar.design for group in groups for bar in group.bars)
        caption = f"Per side, all sessions together. {_ROWS_CAPTION}{_UNEQUAL_CAPTION if unequal else ''}"
        words = Words("Rows per message, whole workload", how, caption)
        figure = partial(writes_figure.draw, groups, "rows changed for each message sent", unequal)
        yield chart("writes-workload", WORKLOAD, words, writes.as_table(groups), figure)


def _ratios(summary: Summary) -> Iterator[Chart]:
    for forest in ratios.forests(summary.latency):
        how = (
            "A mark left of the line is faster than the baseline; its bar is the interval, p50 its own median latency.",
            "Hollow with ~: not separated. The grey band is what the same design shows against itself (A/A pair).",
        )
        caption = (
            f"exp(mean of the middle half of the log ratios of the same operations), {_pairs(forest)} a kind; 95 % interval by"
            " bootstrap over sessions (if there is more than one) and blocks of equally many operations."
        )
        words = Words(f"Latency ratios, {_spoken(forest.family)}: {forest.subject}", how, caption)
        name = slug(f"ratio-{forest.family}-{forest.subject}")
        yield chart(name, LATENCY, words, ratios.as_table(forest), partial(ratios_figure.draw, forest))


def _distributions(summary: Summary, latencies: Mapping[str, Mapping[str, NDArray[np.int64]]]) -> Iterator[Chart]:
    for distribution in ecdf.distributions(latencies):
        how = (
            "Each curve is one variant: how large a share of operations took at most so long. Further left is faster.",
            "Dashed: the second one of the A/A pair; what lies between it and the full line is noise."
            if any(AGAIN in levels_of(curve.variant) for curve in distribution.curves)
            else "Curves that lie on each other tell their variants not apart.",
        )
        n = max(curve.n for curve in distribution.curves)
        shown = f"{100 * ecdf.SHOWN_SHARE:g} %"
        unequal = _unequal(summary, PAIRED, distribution.kind, [curve.variant for curve in distribution.curves])
        caption = f"n = {n:,} each, no interval; the axis ends where the slowest variant has {shown} behind it."
        caption += _UNEQUAL_CAPTION if unequal else ""
        words = Words(f"Distribution of latency, {_spoken(distribution.atomicity)}: {distribution.kind}", how, caption)
        name = slug(f"ecdf-{distribution.kind}-{distribution.atomicity}")
        yield chart(name, LATENCY, words, ecdf.as_table(distribution), partial(ecdf_figure.draw, distribution, unequal))


def _reads(summary: Summary) -> Iterator[Chart]:
    forest = None if summary.reads is None else ratios.across_kinds(summary.reads.ratios, INDEXES)
    if forest is not None and summary.reads is not None:
        how = (
            f"A design on its own indexes against itself with the advised ones, on stores of {summary.reads.rows:,} messages.",
            "A mark right of the line: the read is slower for want of an index. Hollow with ~: not separated.",
        )
        caption = (
            f"exp(mean of the middle half of the log ratios of the same reads), {_pairs(forest)} a kind; 95 % interval by"
            " bootstrap. Plans that explain it stand in the table of reads."
        )
        words = Words("What lacking indexes cost", how, caption)
        yield chart("reads-indexes", READS, words, ratios.as_table(forest), partial(ratios_figure.draw, forest))


def _pairs(forest: ratios.Forest) -> str:
    counts = sorted({row.n for group in forest.groups for row in group.rows})
    n = f"n = {counts[0]:,}" if len(counts) == 1 else f"n = {counts[0]:,} to {counts[-1]:,}"
    return f"{n} pairs"


def _crash(summary: Summary) -> Iterator[Chart]:
    for atomicity in sorted({point.atomicity for point in summary.crash}, key=lambda name: (name != "per_side", name)):
        strips = crash.strips(summary.crash, atomicity)
        how = (
            "Each cell is a point at which the client was killed, in order; its colour is what was left of the operation.",
            "Signs: what one retry did, above with the same id, below with a fresh one. No sign: stored by it, or whole as before.",
        )
        points = sum(strip.points for strip in strips)
        caption = (
            f"n = {points} points, every point once: no sample, so no interval."
            " Designs that are alike in every point share a strip."
        )
        words = Words(f"Crash points, {_spoken(atomicity)}", how, caption)
        name = slug(f"crash-{atomicity}")
        table = crash.as_table(summary.crash, atomicity)
        yield chart(name, CRASH, words, table, partial(crash_figure.draw, strips))


def _spoken(name: str) -> str:
    return name.replace("_", " ")
