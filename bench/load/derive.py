"""From the stored trials of load to its part of the summary. Reads the trials; equal trials give an equal summary."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from bench.load import judging, recorder
from bench.load.bounds import CHANNEL, DESIGN, GENERATOR
from bench.load.capacity import Probe, bracket, capacity
from bench.load.files import CHECKPOINTS, POINTS, ROWS, TERMS
from bench.load.judging import Rows
from bench.load.purposes import SEARCH
from bench.load.trials import CAPACITY, LEVELS, SERIES
from bench.results.files import damaged, read_lines
from bench.results.load_schema import (
    Checkpoint,
    CurvePoint,
    LoadCapacity,
    LoadFigure,
    LoadLevel,
    LoadPoint,
    LoadSeries,
    LoadSummary,
    LoadTerms,
    SeriesPart,
)
from bench.stats.quantiles import quantile

QUANTILES = (0.5, 0.9, 0.99, 0.999)
NINES_MAX = 4
STEPS_A_NINE = 20
SECOND_NS = 10**9
CHANNEL_DOMINATES = 0.5
"""Of the mean response at the lowest missed rate: waiting for the channel is more than all the rest together."""

Trial = tuple[list[LoadPoint], pa.Table]


def summarise(trials: Sequence[Path], placement: str) -> LoadSummary | None:
    """The summary of these trials; None when there are none. Raises `UserError` when a file is not what was written."""
    terms = [term for trial in trials for term in read_lines(trial / TERMS, LoadTerms)]
    if not terms:
        return None
    first = terms[0]
    return LoadSummary(
        objective_ms=first.objective_ms,
        connections=first.connections,
        processes=first.processes,
        exchange=first.exchange,
        arrivals=first.arrivals,
        capacities=capacities(points_of(_of(trials, CAPACITY))),
        levels=_levels([_read(trial) for trial in (*_of(trials, CAPACITY), *_of(trials, LEVELS))], first.objective_ms),
        series=[one for trial in _of(trials, SERIES) for one in _series(trial)],
        placement=placement,
        ceiling_per_s=min((term.ceiling_per_s for term in terms if term.ceiling_per_s is not None), default=None),
    )


def points_of(trials: Iterable[Path]) -> list[LoadPoint]:
    """The points of these trials."""
    return [point for trial in trials for point in read_lines(trial / POINTS, LoadPoint)]


def stored_points(trials: Iterable[Path]) -> list[tuple[LoadPoint, pa.Table]]:
    """The points of these trials with their raw rows. Raises `UserError` when a file is not what was written."""
    read = [_read(trial) for trial in trials]
    return [(point, _rows(table, point)) for points, table in read for point in points]


def capacities(points: Sequence[LoadPoint]) -> list[LoadCapacity]:
    """The capacity of each variant whose searches these points are of, by name. Pure.

    It is bound by the generator where the lowest rate that any search missed was missed by a generator that was late; else by
    channels where more than half of all responses at those rates was waiting for the channel.
    """
    found = []
    for variant in sorted({point.variant for point in points}):
        searches: dict[int, list[LoadPoint]] = {}
        for point in points:
            if point.variant == variant:
                searches.setdefault(point.repeat, []).append(point)
        brackets = [bracket([Probe(one.rate_per_s, one.kept) for one in search]) for search in searches.values()]
        limits = [
            [point for point in search if point.rate_per_s == ended.missed_per_s][-1]
            for search, ended in zip(searches.values(), brackets, strict=True)
            if ended.missed_per_s is not None
        ]
        told = capacity(brackets)
        found.append(
            LoadCapacity(
                variant=variant,
                searches=told.searches,
                rate_per_s=told.rate_per_s,
                low_per_s=told.low_per_s,
                high_per_s=told.high_per_s,
                bound_by=_bound_by(limits),
                apart=told.apart,
            )
        )
    return found


def _bound_by(limits: Sequence[LoadPoint]) -> str:
    if any(point.invalid for point in limits):
        return GENERATOR
    shares = [point.channel_share for point in limits]
    return CHANNEL if shares and sum(shares) / len(shares) > CHANNEL_DOMINATES else DESIGN


def _of(trials: Iterable[Path], prefix: str) -> list[Path]:
    return [trial for trial in trials if trial.name.startswith(prefix)]


def _read(trial: Path) -> Trial:
    points, table = read_lines(trial / POINTS, LoadPoint), recorder.read(trial / ROWS)
    numbers = table["point"].to_numpy()
    for point in points:
        if int((numbers == point.point).sum()) != point.due:
            raise damaged(trial / ROWS, f"point {point.point} has not the {point.due} rows that {POINTS} says")
    return points, table


def _rows(table: pa.Table, point: LoadPoint) -> pa.Table:
    return table.filter(compute.equal(table["point"], point.point))


def _levels(trials: Sequence[Trial], objective_ms: float) -> list[LoadLevel]:
    groups: dict[tuple[object, ...], list[tuple[LoadPoint, pa.Table]]] = {}
    for points, table in trials:
        for point in points:
            # A search meets no rate twice on purpose: each of its points stands alone.
            alone = (point.repeat, point.point) if point.purpose == SEARCH else None
            key = (point.variant, point.purpose, point.percent, point.rate_per_s, alone)
            groups.setdefault(key, []).append((point, _rows(table, point)))
    found = [level([point for point, _ in group], [table for _, table in group], objective_ms) for group in groups.values()]
    return sorted(found, key=lambda one: (one.variant, one.purpose, one.rate_per_s))


def level(points: Sequence[LoadPoint], tables: Sequence[pa.Table], objective_ms: float) -> LoadLevel:
    """One variant at one rate, from its points and their rows: values are pooled, percentiles never averaged. Pure."""
    first, objective_ns = points[0], round(objective_ms * 1e6)
    rows = judging.rows(recorder.joined(list(tables)))
    late = judging.late_share(rows, objective_ns)
    achieved = sum(point.achieved for point in points) / len(points)
    why = [point.invalid for point in points if point.invalid is not None]
    return LoadLevel(
        variant=first.variant,
        purpose=first.purpose,
        percent=first.percent,
        rate_per_s=first.rate_per_s,
        repeats=len(points),
        n=rows.n,
        achieved_per_s=achieved * first.rate_per_s,
        late=late,
        kept=judging.kept(late, achieved),
        quantiles=[
            LoadFigure(
                q=q,
                response_ns=None if rows.cut else quantile(rows.response_ns, q),
                service_ns=None if rows.cut else quantile(rows.service_ns, q),
                lag_ns=None if rows.cut else quantile(rows.lag_ns, q),
            )
            for q in QUANTILES
        ],
        curve=[] if first.purpose == SEARCH or rows.cut else curve(rows.response_ns),
        response_p99_ns=None if rows.cut else judging.nearest_rank(rows.response_ns, 0.99),
        lag_p99_ns=None if rows.cut else judging.nearest_rank(rows.lag_ns, 0.99),
        channel_mean_ns=judging.mean(rows.channel_ns),
        lane_mean_ns=judging.mean(rows.lane_ns),
        busy_share=max(point.busy_share for point in points),
        preempted=sum(point.preempted for point in points),
        prepared=sum(point.prepared for point in points),
        outcomes=rows.outcomes,
        sqlstates=rows.sqlstates,
        retried=rows.retried,
        due_digests=[point.due_digest for point in points],
        valid=not why,
        why=why,
        cut=rows.cut,
    )


def curve(response_ns: NDArray[np.int64]) -> list[CurvePoint]:
    """Responses at shares that near 1 evenly on the scale of 1 / (1 - share), as far as ten values lie beyond. Pure."""
    n = len(response_ns)
    if n == 0:
        return []
    wanted = 1 - 10.0 ** -(np.arange(NINES_MAX * STEPS_A_NINE + 1) / STEPS_A_NINE)
    shares = [float(share) for share in wanted if n * (1 - share) >= 10 or share == 0]
    ordered = np.sort(response_ns)
    return [CurvePoint(share=round(share, 6), response_ns=int(ordered[max(0, math.ceil(share * n) - 1)])) for share in shares]


def _series(trial: Path) -> list[LoadSeries]:
    points, table = _read(trial)
    checkpoints = read_lines(trial / CHECKPOINTS, Checkpoint)
    return [
        LoadSeries(
            variant=point.variant,
            rate_per_s=point.rate_per_s,
            parts=parts(rows),
            checkpoints=[one for one in checkpoints if one.point == point.point],
            valid=point.invalid is None,
            cut=rows.cut,
        )
        for point in points
        for rows in [judging.rows(_rows(table, point))]
    ]


def parts(rows: Rows) -> list[SeriesPart]:
    """The seconds of a series in which operations were due, each with what became of them; not those that were cut. Pure."""
    seconds = rows.due_ns // SECOND_NS
    whole = np.setdiff1d(seconds, rows.cut_due_ns // SECOND_NS)
    return [
        SeriesPart(
            second=int(second),
            n=int((seconds == second).sum()),
            response_p50_ns=judging.nearest_rank(rows.response_ns[seconds == second], 0.5),
            response_max_ns=int(rows.response_ns[seconds == second].max()),
        )
        for second in whole
    ]
