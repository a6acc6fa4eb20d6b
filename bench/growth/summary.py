"""From the raw rows of growth to points, slopes and exponents. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.contrasts import ANATOMY, LATENCY, left_out
from bench.errors import UserError
from bench.growth.sizes import AGENTS, AXES, Place, extended_to, is_by_decade, read
from bench.growth.trials import COUNTS, axis_trial
from bench.growth.world import READS, SEND
from bench.latency.samples import Paired, pair
from bench.results.growth_schema import CountPoint, CountSlope, GrowthPoint, GrowthSlope, GrowthSummary, WallExponent, WallRow
from bench.results.schema import AnatomyCell, LeftOut, ProofRecord
from bench.scenes import WARM
from bench.stats.means import Mean
from bench.stats.slope import Fit, exponent, fit

FloatArray = NDArray[np.float64]

COUNTED = ("transactions", "statements", "round trips", "rows", "WAL records", "WAL bytes")
"""What is counted exactly against k."""


def summarise(
    tables: Mapping[str, pa.Table], cells: Sequence[AnatomyCell], wall: Sequence[WallRow], proofs: Sequence[ProofRecord]
) -> GrowthSummary | None:
    """Everything of it; None for a run without growth. `tables` are the raw rows by axis, `proofs` those of its trials."""
    if not tables and not cells and not wall:
        return None
    points, slopes = [], []
    for axis in AXES:
        if axis in tables:
            for kind, samples in _by_kind(axis, tables[axis]):
                found = list(_of_kind(axis, kind, samples))
                points += [point for more, _ in found for point in more]
                slopes += [slope for _, slope in found if slope is not None]
    counts = [point for cell in cells if cell.state == WARM for point in _counts(cell)]
    return GrowthSummary(
        points=points,
        slopes=slopes,
        counts=counts,
        count_slopes=_count_slopes(counts),
        wall=sorted(wall, key=lambda row: (row.design, row.messages, row.repetition)),
        exponents=list(_exponents(wall)),
        unequal=unequal(proofs),
    )


def unequal(proofs: Sequence[ProofRecord]) -> list[str]:
    """Designs that a declared gap or defect kept from some work of a trial, as `design: kind, trial`, each with its reason."""
    found: list[str] = []
    for trial in dict.fromkeys(proof.trial for proof in proofs):
        counts = trial.startswith(COUNTS)
        part = ANATOMY if counts else LATENCY
        renamed = [proof.model_copy(update={"trial": part}) for proof in proofs if proof.trial == trial]
        performed = {SEND} if counts or trial == axis_trial(AGENTS) else {SEND, *READS}
        found += [_told(trial, row) for row in left_out(renamed) if row.kind in performed]
    return list(dict.fromkeys(found))


def _told(trial: str, row: LeftOut) -> str:
    return f"{row.design}: {row.kind} in {trial}, {row.shortfall.replace('_', ' ')}"


def _by_kind(axis: str, table: pa.Table) -> Iterator[tuple[str, list[tuple[int, Paired]]]]:
    """The samples of each kind of operation, by size."""
    placed = [(_place(axis, sample.kind), sample) for sample in pair([table])]
    placed.sort(key=lambda item: (item[0].kind != SEND, item[0].kind, item[0].size))
    for kind, group in groupby(placed, key=lambda item: item[0].kind):
        yield kind, [(place.size, sample) for place, sample in group]


def _place(axis: str, text: str) -> Place:
    place = read(text)
    if place is None:
        raise UserError(f"raw rows of growth in {axis}: {text!r:.60} has no size: restore the trials or run again")
    return place


def _of_kind(axis: str, kind: str, samples: Sequence[tuple[int, Paired]]) -> Iterator[tuple[list[GrowthPoint], GrowthSlope | None]]:
    """Points and slope of each design."""
    sizes = [size for size, _ in samples]
    for place, design in enumerate(samples[0][1].variants):
        columns = [_medians(sample, place) for _, sample in samples]
        whole = sorted(set.intersection(*(set(column) for column in columns)))
        curves = np.array([[column[key] for column in columns] for key in whole], dtype=np.float64)
        counted = [len(sample.session) for _, sample in samples]
        yield _of_design(axis, kind, design, sizes, curves, counted)


def _of_design(
    axis: str, kind: str, design: str, sizes: Sequence[int], curves: FloatArray, counted: Sequence[int]
) -> tuple[list[GrowthPoint], GrowthSlope | None]:
    decade = is_by_decade(axis)

    def unscaled(value: float) -> float:
        return math.exp(value) if decade else value

    def point(size: int, latency: Mean, residual: float | None, n: int) -> GrowthPoint:
        return GrowthPoint(
            axis=axis,
            kind=kind,
            design=design,
            size=size,
            measured=n > 0,
            latency_ns=_above(unscaled(latency.mean)),
            low_ns=None if latency.low is None else _above(unscaled(latency.low)),
            high_ns=None if latency.high is None else _above(unscaled(latency.high)),
            residual=residual,
            n=n,
        )

    if len(curves) == 0:
        return [], None
    scaled = np.log(curves) if decade else curves
    if len(sizes) < 2:
        spread = Fit(np.array([0.0]), scaled).means
        return [point(sizes[0], spread[0], None, counted[0])], None
    places = [math.log10(size) if decade else float(size) for size in sizes]
    line = fit(places, scaled)
    residuals = _shares(line, decade=decade)
    points = [point(*row) for row in zip(sizes, line.means, residuals, counted, strict=True)]
    beyond = extended_to(axis, list(sizes))
    if beyond is not None:
        points.append(point(beyond, line.at(math.log10(beyond) if decade else float(beyond)), None, 0))
    slope = line.slope
    return points, GrowthSlope(
        axis=axis,
        kind=kind,
        design=design,
        slope=unscaled(slope.mean),
        low=None if slope.low is None else unscaled(slope.low),
        high=None if slope.high is None else unscaled(slope.high),
        separated=slope.low is not None and slope.high is not None and not slope.low <= 0 <= slope.high,
        repetitions=len(curves),
        sizes=len(sizes),
    )


def _shares(line: Fit, *, decade: bool) -> list[float]:
    """How far each point lies above the line, as a share of the point."""
    if decade:
        return [-math.expm1(-residual) for residual in line.residuals]
    return [residual / mean.mean for residual, mean in zip(line.residuals, line.means, strict=True)]


def _above(latency_ns: float) -> float:
    """A line may go below zero, a latency may not."""
    return max(0.0, latency_ns)


def _medians(sample: Paired, place: int) -> dict[int, float]:
    """The median of each session, or of each block of a lone one."""
    key = sample.session if len(np.unique(sample.session)) > 1 else sample.block
    return {int(one): float(np.median(sample.latency_ns[key == one, place])) for one in np.unique(key)}


def _counts(cell: AnatomyCell) -> list[CountPoint]:
    changed = sum(row.inserted + row.updated + row.deleted for row in cell.rows.values())
    values = (
        cell.transactions,
        cell.statements_read + cell.statements_write,
        cell.round_trips,
        changed,
        cell.wal_records,
        cell.wal_bytes,
    )
    return [CountPoint(design=cell.design, what=what, k=cell.k, value=value) for what, value in zip(COUNTED, values, strict=True)]


def _count_slopes(points: Sequence[CountPoint]) -> list[CountSlope]:
    found = []
    for design, what in dict.fromkeys((point.design, point.what) for point in points):
        of_this = [point for point in points if (point.design, point.what) == (design, what)]
        known = [(point.k, point.value) for point in of_this if point.value is not None]
        if len(known) >= 2:
            line = fit([float(k) for k, _ in known], np.array([[value for _, value in known]]))
            residual = max(map(abs, line.residuals))
            found.append(
                CountSlope(
                    design=design,
                    what=what,
                    each=round(line.slope.mean, 6),
                    alone=round(line.at(0.0).mean, 6),
                    residual=round(residual, 6),
                )
            )
    return found


def _exponents(wall: Sequence[WallRow]) -> Iterator[WallExponent]:
    for design in dict.fromkeys(row.design for row in wall):
        rows = [row for row in wall if row.design == design]
        if len({row.messages for row in rows}) >= 2:
            sizes = [float(row.messages) for row in rows]
            wall_time, cpu_time = exponent(sizes, [row.wall_s for row in rows]), exponent(sizes, [row.cpu_s for row in rows])
            yield WallExponent(
                design=design,
                exponent=wall_time.mean,
                low=wall_time.low,
                high=wall_time.high,
                cpu_exponent=cpu_time.mean,
                cpu_low=cpu_time.low,
                cpu_high=cpu_time.high,
                runs=len(rows),
            )
