"""Tables of what clients met: kills, takeovers, and ends of which nobody heard. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from bench.report.grid import Grid, figure, grid
from bench.results.faults_schema import LabelCount, ResolutionRecord
from bench.results.faults_summary_schema import FaultsSummary, KillContrast, KillSpread, TakeoverRecord


def client_grids(faults: FaultsSummary) -> list[Grid]:
    """All of them, in their order; some may have no row."""
    return [
        _spreads(faults.kill_spreads),
        _contrasts(faults.kill_contrasts),
        _takeovers(faults.takeovers),
        _labels(faults.labels),
        _resolutions(faults.resolutions),
    ]


def _spreads(spreads: Sequence[KillSpread]) -> Grid:
    rows = [
        (
            one.cell,
            one.design,
            figure(one.kills),
            figure(one.void),
            ", ".join(f"{phase} {one.split.get(phase, 0):,}/{kills:,}" for phase, kills in one.phases.items()) or "–",
            _instants(one.at_ms),
        )
        for one in spreads
    ]
    heading = ("cell", "design", "kills", "void", "what they met, split of all", "instants: least, quartiles, greatest")
    return grid("Where random kills found their clients", heading, rows, numbers=(2, 3), prose=(4,), long=True)


def _instants(at_ms: Sequence[float]) -> str:
    return " ".join(f"{at:.1f}" for at in at_ms) + " ms" if at_ms else "–"


def _contrasts(contrasts: Sequence[KillContrast]) -> Grid:
    rows = [
        (
            one.design,
            f"{one.per_side:,} of {one.per_side_n:,}",
            f"{one.joined:,} of {one.joined_n:,}",
            _difference(one),
        )
        for one in contrasts
    ]
    heading = ("design", "per_side split", "joined split", "per_side less joined [95 %]")
    return grid("What one transaction makes of random kills", heading, rows)


def _difference(one: KillContrast) -> str:
    """Nothing is said of a difference whose bounds hold none."""
    if one.low <= 0 <= one.high:
        return f"not separated at {one.per_side_n:,} and {one.joined_n:,} kills"
    return f"{100 * one.difference:.1f} points [{100 * one.low:.1f}, {100 * one.high:.1f}]"


def _takeovers(takeovers: Sequence[TakeoverRecord]) -> Grid:
    rows = [
        (
            one.cell,
            one.design,
            one.left,
            f"{one.n:,} of {one.exposures:,}",
            figure(one.silent),
            "–" if one.schedule is None else f"storebench replay {shlex.quote(one.schedule)}",
        )
        for one in takeovers
    ]
    heading = ("cell", "design", "left", "takeovers that end so", "one of both told ok", "this replays the first")
    return grid("What clients left that were stopped past a takeover", heading, rows, numbers=(4,), codes=(5,), long=True)


def _labels(labels: Sequence[LabelCount]) -> Grid:
    rows = [(one.design, one.cell, one.naive, one.resolved, figure(one.n)) for one in labels]
    heading = ("design", "cell", "by the last error alone", "resolved", "operations")
    return grid("What an error says, and what had happened", heading, rows, numbers=(4,), long=True)


def _resolutions(resolutions: Sequence[ResolutionRecord]) -> Grid:
    rows = [
        (
            one.design,
            one.cell,
            f"{one.kind}, k = {one.k}",
            figure(one.exposures),
            figure(one.void),
            figure(one.before),
            figure(one.unresolved),
            figure(len(one.contradictions)),
        )
        for one in resolutions
    ]
    heading = (
        "design",
        "cell",
        "operation",
        "exposures",
        "void",
        "end unknown",
        "still unknown once asked",
        "contradict the store",
    )
    return grid("Ends of which nobody heard, asked of the server", heading, rows, numbers=range(3, 8))
