"""All charts of a run, from its summary and its raw latencies. Pure: the same input gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.charts import crash, crash_figure, ecdf, ecdf_figure, ratios, ratios_figure, writes, writes_figure
from bench.charts.chart import Chart, Words, chart
from bench.results.schema import Summary
from bench.scenes import FIRST, WARM

WRITES, WORKLOAD, LATENCY, CRASH = "writes", "workload", "latency", "crash"
"""The sections that charts belong to."""

_ROWS_CAPTION = "Exact counts of the server, not a sample: no interval."


def build(summary: Summary, latencies: Mapping[str, Mapping[str, NDArray[np.int64]]]) -> list[Chart]:
    """Every chart that the run has data for.

    `latencies` are raw, in nanoseconds, by kind of operation and variant.
    """
    return [*_writes(summary), *_workload(summary), *_ratios(summary), *_distributions(latencies), *_crash(summary)]


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
            figure = partial(writes_figure.draw, groups, "rows inserted, updated and deleted by one send")
            words = Words(title, how, f"Per side. {_ROWS_CAPTION}")
            yield chart(f"writes-{state}", WRITES, words, writes.as_table(groups), figure)


def _workload(summary: Summary) -> Iterator[Chart]:
    groups = writes.workload_groups(summary.totals)
    if groups:
        how = (
            "All rows that the whole workload changed, its set-up included, divided by its messages.",
            "Each bar is one design; unlike the single message above it has the workload's own mix of agents and changes.",
        )
        words = Words("Rows per message, whole workload", how, f"Per side, all sessions together. {_ROWS_CAPTION}")
        figure = partial(writes_figure.draw, groups, "rows changed for each message sent")
        yield chart("writes-workload", WORKLOAD, words, writes.as_table(groups), figure)


def _ratios(summary: Summary) -> Iterator[Chart]:
    for forest in ratios.forests(summary.latency):
        how = (
            "A mark left of the line is faster than the baseline; its bar is the interval.",
            "Hollow with ~: not separated. The grey band is what the same design shows against itself (A/A pair).",
        )
        counts = sorted({group.n for group in forest.groups})
        n = f"n = {counts[0]:,}" if len(counts) == 1 else f"n = {counts[0]:,} to {counts[-1]:,}"
        caption = (
            f"exp(median of the log ratios of the same operations), {n} pairs a kind; 95 % interval by bootstrap over sessions"
            " (if there is more than one) and blocks of about five seconds."
        )
        words = Words(f"Latency ratios, {_spoken(forest.family)}: {forest.subject}", how, caption)
        name = _slug(f"ratio-{forest.family}-{forest.subject}")
        yield chart(name, LATENCY, words, ratios.as_table(forest), partial(ratios_figure.draw, forest))


def _distributions(latencies: Mapping[str, Mapping[str, NDArray[np.int64]]]) -> Iterator[Chart]:
    for distribution in ecdf.distributions(latencies):
        how = (
            "Each curve is one variant: how large a share of operations took at most so long. Further left is faster.",
            "Dashed: the second one of the A/A pair; what lies between it and the full line is noise.",
        )
        n = max(curve.n for curve in distribution.curves)
        shown = f"{100 * ecdf.SHOWN_SHARE:g} %"
        caption = f"n = {n:,} each, no interval; the axis ends where the slowest variant has {shown} behind it."
        words = Words(f"Distribution of latency, {_spoken(distribution.atomicity)}: {distribution.kind}", how, caption)
        name = _slug(f"ecdf-{distribution.kind}-{distribution.atomicity}")
        yield chart(name, LATENCY, words, ecdf.as_table(distribution), partial(ecdf_figure.draw, distribution))


def _crash(summary: Summary) -> Iterator[Chart]:
    for atomicity in sorted({point.atomicity for point in summary.crash}, key=lambda name: (name != "per_side", name)):
        strips = crash.strips(summary.crash, atomicity)
        how = (
            "Each cell is a point at which the client was killed, in order; its colour is what was left of the operation.",
            "Signs: what one retry did, left with the same id, right with a fresh one. No sign: stored by it, or whole as before.",
        )
        points = sum(strip.points for strip in strips)
        caption = f"n = {points} points, every point once: no sample, so no interval."
        words = Words(f"Crash points, {_spoken(atomicity)}", how, caption)
        name = _slug(f"crash-{atomicity}")
        table = crash.as_table(summary.crash, atomicity)
        yield chart(name, CRASH, words, table, partial(crash_figure.draw, strips))


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
