"""What a server lacks for a measurement: what that costs, and how to mend it. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from bench.server.capabilities import NOT_AVAILABLE, Capabilities
from bench.server.phases import PHASE_SETTINGS, ServerPhase

CONNECTIONS = 50
"""What a run with all designs opens at a time, and some to spare."""

_CHANGED = ", ".join(PHASE_SETTINGS[ServerPhase.MEASURE])


class State(enum.Enum):
    """LACKING: it spoils something. NOT_AVAILABLE: it will be missing from the results. HINDERS: no run is possible."""

    OK = "ok"
    LACKING = "lacking"
    NOT_AVAILABLE = "not available"
    HINDERS = "hinders a run"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `found` is what is there; `cost` and `mend` are empty where nothing is wrong."""

    what: str
    state: State
    found: str
    cost: str = ""
    mend: str = ""


def server_findings(c: Capabilities) -> list[Finding]:
    """All that matters of a server, in the order in which a person would ask."""
    return [
        Finding("version", State.OK, f"PostgreSQL {c.server_version}"),
        _right(
            c,
            "create databases",
            State.HINDERS,
            "every trial has a database of its own",
            "an administrator: ALTER ROLE ... CREATEDB",
        ),
        _setting(c, "track_counts", "off", State.HINDERS, "the server does not count rows", "an administrator: track_counts = on"),
        _right(
            c,
            "change settings",
            State.LACKING,
            "autovacuum and timed checkpoints fall into the measurements",
            f"an administrator: GRANT ALTER SYSTEM ON PARAMETER {_CHANGED}; GRANT EXECUTE ON FUNCTION pg_reload_conf(), "
            "pg_show_all_file_settings(); GRANT SELECT ON pg_file_settings",
        ),
        _right(
            c,
            "checkpoint",
            State.LACKING,
            "full-page images vary with the server's own checkpoints",
            "an administrator: GRANT pg_checkpoint",
        ),
        _statement_counts(c),
        _wal(c),
        _connections(c),
        _prepared(c),
        _standby(c),
        *(_setting(c, *row) for row in _SPOILING),
    ]


_SPOILING = (
    ("fsync", "off", State.LACKING, "commits do not wait for the disk: latencies are too short", "set fsync = on and reload"),
    ("full_page_writes", "off", State.LACKING, "less WAL than a safe server writes", "set full_page_writes = on and reload"),
    ("debug_assertions", "on", State.LACKING, "every statement is slower than in production", "use a server built without them"),
    ("log_statement", "all", State.LACKING, "every statement is logged in its latency", "set log_statement = none and reload"),
    ("log_min_duration_statement", "0", State.LACKING, "every statement is logged in its latency", "set it to -1 and reload"),
)


def _statement_counts(c: Capabilities) -> Finding:
    what, cost = "pg_stat_statements", "statements by the server's own count: not available"
    if c.extensions.get(what) is None:
        return Finding(what, State.NOT_AVAILABLE, "not installed", cost, "install PostgreSQL's contrib package")
    if not c.superuser:
        return Finding(what, State.NOT_AVAILABLE, "not for this role", cost, "use a superuser")
    if not c.statement_counts:
        return Finding(what, State.NOT_AVAILABLE, "not loaded", cost, f"shared_preload_libraries = '{what}', then restart")
    return Finding(what, State.OK, "loaded")


def _wal(c: Capabilities) -> Finding:
    what, cost = "pg_walinspect", "WAL records and bytes: not available"
    if c.extensions.get(what) is None:
        return Finding(what, State.NOT_AVAILABLE, "not installed", cost, "install PostgreSQL's contrib package")
    if not c.superuser:
        return Finding(what, State.NOT_AVAILABLE, "not for this role", cost, "use a superuser")
    return Finding(what, State.OK, "can be used")


def _connections(c: Capabilities) -> Finding:
    what, free = "free connections", c.free_connections
    if free is None:
        return Finding(what, State.NOT_AVAILABLE, NOT_AVAILABLE, "a run may find too few", "")
    if free < CONNECTIONS:
        return Finding(
            what,
            State.LACKING,
            str(free),
            f"a run with all designs opens up to {CONNECTIONS} and ends when one is refused",
            "raise max_connections and restart, close others, or measure fewer designs",
        )
    return Finding(what, State.OK, str(free))


def _prepared(c: Capabilities) -> Finding:
    what, value = "prepared transactions", c.settings.get("max_prepared_transactions")
    if not c.prepared_transactions:
        return Finding(
            what,
            State.NOT_AVAILABLE,
            value or NOT_AVAILABLE,
            "transactions over two databases: not available",
            "set max_prepared_transactions = 64 and restart",
        )
    return Finding(what, State.OK, value or "")


def _standby(c: Capabilities) -> Finding:
    what, value = "synchronous_standby_names", c.settings.get("synchronous_standby_names")
    if value:
        return Finding(what, State.LACKING, value, "every commit waits for a standby", "measure on a server without one")
    return Finding(what, State.OK, NOT_AVAILABLE if value is None else "none")


def _right(c: Capabilities, right: str, state: State, cost: str, mend: str) -> Finding:
    what = f"may {right}"
    return Finding(what, State.OK, "yes") if c.may.get(right) else Finding(what, state, "no", cost, mend)


def _setting(c: Capabilities, name: str, bad: str, state: State, cost: str, mend: str) -> Finding:
    value = c.settings.get(name)
    if value == bad:
        return Finding(name, state, value, cost, mend)
    return Finding(name, State.OK, NOT_AVAILABLE if value is None else value)


def remarks(c: Capabilities) -> Iterator[str]:
    """What is not as measurements want it, a line each."""
    for finding in server_findings(c):
        if finding.state is not State.OK:
            yield f"{finding.what}: {finding.found}; {finding.cost}" + (f" (to mend it: {finding.mend})" if finding.mend else "")
