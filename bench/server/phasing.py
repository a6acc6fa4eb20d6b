"""A phase's settings put into force on a server of our own."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

import psycopg
from psycopg import sql

from bench.errors import ServerFailed
from bench.server.endpoint import Endpoint
from bench.server.phases import PHASE_SETTINGS, ServerPhase

_DEADLINE_S = 30.0


def put_into_force(endpoint: Endpoint, phase: ServerPhase, fixed: Collection[str]) -> None:
    """Sets what a phase wants, less the settings that are `fixed`, and returns once it is in force.

    For MEASURE running autovacuum workers are ended. Raises ServerFailed where the server does not follow in 30 s.
    """
    wanted = {name: value for name, value in PHASE_SETTINGS[phase].items() if name not in fixed}
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        for name, value in wanted.items():
            change = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            connection.execute(change)
        connection.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + _DEADLINE_S
        while not _in_force(connection, wanted):
            if time.monotonic() > deadline:
                raise ServerFailed(f"server of our own: the settings of phase {phase.value} do not come into force", "try again")
            time.sleep(0.01)


def _in_force(connection: psycopg.Connection[tuple[object, ...]], wanted: Mapping[str, str]) -> bool:
    """Other processes of the server follow a reload in their own time, autovacuum's the last of them."""
    for name, value in wanted.items():
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        if row != (value,):
            return False
    if wanted.get("autovacuum") != "off":
        return True
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'")
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type IN ('autovacuum launcher', 'autovacuum worker')"
    ).fetchone()
    return row == (0,)
