"""The two tables as lines of text. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bench.aa.record import WindowsRecord
from bench.aa.tables import Found, Tables
from bench.stats.words import percent_change, share
from bench.visible import visible


def lines(record: WindowsRecord, found: Tables) -> Iterator[str]:
    """Both tables, in the order in which a reader doubts: does it cry wolf, and does it see one."""
    kinds = visible(" or ".join(found.kinds)) or "no kind of operation"
    design = visible(record.design)
    parts = "one session" if record.sessions == 1 else f"{record.sessions} sessions"
    yield f"{record.pairs} windows of {record.seconds:g} s in {parts}, {design} against copies of itself, by {kinds},"
    k = "" if record.agents is None else f" with k = {record.agents}"
    yield f"workload {visible(record.workload)}{k}; {visible(record.placement)}"
    yield ""
    yield "The same code twice (A/A)"
    yield from _aligned(
        [
            ("pairs", "called different", "intervals that hold 0 %", "detectable, in the middle"),
            (
                str(found.same.pairs),
                f"{found.same.called_different} of {found.same.pairs}",
                f"{found.same.intervals_hold} of {found.same.pairs}",
                share(found.same.detectable),
            ),
        ]
    )
    yield ""
    yield "Planted costs (A/A+delta)"
    heading = ("variant", "found", "sign right", "measured, in the middle", "5th to 95th of 100 windows")
    yield from _aligned([heading, *(_planted(row) for row in found.found)])
    if found.short:
        yield ""
        yield f"{found.short} windows were too short for an interval: nothing counts as found in them."


def _planted(row: Found) -> tuple[str, ...]:
    return (
        visible(row.variant),
        f"{row.found} of {row.windows}",
        f"{row.sign_right} of {row.found}",
        percent_change(row.middle),
        f"{percent_change(row.low)} to {percent_change(row.high)}",
    )


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
