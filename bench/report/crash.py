"""Tables of crash points, with the command that replays each. Pure."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

from bench.charts.crash import LEFT, in_sequence
from bench.charts.palette import in_order
from bench.report.grid import Grid, grid
from bench.results.schema import CrashPoint
from bench.scenes import KINDS

_ENDS = ("whole", "partial", "duplicated", "lost")
_RETRIES = ("retry, same id", "retry, fresh id")
_HEADING = ("design", "atomicity", "points", *LEFT)


def crash_grids(crash: Sequence[CrashPoint]) -> list[Grid]:
    """Counts for each design and atomicity, then every outcome that is not clean."""
    if not crash:
        return []
    return [_left(crash), _retried(crash), _unclean(crash)]


def _left(crash: Sequence[CrashPoint]) -> Grid:
    rows = []
    for design, atomicity in _cells(crash):
        left = Counter(point.left for point in _of(crash, design, atomicity))
        rows.append((design, atomicity, str(left.total()), *(str(left[name]) for name in LEFT)))
    return grid("What is left where the client was killed", _HEADING, rows, numbers=range(2, 6))


def _retried(crash: Sequence[CrashPoint]) -> Grid:
    rows = []
    for design, atomicity in _cells(crash):
        points = _of(crash, design, atomicity)
        for name, ends in (
            ("same", Counter(point.retry_same for point in points)),
            ("fresh", Counter(point.retry_fresh for point in points if point.retry_fresh is not None)),
        ):
            if ends:
                rows.append((design, atomicity, name, str(ends.total()), *(str(ends[end]) for end in _ENDS)))
    return grid("What one retry ends in", ("design", "atomicity", "id", "retries", *_ENDS), rows, numbers=range(3, 8))


def _unclean(crash: Sequence[CrashPoint]) -> Grid:
    """Points that leave a part, or whose retry ends in anything but a whole operation, in order of design and operation."""
    order = _cells(crash)
    points = [
        point
        for point in crash
        if point.left == "partial" or point.retry_same != "whole" or point.retry_fresh not in {None, "whole"}
    ]
    points.sort(key=lambda p: (order.index((p.design, p.atomicity)), _kind(p.kind), p.kind, p.k, in_sequence(p.point)))
    heading = ("killed there; this replays it", "left", *_RETRIES)
    rows = [
        (
            f"storebench replay {shlex.quote(point.schedule)}",
            f"{point.left}: {', '.join(point.parts)}" if point.parts else point.left,
            _told(point.retry_same, point.told_same),
            _told(point.retry_fresh, point.told_fresh),
        )
        for point in points
    ]
    return grid("Every outcome that is not clean, with its replay", heading, rows, codes=(0,), long=True)


def _told(end: str | None, told: str | None) -> str:
    return "–" if end is None else f"{end} (told {told})"


def _cells(crash: Sequence[CrashPoint]) -> list[tuple[str, str]]:
    designs = in_order(point.design for point in crash)
    found = {(point.design, point.atomicity) for point in crash}
    return sorted(found, key=lambda cell: (cell[1] != "per_side", cell[1], designs.index(cell[0])))


def _of(crash: Sequence[CrashPoint], design: str, atomicity: str) -> list[CrashPoint]:
    return [point for point in crash if (point.design, point.atomicity) == (design, atomicity)]


def _kind(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)
