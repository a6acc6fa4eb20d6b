"""Questions about load: what waits, who was the bottleneck, and how busy each design was. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bench.load.purposes import RATE, SHARE
from bench.results.load_schema import LoadLevel, LoadSummary
from bench.stats.words import milliseconds
from bench.validity.point import Evidence, absent, table


def _load(evidence: Evidence) -> LoadSummary:
    if evidence.summary.load is None or not evidence.summary.load.levels:
        raise absent("open loop", "load")
    return evidence.summary.load


def coordinated_omission(evidence: Evidence) -> Iterator[str]:
    """Response, service and lag of every point: all three come from due, start and end."""
    found = _load(evidence)
    yield f"open loop, {found.arrivals} arrivals, {found.connections} connections, exchange {found.exchange};"
    yield "of each point the largest of its quantiles that it carries:"
    rows = []
    for level in _shown(found):
        carried = [figure for figure in level.quantiles if figure.response_ns is not None]
        if carried:
            at = max(carried, key=lambda figure: figure.q)
            told = map(milliseconds, (at.response_ns, at.service_ns, at.lag_ns))
            rows.append((_point(level), f"{level.n:,}", f"p{100 * at.q:g}", *told))
    yield from table(("variant, rate", "n", "", "response", "service", "lag"), rows)
    cut = [_point(level) for level in _shown(found) if level.cut]
    if cut:
        yield f"cut short, so without a quantile: {'; '.join(cut)}"
    yield "paired latency is closed loop and is labelled so: service time at a concurrency of one"


def generator(evidence: Evidence) -> Iterator[str]:
    """Points that the generator spoilt."""
    found = _load(evidence)
    invalid = [level for level in found.levels if not level.valid]
    yield f"{len(found.levels)} points, those of searches too; {len(invalid)} invalid because of the generator"
    rows = [
        (
            _point(level),
            f"{level.achieved_per_s / level.rate_per_s:.1%}",
            milliseconds(level.lag_p99_ns),
            milliseconds(level.response_p99_ns),
            f"{level.busy_share:.0%}",
            "cut short" if level.cut else "yes" if level.valid else "NO",
        )
        for level in _shown(found)
    ]
    yield from table(("variant, rate", "achieved", "lag p99", "response p99", "generator busy", "valid"), rows)
    yield f"the ceiling of one generator, for a design that sends nothing: {_ceiling(found)}"
    for why, count in Counter(_kind(why) for level in invalid for why in level.why).most_common():
        yield f"invalid because {why}: {count}"


def _ceiling(found: LoadSummary) -> str:
    if found.ceiling_per_s is None:
        return "not measured by this run"
    fastest = max((level.rate_per_s for level in _shown(found)), default=0.0)
    return f"{found.ceiling_per_s:,.0f} operations a second; the highest rate above is {fastest:,.0f}"


def utilisation(evidence: Evidence) -> Iterator[str]:
    """The capacity of each design, and at which parts of it and at which equal rates it was measured."""
    found = _load(evidence)
    yield f"capacity: the highest rate whose response p99 stays within {found.objective_ms:g} ms, by bisection:"
    rows = [
        (
            row.variant,
            str(row.searches),
            f"{row.rate_per_s:,.0f}",
            f"{row.low_per_s:,.0f} to {'no limit met' if row.high_per_s is None else f'{row.high_per_s:,.0f}'}",
            row.bound_by,
        )
        for row in found.capacities
    ]
    yield from table(("variant", "searches", "capacity/s", "within", "bound by"), rows)
    for row in found.capacities:
        if row.apart is not None:
            yield f"shares of the capacity of {row.variant} are withheld: {row.apart}"
    shares = sorted({level.percent for level in found.levels if level.percent is not None})
    rates = sorted({round(level.rate_per_s) for level in found.levels if level.purpose == RATE})
    yield f"measured at {', '.join(f'{share} %' for share in shares) or 'no shares'} of the own capacity"
    yield f"and at equal rates of {', '.join(f'{rate:,}/s' for rate in rates) or 'none'}"


def _point(level: LoadLevel) -> str:
    own = f" ({level.percent} % of own)" if level.percent is not None else ""
    return f"{level.variant}, {level.rate_per_s:,.0f}/s{own}"


def _shown(found: LoadSummary) -> list[LoadLevel]:
    """What was measured on purpose, without the steps of searches."""
    return [level for level in found.levels if level.purpose in {SHARE, RATE}]


def _kind(why: str) -> str:
    """A reason without its figures, which stand in the table."""
    return why.partition(":")[0]
