"""What there is of each message of a channel in the end, against what the reference model wants. Pure.

A message is told by its time, which is its own in a channel: so a copy that does not name its message counts too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bench.crash.judge import Outcome
from variants.contract import CENTRAL_ACTOR
from workloads.projection import Projection, Row

Rows = dict[int, dict[str, Counter[Row]]]
"""By a message's time, then by whoever has it: the rows."""


def outcomes(expected: Projection, observed: Projection, times: Iterable[int]) -> dict[int, Outcome]:
    """The outcome of each message that was written at one of these times.

    Whole: everybody has exactly what the model says, nothing where it is deleted. Duplicated: somebody has it more than once. Lost:
    nobody has any of it. Partial: all else, such as a copy that is missing, stale, or there although it is deleted.
    """
    wanted, found = _by_time(expected), _by_time(observed)
    return {at_ms: _outcome(wanted.get(at_ms, {}), found.get(at_ms, {})) for at_ms in times}


def _outcome(wanted: dict[str, Counter[Row]], found: dict[str, Counter[Row]]) -> Outcome:
    if wanted == found:
        return Outcome.WHOLE
    if CENTRAL_ACTOR not in wanted and all(rows <= wanted.get(actor, Counter()) for actor, rows in found.items()):
        # It is deleted: what a design declares to leave behind may be missing as well.
        return Outcome.WHOLE
    if any(rows.total() > max(1, wanted.get(actor, Counter()).total()) for actor, rows in found.items()):
        return Outcome.DUPLICATED
    return Outcome.PARTIAL if found else Outcome.LOST


def _by_time(projection: Projection) -> Rows:
    rows: Rows = defaultdict(lambda: defaultdict(Counter))
    for message in projection.c_message:
        rows[message.created_at_ms][CENTRAL_ACTOR][message] += 1
    for copy in projection.a_message:
        rows[copy.created_at_ms][copy.agent][copy] += 1
    return rows
