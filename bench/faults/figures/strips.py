"""One-fault exposures as strips: a letter for each message and side, in the order of the messages. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bench.faults.figures.labels import flights_of
from bench.faults.figures.orders import side_order
from bench.results.faults_schema import SweepRecord, SweepRow
from bench.results.faults_summary_schema import SiteStrip

LETTERS = {"whole": "w", "partial": "p", "lost": "l", "duplicated": "d"}
VOID, UNTRIED, UNKNOWN = "v", ".", "?"
"""No evidence that the fault happened; not tried; an outcome of another name."""

Where = tuple[str, str, str, int]


def strips(sweeps: Sequence[SweepRecord], rows: Iterable[SweepRow]) -> list[SiteStrip]:
    """A strip for each design, cell, kind and k whose first attempt met one fault; `rows` have each schedule once.

    Where both lanes ran, they agree or the sweep says how often not; so one of them is enough to be drawn.
    """
    found: dict[Where, dict[tuple[str, int], SweepRow]] = defaultdict(dict)
    for row in rows:
        if row.faults == 1 and row.attempt == 1:
            found[row.design, row.cell, row.kind, row.k][row.side, row.message] = row
    made: dict[Where, SiteStrip] = {}
    for sweep in sweeps:
        where = (sweep.design, sweep.cell, sweep.kind, sweep.k)
        if sweep.faults == 1 and sweep.absent is None and where in found and where not in made:
            made[where] = _strip(sweep, found[where])
    return list(made.values())


def _strip(sweep: SweepRecord, rows: dict[tuple[str, int], SweepRow]) -> SiteStrip:
    messages = max([len(sweep.labels), *(message for _, message in rows)])
    sides = sorted({side for side, _ in rows}, key=side_order)
    split = {row.flight for row in rows.values() if row.happened and row.left == "partial"}
    labels = [*sweep.labels, *[""] * (messages - len(sweep.labels))]
    return SiteStrip(
        design=sweep.design,
        cell=sweep.cell,
        kind=sweep.kind,
        k=sweep.k,
        attempt=1,
        labels=labels,
        flights=flights_of(labels),
        sides={side: "".join(letter(rows.get((side, message))) for message in range(1, messages + 1)) for side in sides},
        schedules=len(rows),
        flights_split=len(split),
    )


def letter(row: SweepRow | None) -> str:
    """The letter of one exposure."""
    if row is None:
        return UNTRIED
    return LETTERS.get(row.left, UNKNOWN) if row.happened else VOID
