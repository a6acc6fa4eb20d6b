"""What a design's agents have in the end when the bus between them and the central server fails: the rows that a run stores."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import psycopg

from bench.bus.carry import Carried, Course, carry, course_of
from bench.bus.heard import rows_of
from bench.bus.messages import outcomes
from bench.bus.relay import relay_deaths
from bench.bus.stream import stream
from bench.bus.timeline import Shown, timeline
from bench.bus.transit import BusFault, transit
from bench.checker.check import check
from bench.checker.columns import Columns
from bench.checker.declared import declared
from bench.checker.in_sql.check import check_store_in_sql, checking
from bench.checker.in_sql.loading import Part
from bench.checker.rows import columns_of
from bench.crash.judge import Outcome
from bench.crash.rig import Rig
from bench.drive.flights import Atomicity
from bench.faults.cells import Cell, cell_named
from bench.faults.other_schedules import Streamed
from bench.proof.masks import expected_of, shortfalls_of
from bench.results.faults_schema import BusRow, EpisodeRecord, LookRecord, MomentRecord, RegionRecord, Unavailable
from bench.scenes import HEADLINE
from bench.server.endpoint import not_waiting
from bench.stores import Store
from bench.traits import traits_of
from workloads.operations import Reply, Send

RELAY_KILLED = "relay killed"
BUS = "bus"

Progress = Callable[[int, int], None]


def bus_rows(
    store: Store, cells: Sequence[str], seeds: Sequence[int], progress: Progress, *, peer_delivery: bool = True
) -> Iterator[BusRow | LookRecord | Unavailable | MomentRecord | RegionRecord | EpisodeRecord]:
    """Every fault of a bus in the cells that have one, for each seed, and a relay killed at each point where there is an outbox.

    The same streams and the same draws for every design that puts as much on its bus. Cells with neither give nothing. Of the
    first stream with restarts in each cell there is a timeline, too, and of all streams in it whether the checkers found the same.
    `progress` is told rows done and rows in all.
    """
    traits, chosen = traits_of(store.design), [cell_named(name) for name in cells]
    carried = [(cell, fault, seed) for cell in chosen if cell.bus.is_async for fault in BusFault for seed in seeds]
    relayed = [cell for cell in chosen if cell.levels.atomicity is Atomicity.OUTBOX]
    total = len(carried) + len(relayed)
    done = 0
    with checking(store.conninfo) as connection:
        for cell in chosen:
            why = cell.missing(traits)
            if why is not None and (cell.bus.is_async or cell in relayed):
                yield Unavailable(
                    fault=BUS if cell.bus.is_async else RELAY_KILLED, design=store.design.name, why=f"{cell.name}: {why}"
                )
                done += (len(BusFault) * len(seeds)) if cell.bus.is_async else 1
            elif cell.bus.is_async:
                for record in _of_bus(connection, store, cell, seeds, peer_delivery=peer_delivery):
                    yield record
                    done += isinstance(record, BusRow)
                    progress(done, total)
            elif cell in relayed:
                yield _relay_row(store, cell, peer_delivery=peer_delivery)
                done += 1
            progress(done, total)


def _of_bus(
    connection: psycopg.Connection[Any], store: Store, cell: Cell, seeds: Sequence[int], *, peer_delivery: bool
) -> Iterator[BusRow | LookRecord | MomentRecord | RegionRecord | EpisodeRecord]:
    """Every fault of the bus of one cell, for each seed."""
    hurried = replace(store, endpoint=not_waiting(store.endpoint))
    agree: list[bool] = []
    for fault in BusFault:
        for seed in seeds:
            is_timed = fault is BusFault.RESTART and seed == seeds[0]
            shown = carried_by(store if is_timed else hurried, cell, fault, seed, peer_delivery=peer_delivery)
            yield bus_row(store, shown, seed, peer_delivery=peer_delivery)
            if is_timed:
                yield from timeline(shown)
            agree.append(_is_told_alike(connection, store, shown, peer_delivery=peer_delivery))
    design, apart = store.design.name, agree.count(False)
    yield LookRecord(design=design, cell=cell.name, what="streams", outcomes=len(agree), disagreements=apart)


def bus_row(store: Store, shown: Shown, seed: int, *, peer_delivery: bool = True) -> BusRow:
    """One stream of messages under one fault of its bus; void, with no exposure, when no delivery met the fault."""
    course, carried = shown.course, shown.carried
    left = message_outcomes(store, course, carried)
    rows = rows_of(carried.observed, carried.heard)
    own = declared(course.model, shortfalls_of(store.design), rows.history, rows.written, peer_delivery=peer_delivery)
    found = set(check(_columns(shown, peer_delivery=peer_delivery))) - own
    return BusRow(
        design=shown.design,
        cell=shown.cell,
        fault=shown.fault,
        seed=seed,
        messages=len(left),
        deliveries=sum(course.published),
        exposures=len(shown.transit.met(shown.fault)),
        left=dict(Counter(map(str, left.values()))),
        violations=dict(sorted(Counter(violation.invariant for violation in found).items())),
        schedule=str(Streamed(shown.design, shown.cell, shown.fault, seed, peer_delivery)),
    )


def _columns(shown: Shown, *, peer_delivery: bool) -> Columns:
    rows = rows_of(shown.carried.observed, shown.carried.heard)
    return columns_of(rows, peer_delivery=peer_delivery, maps_ids=False)


def _is_told_alike(connection: psycopg.Connection[Any], store: Store, shown: Shown, *, peer_delivery: bool) -> bool:
    """Whether the checker in SQL finds in the store itself what the one in Python does."""
    columns, made = _columns(shown, peer_delivery=peer_delivery), shown.course.stream
    part = Part([made.channel_id], [made.server_id], linked=[])
    return check(columns) == check_store_in_sql(connection, store, columns, part)


def carried_by(store: Store, cell: Cell, fault: BusFault, seed: int, *, peer_delivery: bool = True) -> Shown:
    """A stream of this seed after it was carried over a bus with this fault.

    The stream depends on the seed alone; its ids on the cell and the fault too, so that streams in one database do not meet.
    """
    made = stream(f"{cell.name}-{fault}-{seed}", random.Random(seed))
    course = course_of(store, cell.levels, cell.bus, made, peer_delivery=peer_delivery)
    events = transit(course.published, fault, cell.bus, random.Random(seed))
    carried = carry(store, cell.levels, cell.bus, course, events, time.monotonic_ns, peer_delivery=peer_delivery)
    return Shown(store.design.name, cell.name, fault, course, events, carried)


def message_outcomes(store: Store, course: Course, carried: Carried) -> dict[int, Outcome]:
    """What there is of each message of a stream in the end, by its time."""
    expected = expected_of(course.model, shortfalls_of(store.design)).projection
    written = [operation.at_ms for operation in course.stream.operations if isinstance(operation, (Send, Reply))]
    return outcomes(expected, carried.observed.projection, written)


def _relay_row(store: Store, cell: Cell, *, peer_delivery: bool) -> BusRow:
    with Rig.opened(store) as rig:
        deaths = [death for death in relay_deaths(rig, HEADLINE, 1, peer_delivery=peer_delivery) if death.happened]
    return BusRow(
        design=store.design.name,
        cell=cell.name,
        fault=RELAY_KILLED,
        seed=0,
        messages=len(deaths),
        deliveries=len(deaths),
        exposures=sum(death.applied_unmarked for death in deaths),
        left=dict(Counter(str(death.judgement.outcome) for death in deaths)),
    )
