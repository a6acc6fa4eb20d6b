"""What interrupts an operation takes hold on a real server, and leaves evidence; where it cannot, it leaves none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import psycopg

from bench.drive.drivers import Completion, Told, stepping
from bench.drive.flights import Atomicity, Exchange, Flight, operation_flights
from bench.stores import Store
from bench.wire.emulated import EmulatedLane
from bench.wire.interruptions import Hit, Interrupter, Interruption, Point, happened, points, refused, refusing
from bench.wire.links import only
from tests.bench.drive.toy import CONTEXT, Toy, send, stored
from variants.contract import Design, Rows

FreshStore = Callable[[Toy], Store]

# The toy's flights: 1 BEGIN, 2 count, 3 add, 4 COMMIT; 5 BEGIN, 6 find, 7 add room, 8 copy, 9 COMMIT; 10 a statement of its own.
STATEMENTS = (2, 3, 6, 7, 8, 10)
INSIDE = (2, 3, 4, 6, 7, 8, 9)
COMMITS = (4, 9)


def flights_of(design: Toy) -> list[Flight]:
    found: list[Flight] = []
    flights = operation_flights(design.write(send("m"), CONTEXT), Atomicity.PER_SIDE, Exchange.PLAIN)
    rows: list[Rows] | None = None
    while True:
        try:
            flight = next(flights) if rows is None else flights.send(rows)
        except StopIteration:
            return found
        found.append(flight)
        rows = [[(0,)]] if flight[0].statement is None or "rooms" not in flight[0].statement.constant.sql else [[]]


def test_each_interruption_meets_the_flights_that_it_can_meet() -> None:
    found: dict[Interruption, list[int]] = {}
    for point in points(flights_of(Toy())):
        found.setdefault(point.interruption, []).append(point.flight)
    assert found == {
        Interruption.NO_CONNECTION: [0],
        Interruption.TERMINATED: list(range(1, 11)),
        Interruption.CANCELLED: list(STATEMENTS),
        Interruption.STATEMENT_TIMEOUT: list(STATEMENTS),
        Interruption.LOCK_TIMEOUT: list(STATEMENTS),
        Interruption.IDLE_TIMEOUT: list(INSIDE),
        Interruption.SERIALIZATION_FAILURE: list(COMMITS),
        Interruption.SWALLOWED_ERROR: list(COMMITS),
    }


def interrupted(lane: EmulatedLane, interrupter: Interrupter, design: Design, point: Point, name: str) -> tuple[Completion, bool]:
    """One message of the toy under an interruption, and whether there is evidence of it."""
    with lane.open() as links:
        interrupter.prepare(point.interruption, only(links))
        lane.arm(links, None)
        tasks = design.write(send(name, channel=name), CONTEXT)
        steps = stepping(links, operation_flights(tasks, Atomicity.PER_SIDE, Exchange.PLAIN))
        hit, number = Hit(), 0
        with ExitStack() as under_way:
            while True:
                try:
                    next(steps)
                except StopIteration as stop:
                    interrupter.restore(only(links))
                    return stop.value, happened(point.interruption, hit, stop.value, lane.evidence(links).tags)
                under_way.close()
                number += 1
                if number == point.flight:
                    hit = under_way.enter_context(interrupter.around(point.interruption, only(links)))


ENDINGS = [
    (Interruption.TERMINATED, 3, None, Told.FAIL, (0, 0, 0)),
    (Interruption.TERMINATED, 4, None, Told.INFO, (0, 0, 0)),
    (Interruption.TERMINATED, 7, None, Told.INFO, (1, 0, 0)),
    (Interruption.CANCELLED, 3, "57014", Told.FAIL, (0, 0, 0)),
    (Interruption.CANCELLED, 6, "57014", Told.INFO, (1, 0, 0)),
    (Interruption.STATEMENT_TIMEOUT, 6, "57014", Told.INFO, (1, 0, 0)),
    (Interruption.LOCK_TIMEOUT, 2, "55P03", Told.FAIL, (0, 0, 0)),
    (Interruption.IDLE_TIMEOUT, 3, None, Told.FAIL, (0, 0, 0)),
    (Interruption.SERIALIZATION_FAILURE, 4, "40001", Told.FAIL, (0, 0, 0)),
    (Interruption.SERIALIZATION_FAILURE, 9, "40001", Told.INFO, (1, 0, 0)),
    (Interruption.SWALLOWED_ERROR, 4, "25P02", Told.FAIL, (0, 0, 0)),
    # Nothing that BEGIN needs can be held.
    (Interruption.LOCK_TIMEOUT, 1, None, Told.OK, (1, 1, 1)),
    (Interruption.CANCELLED, 1, None, Told.OK, (1, 1, 1)),
]


def test_an_interruption_ends_the_operation_as_the_server_says_or_leaves_no_evidence(fresh_store: FreshStore) -> None:
    store = fresh_store(Toy())
    with EmulatedLane.opened(store) as lane, Interrupter.opened(store) as interrupter:
        for number, (interruption, flight, sqlstate, told, left) in enumerate(ENDINGS):
            point, name = Point(interruption, flight), f"channel-{number}"
            completion, took_place = interrupted(lane, interrupter, store.design, point, name)
            assert (completion.told, took_place) == (told, told is not Told.OK), point
            assert sqlstate is None or completion.sqlstate == sqlstate, point
            assert left_of(store, name) == left, point
    assert_nothing_stays_behind(store)


def left_of(store: Store, channel: str) -> tuple[int, int, int]:
    """How many rows there are of a channel in log, rooms and copies."""
    log, rooms, copies = stored(store)
    return sum(row[1] == channel for row in log), sum(row[0] == channel for row in rooms), sum(row[1] == channel for row in copies)


def assert_nothing_stays_behind(store: Store) -> None:
    with psycopg.connect(store.conninfo) as connection:
        tables = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        locks = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock') "
            "AND relation IS NOT NULL AND pid <> pg_backend_pid() "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone()
        roles = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'storebench%refused'").fetchone()
    assert tables == {"log", "rooms", "copies"}
    assert (locks, roles) == ((0,), (0,))


def test_means_without_the_servers_word_are_no_evidence_and_neither_is_the_word_alone() -> None:
    ended, other = (Completion(Told.FAIL, sqlstate=sqlstate) for sqlstate in ("57014", "40001"))
    assert happened(Interruption.CANCELLED, Hit(True), ended, ())
    assert not happened(Interruption.CANCELLED, Hit(True), other, ())
    assert not happened(Interruption.CANCELLED, Hit(False), ended, ())
    swallowed = Completion(Told.FAIL, sqlstate="25P02")
    assert happened(Interruption.SWALLOWED_ERROR, Hit(True), swallowed, ("COMMIT", "ROLLBACK"))
    assert not happened(Interruption.SWALLOWED_ERROR, Hit(True), swallowed, ("COMMIT",))


def test_a_client_without_a_connection_is_told_so_and_nobody_else_is_kept_out(fresh_store: FreshStore) -> None:
    store = fresh_store(Toy())
    with refusing(store) as conninfo:
        assert "too many connections" in (refused(conninfo) or "")
    assert refused(store.conninfo) is None
    assert_nothing_stays_behind(store)
