"""Raw rows of load as a test wants them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from bench.load.recorder import NEVER_BEGUN, Outcome, Recorder
from bench.results.load_schema import LoadPoint

MS = 1_000_000


def table(
    responses_ms: list[float],
    *,
    point: int = 0,
    gap_ms: float = 10.0,
    lag_ms: float = 0.0,
    channel_ms: float = 0.0,
    outcomes: Mapping[int, tuple[Outcome, str | None]] | None = None,
    warm_from_ms: float = 0.0,
) -> pa.Table:
    """Operations due one after another, each with this response, of which lag and the wait for the channel are parts."""
    recorder = Recorder()
    for number, response_ms in enumerate(responses_ms):
        due = round(number * gap_ms * MS)
        outcome, sqlstate = (outcomes or {}).get(number, (Outcome.OK, None))
        issued = outcome not in NEVER_BEGUN
        free = due + round(channel_ms * MS)
        times = (due, free, free, free + round(lag_ms * MS), due + round(response_ms * MS)) if issued else (due, free, -1, -1, -1)
        recorder.add(number, "send", times, outcome, sqlstate, int(issued), 0 if issued else -1, 0)
    return recorder.table(point, round(warm_from_ms * MS))


def point(rate_per_s: float, kept: bool = True, **more: object) -> LoadPoint:
    """A point of a search of `dual`, unless said otherwise."""
    given: dict[str, object] = {
        "point": 0,
        "variant": "dual",
        "repeat": 0,
        "purpose": "search",
        "percent": None,
        "rate_per_s": rate_per_s,
        "due": 100,
        "due_digest": "0" * 64,
        "warm_from_ns": 0,
        "window_end_ns": 10**9,
        "wall_ns": 10**9,
        "busy_share": 0.1,
        "prepared": 0,
        "late": 0.0 if kept else 0.5,
        "achieved": 1.0 if kept else 0.5,
        "kept": kept,
        "invalid": None,
    }
    return LoadPoint.model_validate(given | more)
