"""The charts of load of a run, with their words. Pure: the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.charts import load, load_figure
from bench.charts.chart import Chart, Words
from bench.charts.drawing import chart
from bench.contrasts import LOAD as PART
from bench.load.bounds import CHANNEL
from bench.results.load_schema import LoadSummary
from bench.results.schema import Summary

LOAD = "load"
"""The section that these charts belong to."""

_UNEQUAL_CAPTION = " †: did less work than the others, or other work; see gaps and defects."


def load_charts(summary: Summary) -> Iterator[Chart]:
    """Every chart that the run has data for."""
    found = summary.load
    if found is None:
        return
    unequal = frozenset(row.design for row in summary.left_out if row.part == PART)
    if any(knee.points for knee in load.knees(found)):
        yield _knees(found, unequal)
    for shown in load.percentiles(found):
        if shown.levels:
            yield _percentiles(shown, unequal)
    if found.series:
        yield _series(found, unequal)


def _knees(found: LoadSummary, unequal: frozenset[str]) -> Chart:
    how = (
        "Each mark is a rate that was kept up for a while: further right is more load, further up is slower. The knee is capacity.",
        "The grey band is what the searches left open, the line in it their median. Hollow: the generator was the bottleneck.",
    )
    caption = (
        f"Responses count from when an operation was due. n = {_counts([level.n for level in found.levels])} operations a mark,"
        " p99 by nearest rank however few they are, so no interval: for the shape, not for ranking."
    )
    caption += _channel(found) + _cut(found)
    words = Words("Latency against throughput", how, caption + (_UNEQUAL_CAPTION if unequal else ""))
    figure = partial(load_figure.knees, load.knees(found), found.objective_ms, unequal)
    return chart("load-knee", LOAD, words, load.knee_table(found), figure)


def _channel(found: LoadSummary) -> str:
    bound = ", ".join(one.variant for one in found.capacities if one.bound_by == CHANNEL)
    if not bound:
        return ""
    return f" Bound by the hottest channels, where one operation goes after another, not by what the server bears: {bound}."


def _cut(found: LoadSummary) -> str:
    cut = sum(level.cut > 0 for level in found.levels)
    return f" Cut short by the limit of a point, so without quantile and mark: {cut} of the rates." if cut else ""


def _percentiles(shown: load.Percentiles, unequal: frozenset[str]) -> Chart:
    how = (
        "Each curve is one variant: what share of operations took at most so long; each step right is ten times rarer.",
        "A curve ends where ten operations are left beyond it. Dashed: the generator was the bottleneck.",
    )
    caption = f"All repeats pooled, n = {_counts([level.n for level in shown.levels])} operations a curve, no interval."
    words = Words(f"Response by percentile, {shown.about}", how, caption + (_UNEQUAL_CAPTION if unequal else ""))
    figure = partial(load_figure.percentiles, shown, unequal)
    return chart(f"load-percentiles-{shown.name}", LOAD, words, load.percentile_table(shown), figure)


def _series(found: LoadSummary, unequal: frozenset[str]) -> Chart:
    how = (
        "The longest and the median response of what was due in each second, with autovacuum as PostgreSQL has it.",
        "Shaded: a checkpoint that was asked for, from its beginning to its end.",
    )
    seconds = [len(one.parts) for one in found.series]
    caption = f"{_counts(seconds)} seconds of each variant after its warm-up, no interval."
    words = Words("Response over checkpoints", how, caption + (_UNEQUAL_CAPTION if unequal else ""))
    figure = partial(load_figure.series, load.series(found), unequal)
    return chart("load-series", LOAD, words, load.series_table(found), figure)


def _counts(counts: list[int]) -> str:
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
