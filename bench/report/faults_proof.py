"""Tables of what tells whether the figures of faults may be believed: mutants, controls, speed, and what was not injected. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.faults.figures.telling import control_told, rate_limit_told, rate_told
from bench.report.grid import Grid, figure, grid
from bench.results.faults_schema import CheckerRecord, ControlRecord, MutantRecord, RateRecord, Unavailable
from bench.results.faults_summary_schema import FaultsSummary


def proof_grids(faults: FaultsSummary) -> list[Grid]:
    """All of them, in their order; some may have no row."""
    return [
        _mutants(faults.mutants),
        _controls(faults.controls),
        _rates(faults.rates),
        _checkers(faults.checkers),
        _unavailable(faults.unavailable),
    ]


def _mutants(mutants: Sequence[MutantRecord]) -> Grid:
    rows = [
        (
            one.name,
            one.what,
            one.source,
            ", ".join(one.must) or "void exposures",
            ", ".join(one.python) or "–",
            "–" if one.sql is None else ", ".join(one.sql) or "none",
            "found" if one.killed else "NOT FOUND",
        )
        for one in mutants
    ]
    heading = ("mutant", "what is wrong", "seen in", "must fire", "Python", "SQL", "")
    return grid("Mutants", heading, rows, prose=(1, 2), long=True)


def _controls(controls: Sequence[ControlRecord]) -> Grid:
    rows = [
        (
            one.name,
            one.what,
            "positive" if one.positive else "negative",
            figure(one.exposures),
            figure(one.void),
            ", ".join(f"{name} {count}" for name, count in sorted(one.fired.items())) or "none",
            f"not available: {one.unavailable}" if one.unavailable is not None else control_told(one),
        )
        for one in controls
    ]
    heading = ("control", "what", "", "exposures", "void", "fired", "verdict")
    return grid("Controls", heading, rows, numbers=(3, 4), prose=(1,))


def _rates(rates: Sequence[RateRecord]) -> Grid:
    rows = [
        (
            one.design,
            one.lane,
            figure(one.workers),
            figure(one.schedules),
            rate_told(one),
            rate_limit_told(one),
            ", ".join(f"{name} {100 * share:.0f} %" for name, share in one.shares.items()) or "–",
        )
        for one in rates
    ]
    heading = ("design", "lane", "processes", "schedules", "per second", "CPU of a schedule", "where the clients' time goes")
    return grid("How fast schedules run: send, k = 1, set-up and check included", heading, rows, numbers=(2, 3, 4))


def _checkers(checkers: Sequence[CheckerRecord]) -> Grid:
    rows = [
        (
            one.checker,
            figure(one.messages),
            figure(one.agents),
            f"{one.took_s:.1f} s",
            "the server's" if one.peak_bytes is None else f"{one.peak_bytes / 2**30:.2f} GiB",
            figure(one.violations),
        )
        for one in checkers
    ]
    heading = ("checker", "messages", "agents", "took", "memory at most", "violations")
    return grid("Checkers on a large store", heading, rows, numbers=(1, 2, 3, 4, 5))


def _unavailable(unavailable: Sequence[Unavailable]) -> Grid:
    rows = [(one.fault, one.design or "every design", one.why) for one in unavailable]
    return grid("Faults that were not injected, and why", ("fault", "design", "why"), rows, prose=(2,))
