"""Tables of load: capacities, and every rate with what became of the operations. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bench.charts.palette import design_of, in_order
from bench.load.bounds import CHANNEL, DESIGN, GENERATOR
from bench.load.purposes import RATE, SEARCH, SHARE
from bench.report.grid import Grid, figure, grid
from bench.results.load_schema import LoadCapacity, LoadFigure, LoadLevel, LoadSummary
from bench.stats.words import milliseconds

T = TypeVar("T", LoadCapacity, LoadLevel)

_BOUNDS = {
    DESIGN: "the design on this machine",
    GENERATOR: "the generator: at least this",
    CHANNEL: "the hottest channels, where one operation goes after another",
}
_PURPOSES = {RATE: "equal rate", SHARE: "own capacity", SEARCH: "search"}


def lead(load: LoadSummary | None) -> str:
    """Under which terms all of it was measured."""
    if load is None:
        return ""
    arrivals = "at random (Poisson)" if load.arrivals == "poisson" else "as the workload's own, with its time on another scale"
    generators = "one process" if load.processes == 1 else f"{load.processes} processes"
    return (
        f"Operations were due {arrivals}, at times fixed before, whatever became of those before them. A response counts from when"
        " the operation was due, so it holds the waiting for its channel, for a connection and for the generator (lag). Capacity"
        f" is the highest rate at which 99 of 100 responses keep {load.objective_ms:g} ms, 98 of 100 operations being done in time."
        f" Load came from {generators} with {load.connections} connections each, {load.exchange} exchange; {load.placement}. A rate"
        " at which the generator was the bottleneck is marked invalid, and says nothing of a design. Where time did not suffice for"
        " all that was due, the rate was cut short and has no quantile: those that were begun are the ones that went well."
    )


def load_grids(load: LoadSummary | None) -> list[Grid]:
    """Capacities, the levels below them, what failed, why levels are invalid, and the searches; nothing without load."""
    if load is None:
        return []
    measured = [level for level in load.levels if level.purpose != SEARCH]
    searched = [level for level in load.levels if level.purpose == SEARCH]
    grids = [_capacities(load.capacities)] if load.capacities else []
    grids += [_levels("Response at every rate", measured)] if measured else []
    failed = [level for level in load.levels if level.sqlstates or set(level.outcomes) - {"ok", "refused"}]
    grids += [_failures(failed)] if failed else []
    invalid = [level for level in load.levels if not level.valid]
    grids += [_invalid(invalid)] if invalid else []
    return grids + ([_levels("Every rate of the searches", searched)] if searched else [])


def _capacities(found: Sequence[LoadCapacity]) -> Grid:
    rows = [
        (
            one.variant,
            figure(round(one.rate_per_s, 1)),
            f"{one.low_per_s:,.1f} to " + ("no limit met" if one.high_per_s is None else f"{one.high_per_s:,.1f}"),
            str(one.searches),
            _BOUNDS[one.bound_by],
            "measured" if one.apart is None else f"withheld: {one.apart}",
        )
        for one in _ordered(found)
    ]
    heading = ("variant", "operations a second", "left open by the searches", "searches", "bound by", "shares of it")
    return grid("Capacity", heading, rows, numbers=(1, 2, 3), prose=(4, 5))


def _levels(title: str, levels: Sequence[LoadLevel]) -> Grid:
    heading = (
        *("at", "variant", "offered /s", "achieved /s", "n", "response p50", "p90", "p99", "p99.9", "service p50"),
        *("lag p99", "later than the objective", "valid"),
    )
    ordered = sorted(
        _ordered(levels), key=lambda one: (one.purpose, one.percent or 0, one.rate_per_s if one.percent is None else 0)
    )
    return grid(title, heading, map(_level, ordered), numbers=range(2, 12), long=True)


def _level(one: LoadLevel) -> tuple[str, ...]:
    by_q = {found.q: found for found in one.quantiles}
    at = _PURPOSES.get(one.purpose, one.purpose)
    return (
        at if one.percent is None else f"{one.percent} % of {at}",
        one.variant,
        f"{one.rate_per_s:,.1f}",
        f"{one.achieved_per_s:,.1f}",
        figure(one.n),
        *(_told(by_q, q) for q in (0.5, 0.9, 0.99, 0.999)),
        milliseconds(by_q[0.5].service_ns) if 0.5 in by_q else "–",
        milliseconds(one.lag_p99_ns),
        f"{one.late:.2%}".replace("%", " %"),
        f"cut short: {one.cut:,} never begun" if one.cut else "yes" if one.valid else "no: the generator",
    )


def _told(by_q: dict[float, LoadFigure], q: float) -> str:
    return milliseconds(by_q[q].response_ns) if q in by_q else "–"


def _failures(levels: Sequence[LoadLevel]) -> Grid:
    heading = ("at", "variant", "offered /s", "n", "fail", "unknown", "not issued", "cut", "tried again", "by SQLSTATE")
    rows = [
        (
            _PURPOSES.get(one.purpose, one.purpose),
            one.variant,
            f"{one.rate_per_s:,.1f}",
            figure(one.n),
            *(figure(one.outcomes.get(name, 0)) for name in ("fail", "info", "not_issued", "cut")),
            figure(one.retried),
            ", ".join(f"{state}: {count}" for state, count in one.sqlstates.items()) or "–",
        )
        for one in _ordered(levels)
    ]
    return grid("Operations that did not end well", heading, rows, numbers=range(2, 9), long=True)


def _invalid(levels: Sequence[LoadLevel]) -> Grid:
    rows = [
        (
            _PURPOSES.get(one.purpose, one.purpose),
            one.variant,
            f"{one.rate_per_s:,.1f}",
            "; ".join(one.why),
            figure(one.preempted),
            f"{one.busy_share:.0%}".replace("%", " %"),
        )
        for one in _ordered(levels)
    ]
    heading = ("at", "variant", "offered /s", "why it is invalid", "generator preempted", "it was busy")
    return grid("Rates at which the generator was the bottleneck", heading, rows, numbers=(2, 4, 5), prose=(3,), long=True)


def _ordered(found: Sequence[T]) -> list[T]:
    order = in_order(design_of(one.variant) for one in found)
    return sorted(found, key=lambda one: (order.index(design_of(one.variant)), one.variant))
