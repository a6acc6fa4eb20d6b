"""One interruption, or one takeover, run again and told in lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from bench.faults.clients.interrupted import interrupted
from bench.faults.clients.pausing import taken_over
from bench.faults.other_schedules import Interrupted, TakenOver
from bench.results.faults_schema import InterruptionRow, PauseRow
from bench.stores import Store


def replay(store: Store, schedule: Interrupted | TakenOver) -> tuple[str, ...]:
    """What was told to whom, and what is left; of an interruption what it breaks, too. Raises as `interrupted` and `taken_over`."""
    if isinstance(schedule, TakenOver):
        return (str(schedule), *_of_takeover(taken_over(store, schedule)))
    return (str(schedule), *_of_interruption(interrupted(store, schedule)))


def _of_interruption(row: InterruptionRow) -> Iterator[str]:
    where = f"flight {row.flight}" if row.flight else "the connection"
    yield f"{row.fault} at {where}: the server's code is {row.sqlstate or 'not told'}"
    yield f"told {row.told}; what the server did of it: {row.truth}"
    if not row.happened:
        yield "void: the interruption did not happen, so what is left is not its doing"
        return
    yield _left(row)
    yield f"breaks {', '.join(row.violations)}" if row.violations else "breaks nothing"


def _of_takeover(row: PauseRow) -> Iterator[str]:
    yield f"a client is stopped at {row.at}, another one takes the {row.kind} over, the first one goes on"
    yield f"the one that took over was told {row.told_taker or 'nothing'}, the late one {row.told or 'nothing'}"
    yield _left(row) if row.happened else "void: the client was not stopped, did not go on, or left its backend behind"


def _left(row: InterruptionRow | PauseRow) -> str:
    return f"left: {row.left}{': ' if row.parts else ''}{', '.join(row.parts)}"
