"""Responses under load as HDR histograms, in the formats that other tools draw and merge: `.hgrm` and `.hlog`."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]  # it brings no types
from hdrh.log import HistogramLogWriter  # type: ignore[import-untyped]  # it brings no types
from numpy.typing import NDArray

from bench.load import judging
from bench.load.derive import SECOND_NS, stored_points
from bench.load.purposes import RATE, SEARCH, SERIES
from bench.results.files import unwritable
from bench.results.load_schema import LoadPoint
from bench.saving import name_of
from workloads.placing import PARTIAL

FOLDER = "histograms"
LOWEST_NS, HIGHEST_NS, DIGITS = 1_000, 3_600 * 10**9, 3
"""A microsecond to an hour with three significant digits: what is smaller or larger counts as that."""


def export(run: Path, trials: Sequence[Path]) -> None:
    """Write a histogram for each level of each variant into the run's folder, and a log with a line a second for each series.

    The folder of an earlier export is replaced as a whole; without load there is none. Raises `UserError` when it cannot be
    written.
    """
    files = histograms(stored_points(trials))
    partial, folder = run / f"{PARTIAL}{FOLDER}", run / FOLDER
    shutil.rmtree(partial, ignore_errors=True)
    try:
        if files:
            partial.mkdir()
            for name, content in files.items():
                (partial / name).write_bytes(content)
        shutil.rmtree(folder, ignore_errors=True)
        if files:
            partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise unwritable(folder, error) from error


def histograms(points: Iterable[tuple[LoadPoint, pa.Table]]) -> dict[str, bytes]:
    """The files by name; points of the same level are pooled, and a level of which one was cut has none. Pure."""
    pooled: dict[str, list[NDArray[np.int64]]] = {}
    logs: dict[str, bytes] = {}
    cut: set[str] = set()
    for point, table in points:
        if point.purpose == SEARCH:
            continue
        rows = judging.rows(table)
        at = f"{point.rate_per_s:.0f}" if point.purpose == RATE else str(point.percent)
        name = name_of(point.variant, point.purpose, at)
        if rows.cut:
            cut.add(name)
            continue
        pooled.setdefault(name, []).append(rows.response_ns)
        if point.purpose == SERIES:
            logs[f"{name}.hlog"] = log(rows)
    return {f"{name}.hgrm": percentiles(np.concatenate(values)) for name, values in pooled.items() if name not in cut} | logs


def percentiles(response_ns: NDArray[np.int64]) -> bytes:
    """The distribution of percentiles, values in milliseconds."""
    buffer = io.BytesIO()
    _histogram(response_ns).output_percentile_distribution(buffer, 1e6)
    return buffer.getvalue()


def log(rows: judging.Rows) -> bytes:
    """A line for each second in which operations were due, of their responses; times from the beginning of the point."""
    text = io.StringIO()
    writer = HistogramLogWriter(text)
    writer.output_log_format_version()
    writer.output_legend()
    seconds = rows.due_ns // SECOND_NS
    for second in np.unique(seconds):
        histogram = _histogram(rows.response_ns[seconds == second])
        histogram.set_start_time_stamp(int(second) * 1_000)
        histogram.set_end_time_stamp((int(second) + 1) * 1_000)
        writer.output_interval_histogram(histogram)
    return text.getvalue().encode()


def _histogram(response_ns: NDArray[np.int64]) -> HdrHistogram:
    histogram = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    values, counts = np.unique(np.clip(response_ns, LOWEST_NS, HIGHEST_NS), return_counts=True)
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        histogram.record_value(value, count)
    return histogram
