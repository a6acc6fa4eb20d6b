"""What a server can do and how it is set, as far as measurements depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import psycopg

from bench.server.endpoint import Endpoint
from bench.server.phases import PHASE_SETTINGS, ServerPhase

NOT_AVAILABLE = "not available"
_STANDBYS = "synchronous_standby_names"
_EXTENSIONS = ("pg_stat_statements", "pg_walinspect", "pgstattuple")
_SETTINGS = (
    "autovacuum",
    "block_size",
    "checkpoint_completion_target",
    "checkpoint_timeout",
    "commit_delay",
    "data_checksums",
    "deadlock_timeout",
    "debug_assertions",
    "default_transaction_isolation",
    "effective_cache_size",
    "fsync",
    "full_page_writes",
    "huge_pages_status",
    "io_method",
    "jit",
    "lc_messages",
    "local_preload_libraries",
    "log_min_duration_statement",
    "log_statement",
    "max_connections",
    "max_prepared_transactions",
    "max_wal_size",
    "password_encryption",
    "plan_cache_mode",
    "pg_stat_statements.track",
    "random_page_cost",
    "server_encoding",
    "session_preload_libraries",
    "shared_buffers",
    "shared_preload_libraries",
    "ssl",
    "synchronous_commit",
    _STANDBYS,
    "TimeZone",
    "track_counts",
    "track_io_timing",
    "wal_buffers",
    "wal_compression",
    "wal_level",
    "wal_sync_method",
    "work_mem",
)
_NULLS_NOT_DISTINCT_SINCE = 150000
RIGHTS: Mapping[str, str] = MappingProxyType(
    {
        "create databases": "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user",
        "checkpoint": "SELECT pg_has_role(current_user, 'pg_checkpoint', 'USAGE')",
        "change settings": """
            SELECT bool_and(has_parameter_privilege(name, 'ALTER SYSTEM')) AND has_function_privilege('pg_reload_conf()', 'EXECUTE')
            AND has_table_privilege('pg_file_settings', 'SELECT')
            AND has_function_privilege('pg_show_all_file_settings()', 'EXECUTE')
            FROM unnest(%(phase)s::text[]) AS name""",
    }
)
"""What a role may do, each with the question that the server answers."""

_FREE_CONNECTIONS = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database)"""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One server's abilities. None means that the server does not have it or does not tell; never read it as zero.

    `server_version_number` is PostgreSQL's own (180006 is 18.6). `extensions` has the version that can be created, by
    name. `statement_counts`: pg_stat_statements is loaded too. `backend_wal`: WAL counted per session
    (`pg_stat_get_backend_wal`, since 18). `may` tells what our role may do, by name (`RIGHTS`). `free_connections` are those that
    it could still open. `settings` are as the server prints them, units included: a list of names, and what of the planner is
    not as PostgreSQL ships it.
    """

    server_version_number: int
    server_version: str
    extensions: Mapping[str, str | None]
    statement_counts: bool | None
    nulls_not_distinct: bool
    prepared_transactions: bool | None
    backend_wal: bool
    data_checksums: bool | None
    superuser: bool | None
    may: Mapping[str, bool]
    free_connections: int | None
    settings: Mapping[str, str | None]


def probe(endpoint: Endpoint) -> Capabilities:
    """Asks the server. Raises psycopg.Error where it cannot be reached."""
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        extensions = _extensions(connection)
        settings = _settings(connection)
        return Capabilities(
            server_version_number=connection.info.server_version,
            server_version=connection.info.parameter_status("server_version") or NOT_AVAILABLE,
            extensions=extensions,
            statement_counts=_statement_counts(extensions["pg_stat_statements"], settings["shared_preload_libraries"]),
            nulls_not_distinct=connection.info.server_version >= _NULLS_NOT_DISTINCT_SINCE,
            prepared_transactions=_is_positive(settings["max_prepared_transactions"]),
            backend_wal=_has_function(connection, "pg_stat_get_backend_wal"),
            data_checksums=_is_on(settings["data_checksums"]),
            superuser=_is_on(connection.info.parameter_status("is_superuser")),
            may={right: _may(connection, question) for right, question in RIGHTS.items()},
            free_connections=_free_connections(connection),
            settings=settings,
        )


def as_record(c: Capabilities) -> dict[str, object]:
    """The same as plain JSON values; what is None reads "not available"."""
    return {
        "server_version_number": c.server_version_number,
        "server_version": c.server_version,
        "extensions": {name: _in_words(version) for name, version in c.extensions.items()},
        "statement_counts": _in_words(c.statement_counts),
        "nulls_not_distinct": c.nulls_not_distinct,
        "prepared_transactions": _in_words(c.prepared_transactions),
        "backend_wal": c.backend_wal,
        "data_checksums": _in_words(c.data_checksums),
        "superuser": _in_words(c.superuser),
        "may": dict(c.may),
        "settings": {name: _in_words(value) for name, value in c.settings.items()} | _standbys(c),
    }


def _standbys(c: Capabilities) -> dict[str, str]:
    """Whether there are any: their names may be names of hosts, which belong in no record."""
    return {_STANDBYS: "set"} if c.settings.get(_STANDBYS) else {}


def _in_words(value: str | bool | None) -> str | bool:
    return NOT_AVAILABLE if value is None else value


def _extensions(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, str | None]:
    rows = connection.execute(
        "SELECT name, default_version FROM pg_available_extensions WHERE name = ANY(%s)", [list(_EXTENSIONS)]
    ).fetchall()
    return _by_name(_EXTENSIONS, rows)


def _settings(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, str | None]:
    # Through the view: a setting that this user may not see is then absent, where asking for it would be an error.
    rows = connection.execute(
        "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s) "
        "OR category LIKE 'Query Tuning%%' AND setting IS DISTINCT FROM boot_val ORDER BY name",
        [list(_SETTINGS)],
    ).fetchall()
    return _by_name(tuple(dict.fromkeys([*_SETTINGS, *(str(name) for name, _ in rows)])), rows)


def _may(connection: psycopg.Connection[tuple[object, ...]], question: str) -> bool:
    phase = list(PHASE_SETTINGS[ServerPhase.MEASURE])
    row = connection.execute(question.encode(), {"phase": phase} if "%(phase)s" in question else None).fetchone()
    return row is not None and row[0] is True


def _free_connections(connection: psycopg.Connection[tuple[object, ...]]) -> int | None:
    row = connection.execute(_FREE_CONNECTIONS).fetchone()
    return None if row is None or row[0] is None else max(0, int(str(row[0])))


def _by_name(names: tuple[str, ...], rows: list[tuple[object, ...]]) -> dict[str, str | None]:
    found = {str(name): str(value) for name, value in rows}
    return {name: found.get(name) for name in names}


def _has_function(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM pg_proc WHERE proname = %s AND pronamespace = 'pg_catalog'::regnamespace", [name]
    ).fetchone()
    return found is not None


def _statement_counts(version: str | None, preloaded: str | None) -> bool | None:
    if version is None:
        return False
    if preloaded is None:
        return None
    return "pg_stat_statements" in [library.strip() for library in preloaded.split(",")]


def _is_positive(setting: str | None) -> bool | None:
    return None if setting is None else int(setting) > 0


def _is_on(setting: str | None) -> bool | None:
    return None if setting is None else setting == "on"
