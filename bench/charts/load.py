"""The data of the charts of load: latency against throughput, percentiles, and seconds over checkpoints. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import design_of, in_order
from bench.load.purposes import RATE, SERIES, SHARE
from bench.results.load_schema import LoadCapacity, LoadLevel, LoadSeries, LoadSummary

PANEL_PERCENT = 60
"""The share of the own capacity whose percentiles are drawn, or the one nearest to it."""


@dataclass(frozen=True, slots=True)
class KneePoint:
    """One rate: what was achieved, and the responses that half and 99 of 100 operations kept; hollow where it is not `valid`."""

    rate_per_s: float
    achieved_per_s: float
    p50_ns: int
    p99_ns: int
    valid: bool


@dataclass(frozen=True, slots=True)
class Knee:
    """A variant from idle to overload, by rate."""

    variant: str
    points: tuple[KneePoint, ...]
    capacity: LoadCapacity | None


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Curves of several variants at rates that are comparable; `about` says how."""

    name: str
    about: str
    levels: tuple[LoadLevel, ...]


def knees(load: LoadSummary) -> list[Knee]:
    """One for each variant, in the order of designs. A rate that was cut short has no quantile, so it has no mark."""
    capacities = {one.variant: one for one in load.capacities}
    names = _ordered({level.variant for level in load.levels} | set(capacities))
    return [
        Knee(
            name,
            tuple(
                KneePoint(level.rate_per_s, level.achieved_per_s, _p50_ns(level) or 0, level.response_p99_ns, level.valid)
                for level in sorted(load.levels, key=lambda level: (level.rate_per_s, level.purpose))
                if level.variant == name and level.purpose != SERIES and level.response_p99_ns is not None
            ),
            capacities.get(name),
        )
        for name in names
    ]


def percentiles(load: LoadSummary) -> list[Percentiles]:
    """The highest rate that all had, and the share of the own capacity nearest to the usual one; each where there is one."""
    found = []
    rates = sorted({level.rate_per_s for level in load.levels if level.purpose == RATE})
    if rates:
        levels = _curves(load.levels, RATE, rate_per_s=rates[-1])
        found.append(Percentiles("rate", f"{rates[-1]:,.0f} operations a second for all", levels))
    shares = {level.percent for level in load.levels if level.purpose == SHARE and level.percent is not None}
    if shares:
        percent = min(shares, key=lambda share: (abs(share - PANEL_PERCENT), share))
        found.append(Percentiles("share", f"{percent} % of each one's own capacity", _curves(load.levels, SHARE, percent=percent)))
    return found


def series(load: LoadSummary) -> list[LoadSeries]:
    """The series in the order of designs."""
    order = _ordered({one.variant for one in load.series})
    return sorted(load.series, key=lambda one: order.index(one.variant))


def _curves(
    levels: Sequence[LoadLevel], purpose: str, *, rate_per_s: float | None = None, percent: int | None = None
) -> tuple[LoadLevel, ...]:
    chosen = [
        level
        for level in levels
        if level.purpose == purpose
        and (rate_per_s is None or level.rate_per_s == rate_per_s)
        and (percent is None or level.percent == percent)
        and level.curve
    ]
    order = _ordered({level.variant for level in chosen})
    return tuple(sorted(chosen, key=lambda level: order.index(level.variant)))


def _p50_ns(level: LoadLevel) -> int | None:
    return next((one.response_ns for one in level.quantiles if one.q == 0.5), None)


def _state(level: LoadLevel) -> str:
    return "cut short" if level.cut else "valid" if level.valid else "invalid"


def _ordered(variants: set[str]) -> list[str]:
    designs = in_order(map(design_of, variants))
    return sorted(variants, key=lambda name: (designs.index(design_of(name)), name))


def knee_table(load: LoadSummary) -> Table:
    """Every rate of every variant."""
    rows = [
        (
            level.variant,
            level.purpose,
            level.percent,
            round(level.rate_per_s, 3),
            round(level.achieved_per_s, 3),
            level.n,
            _p50_ns(level),
            level.response_p99_ns,
            level.lag_p99_ns,
            _state(level),
        )
        for level in load.levels
    ]
    heading = (
        *("variant", "purpose", "percent", "rate_per_s", "achieved_per_s", "n"),
        *("response_p50_ns", "response_p99_ns", "lag_p99_ns", "valid"),
    )
    return Table(heading, tuple(rows))


def percentile_table(shown: Percentiles) -> Table:
    """The drawn points of every curve."""
    rows = [
        (level.variant, round(level.rate_per_s, 3), level.n, point.share, point.response_ns, "valid" if level.valid else "invalid")
        for level in shown.levels
        for point in level.curve
    ]
    return Table(("variant", "rate_per_s", "n", "share", "response_ns", "valid"), tuple(rows))


def series_table(load: LoadSummary) -> Table:
    """Every second of every series, and whether a checkpoint was under way in it."""
    rows = [
        (
            one.variant,
            part.second,
            part.n,
            part.response_p50_ns,
            part.response_max_ns,
            "yes" if _in_checkpoint(one, part.second) else "no",
        )
        for one in series(load)
        for part in one.parts
    ]
    return Table(("variant", "second", "n", "response_p50_ns", "response_max_ns", "checkpoint"), tuple(rows))


def _in_checkpoint(one: LoadSeries, second: int) -> bool:
    return any(at.begin_ns < (second + 1) * 10**9 and at.end_ns > second * 10**9 for at in one.checkpoints)
