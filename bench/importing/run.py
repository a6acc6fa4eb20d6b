"""An import from beginning to end, whatever the source is."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.errors import UserError
from bench.progress.events import TraceImported
from bench.progress.telling import Advance, Teller
from workloads.importing.collecting import KEY_BYTES, Collector
from workloads.importing.finishing import finish, reject_repeated
from workloads.importing.rejecting import Rejections
from workloads.importing.shape import digest
from workloads.importing.writing import check_writable, write_trace

READING_S, WRITING_S = 10.0, 2.0
"""What the phases are given before they say themselves how far they are."""
ROWS_A_LINE = 250_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the trace goes, whether what is there may be replaced, which share of rows may be rejected, how exact times are."""

    file: Path
    replace: bool
    rejected_max: float
    resolution_us: int


@dataclass(frozen=True, slots=True)
class Source:
    """What a source says of itself when all its rows were handed over.

    `times` is how times were read; with `relative` they are no dates. `annotated`: it says of its rows what they answer. `where`
    says a place in words that hold nothing of the source. `unread` is the share of its files that hold messages, and whose channel
    is not known.
    """

    times: str
    annotated: bool
    where: Callable[[int], str]
    relative: bool = False
    left_out: Mapping[str, int] = field(default_factory=dict)
    unread: float = 0.0


def run(wanted: Wanted, opening: AbstractContextManager[Callable[[Collector, Advance], Source]], telling: Teller) -> None:
    """Read a source, write its trace and tell what became of it.

    The key of the numbering is drawn here and forgotten when this returns. Raises UserError or InputError, and nothing is written,
    where the source cannot be read, or too many of its rows are rejected or not read.
    """
    check_writable(wanted.file, replace=wanted.replace)
    rejections = Rejections()
    collector = Collector(secrets.token_bytes(KEY_BYTES), rejections)
    with opening as read, telling.phase("reading", READING_S) as advance:
        source = read(collector, _counting(collector, telling, advance))
        repeated = reject_repeated(collector)
    told = list(rejections.first(source.where))
    for line in told:
        telling.line(line)
    _check(rejections, collector.rows, wanted.rejected_max, told)
    if source.unread > wanted.rejected_max:
        raise UserError(
            f"{source.unread:.1%} of the files of days lie in folders of no listed channel, and {wanted.rejected_max:.1%} may:"
            " mend the source's lists of channels, or let more be left out with --max-rejected; nothing is written"
        )
    with telling.phase("writing", WRITING_S):
        finished = finish(
            collector,
            repeated,
            name=wanted.file.name,
            relative=source.relative,
            annotated=source.annotated,
            resolution_us=wanted.resolution_us,
        )
        write_trace(wanted.file, finished.trace, replace=wanted.replace)
    trace = finished.trace
    telling.tell(
        TraceImported(
            file=str(wanted.file),
            rows=len(trace),
            channels=len(np.unique(trace.ch)),
            users=len(np.unique(trace.u)),
            rejected=dict(rejections.reasons),
            left_out=source.left_out,
            links_lost=finished.links_lost,
            times=source.times,
            digest=digest(trace),
        )
    )


def _counting(collector: Collector, telling: Teller, advance: Advance) -> Advance:
    """Tells how far the source is read, and now and then how many rows that were."""
    told = 0

    def count(done: float, total: float) -> None:
        nonlocal told
        advance(done, total)
        if collector.rows - told >= ROWS_A_LINE:
            told = collector.rows
            telling.line(f"{told} rows read, {collector.rejections.rows} of them rejected")

    return count


def _check(rejections: Rejections, rows: int, rejected_max: float, told: Sequence[str]) -> None:
    rejected = rejections.rows
    if rejected <= rejected_max * rows:
        return
    reasons = ", ".join(f"{reason} ({count})" for reason, count in rejections.reasons.most_common(3))
    raise UserError(
        f"{rejected} of {rows} rows are rejected, {rejected / rows:.1%}, and {rejected_max:.1%} may be: {reasons}; first {told[0]};"
        " mend the source or how it is read, or let more be rejected with --max-rejected; nothing is written"
    )
