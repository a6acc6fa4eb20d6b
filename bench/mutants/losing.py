"""A server that forgets what it acknowledged: crashes with synchronous_commit off, and the same with it on, beside each other.

One backend is killed by signal 9. The postmaster then ends all other processes at once, the WAL writer among them, and recovers:
what was acknowledged and not flushed yet is gone. Only on a server of our own, which is started for this alone and thrown away.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench.bus.heard import OPERATION_NS, Heard, all_ok, rows_of
from bench.bus.stream import stream
from bench.checker.check import check
from bench.checker.in_sql.check import check_store_in_sql, checking
from bench.checker.in_sql.loading import Part
from bench.checker.rows import columns_of
from bench.crash.rig import set_up
from bench.drive.drivers import Told, run
from bench.drive.flights import Atomicity, Exchange, operation_flights
from bench.errors import InvalidMeasurement
from bench.proof.observe import observe
from bench.server.databases import checkpoint
from bench.server.endpoint import Endpoint, not_waiting
from bench.server.server import Server
from bench.stores import Store, install
from variants.contract import Design
from workloads.model import Model
from workloads.operations import Send

OPERATIONS = 60
RECOVERY_S = 30.0
Strike = Callable[[int], None]
"""Ends a backend, whose process id it is given, as a crash of it would."""

_PAUSE_S = 0.01
_WAL_WRITER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'"


@dataclass(frozen=True, slots=True)
class Crash:
    """A crash amid acknowledged messages: the invariants that it broke. `happened`: the server's processes are others.

    `agree`: the checkers in Python and in SQL found the same.
    """

    happened: bool
    broken: frozenset[str]
    agree: bool


@contextmanager
def own_server(server: Server) -> Iterator[tuple[Endpoint, Strike]]:
    """A server that may crash, whose WAL writer takes its time, and what crashes it; it is thrown away at the end."""
    with server.fresh() as fresh:
        if fresh.strike is None:
            raise ValueError("a server that is not ours must not crash")
        with psycopg.connect(fresh.endpoint.conninfo(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            connection.execute("SELECT pg_reload_conf()")
        yield fresh.endpoint, fresh.strike


def installed(endpoint: Endpoint, design: Design, *, synchronous: bool) -> Store:
    """A store on it whose commits wait for the disk, or for nothing at all."""
    if synchronous:
        return install(design, endpoint, "waiting")
    return install(design, not_waiting(endpoint), "forgetful")


def crash(store: Store, number: int, strike: Strike, recovery_s: float = RECOVERY_S) -> Crash:
    """Messages, each in one transaction and told ok, then a crash, and what there is after the recovery.

    `strike` is given the process id of a backend; `recovery_s` is how long the server may take to be another one.
    """
    made = stream(f"crash-{number}", random.Random(number), OPERATIONS)
    model = Model()
    with store.links(Exchange.SHARED) as setting_up:
        set_up(store.design, setting_up, model, made.setup, "the scene of a crash")
    heard = all_ok(Model(), made.setup)
    checkpoint(store.endpoint)
    before = _wal_writer(store)
    with store.links(Exchange.PLAIN) as links, psycopg.connect(store.conninfo, autocommit=True) as victim:
        for place, operation in enumerate((item for item in made.operations if isinstance(item, Send)), start=len(heard)):
            context = model.context(operation)
            completion = run(links, operation_flights(store.design.write(operation, context), Atomicity.JOINED, Exchange.PLAIN))
            if completion.told is not Told.OK:
                raise InvalidMeasurement(
                    f"{store.design.name}: a message before a crash ended {completion.told}: {completion.reason}"
                )
            heard.append(Heard(operation, context, completion, place * OPERATION_NS, (place + 1) * OPERATION_NS - 1))
            model.apply(operation, context)
        strike(victim.info.backend_pid)
    after = _after_recovery(store, before, recovery_s)
    rows = rows_of(observe(store, [made.channel_id], [made.server_id]), heard)
    columns = columns_of(rows, maps_ids=False)
    found = check(columns)
    with checking(store.conninfo) as connection:
        agree = found == check_store_in_sql(connection, store, columns, Part([made.channel_id], [made.server_id], linked=[]))
    return Crash(after not in (None, before), frozenset(violation.invariant for violation in found), agree)


def _wal_writer(store: Store) -> int | None:
    with psycopg.connect(store.endpoint.conninfo(), autocommit=True) as connection:
        row = connection.execute(_WAL_WRITER).fetchone()
    return None if row is None else int(row[0])


def _after_recovery(store: Store, before: int | None, recovery_s: float) -> int | None:
    """The WAL writer's process id once the server answers as another one, or when it still does not after a while."""
    end_s = time.monotonic() + recovery_s
    found: int | None = None
    while time.monotonic() < end_s:
        try:
            found = _wal_writer(store)
        except psycopg.OperationalError:
            found = None
        if found not in (None, before):
            return found
        time.sleep(_PAUSE_S)
    return found
