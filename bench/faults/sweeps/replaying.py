"""One schedule run again, over the wire, and told in lines for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bench.errors import UserError
from bench.faults.cells import cell_named
from bench.faults.names import LaneName
from bench.faults.schedule import Fault, Schedule
from bench.faults.sweeps.batch import Asked, Exposure, Trial
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.lanes import opened
from bench.faults.sweeps.passages import Passage
from bench.faults.sweeps.playing import Attempted
from bench.history.entry import Truth
from bench.stores import Store
from bench.traits import traits_of
from bench.wire.cut import Side

_SHOWN_CHARACTERS = 100

_SIDES = {
    Side.REQUEST_LOST: "never reached the server, and the connection was cut",
    Side.REPLY_LOST: "reached the server, its answer was swallowed, and the connection was cut",
    Side.ZOMBIE: "never reached the server, and only the client's side was cut until its last attempt was over",
}

_TRUTHS = {
    Truth.COMMITTED: "did all of it",
    Truth.PARTIAL: "did a part of it",
    Truth.ABORTED: "did nothing of it",
    Truth.UNKNOWN: "did not say what it did",
}


def replay(store: Store, schedule: Schedule) -> tuple[str, ...]:
    """What was sent, where it was cut, what the caller was told, what is left and what that breaks.

    Raises `UserError` when the design has no such cell or the operation no such message, `InvalidMeasurement` when the undisturbed
    operation does other work than the model says.
    """
    check_cell(store, schedule)
    asked = Asked(cell_named(schedule.cell), schedule.kind, schedule.k, schedule.peer_delivery)
    with Ground.opened(store) as ground, opened(LaneName.PROXY, store) as lane:
        trial = Trial(ground, asked, lane)
        flights = [trial.rehearsal.passages]
        _check(schedule, schedule.first, flights[0])
        if len(schedule.faults) > 1:
            flights.append(trial.continued([schedule.first])[schedule.first])
            _check(schedule, schedule.faults[1], flights[1])
        (exposure,) = next(trial.expose([schedule]))
        exposure = exposure.with_links(trial.linked())
    return tuple(_lines(exposure, flights))


def check_cell(store: Store, schedule: Schedule) -> None:
    """`UserError` where the store's design has no such cell."""
    reason = cell_named(schedule.cell).missing(traits_of(store.design))
    if reason is not None:
        raise UserError(f"schedule {str(schedule)!r}: {schedule.design} has no {schedule.cell}: {reason}")


def _check(schedule: Schedule, fault: Fault, flights: Sequence[Passage]) -> None:
    messages = flights[-1].last if flights else 0
    if fault.message > messages:
        has = f"attempt {fault.attempt} has messages 1 to {messages}" if messages else f"there is no attempt {fault.attempt}"
        if fault.attempt == 1 and not messages:
            has = "the operation sends nothing"
        raise UserError(f"schedule {str(schedule)!r}: there is no message {fault.message} to cut: {has}")


def _lines(exposure: Exposure, flights: Sequence[Sequence[Passage]]) -> Iterator[str]:
    schedule, played = exposure.schedule, exposure.played
    yield str(schedule)
    for number, attempted in enumerate(played.attempts, start=1):
        fault = next((fault for fault in schedule.faults if fault.attempt == number), None)
        yield f"attempt {number}: told {attempted.completion.told}{_reason(attempted)}"
        if fault is not None:
            yield from _cut(fault, flights[number - 1], attempted)
    yield f"told {played.told}; the server {_TRUTHS[played.truth]}"
    if not exposure.happened:
        yield "void: a fault did not happen, so what is left is not its doing"
        return
    yield f"left: {exposure.left.outcome}"
    for actor, presence in exposure.left.presence.items():
        yield f"  {actor}: {presence}"
    yield f"breaks {', '.join(exposure.violations)}" if exposure.violations else "breaks nothing"


def _cut(fault: Fault, flights: Sequence[Passage], attempted: Attempted) -> Iterator[str]:
    """Its flights: answered ones, the one with the cut, those that were not sent."""
    for passage in flights:
        what = textwrap.shorten("; ".join(passage.commands), _SHOWN_CHARACTERS, placeholder=" …")
        if passage.last < fault.message:
            yield f"  sent, answered   {what}"
        elif passage.first > fault.message:
            yield f"  never sent       {what}"
        else:
            yield f"  cut here         {what}"
            label = passage.labels()[fault.message - passage.first]
            yield f"                   message {label}: {_SIDES[fault.side]}"
    if attempted.evidence is not None:
        ends = ", ".join(attempted.evidence.tags) or "none"
        yield f"  evidence         {attempted.evidence.forwarded} messages reached the server; transactions that it ended: {ends}"


def _reason(attempted: Attempted) -> str:
    return f" ({attempted.completion.reason})" if attempted.completion.reason else ""
