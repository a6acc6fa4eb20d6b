"""A client that is stopped (SIGSTOP) inside an operation, another one that takes the operation over, and the first one resumed.

It is what a lease that runs out does: the old holder is not dead, only late, and goes on as if nothing had happened. The taker runs
the operation once more; where the stopped one holds locks that it needs, it gives up after `LOCK_TIMEOUT_MS`. With a fence, the old
holder's backend is ended before the taker begins.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench.crash.exposure import Cell as Kind
from bench.crash.exposure import Rehearsal, rehearse
from bench.crash.judge import Judgement, Outcome
from bench.crash.points import Point
from bench.crash.rig import Rig
from bench.drive.drivers import Completion, Links, Told, run, stepping
from bench.drive.flights import Exchange
from bench.errors import UserError
from bench.factors import Ids, Levels
from bench.faults.cells import Cell, cell_named
from bench.faults.clients.forked import Forked, Say
from bench.faults.clients.remains import remains
from bench.faults.other_schedules import TakenOver
from bench.history.resolve import Resolver
from bench.results.faults_schema import PauseRow
from bench.stores import Store
from bench.traits import traits_of
from bench.write_path import WritePath
from variants.contract import Side
from workloads.operations import Context, Write

LOCK_TIMEOUT_MS = 50
"""How long a taker waits for a lock that the stopped client holds."""

_BACKEND, _TOLD, _SEPARATOR = "backend ", "told ", " "


@dataclass(frozen=True, slots=True)
class Paused:
    """One exposure: what the stopped client and the taker were told, and what there was in the end; void for the reason `void`."""

    told: Told | None
    taker: Completion | None
    left: Judgement | None
    void: str = ""


def pauses(
    store: Store,
    cells: Sequence[Cell],
    progress: Callable[[int, int], None],
    *,
    kinds: Sequence[str] = ("send", "reply"),
    k: int = 1,
    peer_delivery: bool = True,
) -> Iterator[PauseRow]:
    """A pause at every step point of these kinds, in every cell that the design has and whose bus is synchronous; without a fence.

    `progress` is told exposures done and exposures in all.
    """
    traits = traits_of(store.design)
    had = [cell for cell in cells if not cell.bus.is_async and cell.missing(traits) is None]
    with opened(store) as (rig, resolver):
        rehearsals = [(cell, rehearse(rig, Kind(kind, k, cell.levels.atomicity, peer_delivery))) for cell in had for kind in kinds]
        total = sum(len(rehearsal.points) for _, rehearsal in rehearsals)
        done = 0
        for cell, rehearsal in rehearsals:
            for point in rehearsal.points:
                yield _row(store, cell, rehearsal, point, pause(rig, resolver, rehearsal, point, cell.levels))
                done += 1
                progress(done, total)


def taken_over(store: Store, schedule: TakenOver) -> PauseRow:
    """One takeover alone. Raises `UserError` when the design has no such cell, or the operation no such point."""
    cell = cell_named(schedule.cell)
    reason = cell.missing(traits_of(store.design))
    if reason is not None:
        raise UserError(f"schedule {str(schedule)!r}: {reason}")
    with opened(store) as (rig, resolver):
        rehearsal = rehearse(rig, Kind(schedule.kind, schedule.k, cell.levels.atomicity, schedule.peer_delivery))
        if schedule.point not in rehearsal.points:
            points = ", ".join(map(str, rehearsal.points))
            raise UserError(f"schedule {str(schedule)!r}: there is no {schedule.point}: the operation has {points}")
        return _row(store, cell, rehearsal, schedule.point, pause(rig, resolver, rehearsal, schedule.point, cell.levels))


@contextmanager
def opened(store: Store) -> Iterator[tuple[Rig, Resolver]]:
    """The connections that pauses need."""
    with Rig.opened(store) as rig, psycopg.connect(store.conninfo, autocommit=True) as connection:
        yield rig, Resolver(connection)


def pause(rig: Rig, resolver: Resolver, rehearsal: Rehearsal, point: Point, levels: Levels, *, fenced: bool = False) -> Paused:
    """One exposure at this point of the rehearsed operation."""
    cell = rehearsal.cell
    made, model = rig.new_scene(cell.kind, cell.k, peer_delivery=cell.peer_delivery)
    (operation,) = made.target
    is_fresh = levels.ids is Ids.FRESH
    context = model.context(operation, fresh_ids=is_fresh)
    again = model.context(operation, attempt=2, fresh_ids=is_fresh)
    with Forked.started(_stopping(rig.store, levels, operation, context, rehearsal.points[point])) as child:
        words = child.line()
        if words is None or not words.startswith(_BACKEND) or not child.is_stopped():
            return Paused(None, None, None, f"its client was not stopped: {words or 'it said nothing'}")
        backend_pid = int(words.removeprefix(_BACKEND))
        if fenced and not resolver.fence(backend_pid):
            return Paused(None, None, None, "the server did not end the fenced backend")
        taker = _take_over(rig.store, levels, operation, again)
        child.signal(signal.SIGCONT)
        words = child.line()
    if words is None or not words.startswith(_TOLD):
        return Paused(None, taker, None, f"its client did not go on: {words or 'it said nothing'}")
    if not rig.wait_until_gone([backend_pid]):
        return Paused(None, taker, None, "the server did not end its backend")
    left = remains(rig, rehearsal, made, context, again)
    return Paused(Told(words.removeprefix(_TOLD).split(_SEPARATOR)[0]), taker, left)


def _stopping(store: Store, levels: Levels, operation: Write, context: Context, answered: int) -> Callable[[Say], None]:
    """A client that stops itself once so many commands are answered, and goes on when it is told to."""

    def live(say: Say) -> None:
        path = WritePath(store.design, levels, Exchange.PLAIN)
        with store.links(Exchange.PLAIN) as links:
            say(f"{_BACKEND}{links[Side.CENTRAL].backend_pid}")
            steps = stepping(links, path.flights(operation, context))
            sent, is_stopped = 0, False
            while True:
                try:
                    next(steps)
                except StopIteration as stop:
                    completion: Completion = stop.value
                    break
                if sent == answered:
                    is_stopped = True
                    os.kill(os.getpid(), signal.SIGSTOP)
                sent += 1
            if not is_stopped:
                os.kill(os.getpid(), signal.SIGSTOP)
        say(f"{_TOLD}{completion.told}{_SEPARATOR}{completion.reason or ''}")

    return live


def _take_over(store: Store, levels: Levels, operation: Write, context: Context) -> Completion:
    with store.links(Exchange.PLAIN) as links:
        _limit_locks(links)
        return run(links, WritePath(store.design, levels, Exchange.PLAIN).flights(operation, context))


def _limit_locks(links: Links) -> None:
    for link in set(links.values()):
        link.pgconn.exec_(f"SET lock_timeout = {LOCK_TIMEOUT_MS}".encode())


def _row(store: Store, cell: Cell, rehearsal: Rehearsal, point: Point, paused: Paused) -> PauseRow:
    left, asked = paused.left, rehearsal.cell
    return PauseRow(
        design=store.design.name,
        cell=cell.name,
        kind=asked.kind,
        at=str(point),
        happened=left is not None,
        told=str(paused.told) if paused.told is not None else "",
        told_taker=str(paused.taker.told) if paused.taker is not None else "",
        left=str(left.outcome) if left is not None else "",
        parts=list(left.parts) if left is not None and left.outcome not in {Outcome.WHOLE, Outcome.LOST} else [],
        schedule=str(TakenOver(store.design.name, cell.name, asked.kind, asked.k, point, asked.peer_delivery)),
    )
