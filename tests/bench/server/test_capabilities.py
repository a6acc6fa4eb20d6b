"""What a server tells about itself."""

from __future__ import annotations

import json
from dataclasses import replace

import psycopg
import pytest

from bench.server.capabilities import NOT_AVAILABLE, as_record, probe
from bench.server.embedded import EmbeddedServer, Endpoint, ServerPhase, running

pytestmark = pytest.mark.database


def test_postgresql_18_can_do_all_that_is_measured(server: EmbeddedServer) -> None:
    found = probe(server.endpoint)
    assert found.server_version_number // 10000 == 18
    assert found.server_version == server.version
    assert set(found.extensions) == {"pg_stat_statements", "pg_walinspect", "pgstattuple"}
    assert None not in found.extensions.values()
    assert found.statement_counts is True
    assert found.nulls_not_distinct is True
    assert found.prepared_transactions is True
    assert found.backend_wal is True
    assert found.data_checksums is True
    assert found.superuser is True


def test_settings_read_as_the_server_prints_them(server: EmbeddedServer) -> None:
    server.settings(ServerPhase.MEASURE)
    settings = probe(server.endpoint).settings
    assert settings["shared_buffers"] == "256MB"
    assert settings["checkpoint_timeout"] == "1h"
    assert settings["autovacuum"] == "off"
    assert settings["fsync"] == "on"
    assert settings["jit"] == "off"
    assert settings["TimeZone"] == "UTC"


def test_what_is_switched_off_is_false_and_not_missing() -> None:
    with running({"max_prepared_transactions": "0", "shared_preload_libraries": ""}) as server:
        found = probe(server.endpoint)
    assert found.prepared_transactions is False
    assert found.statement_counts is False
    assert found.extensions["pg_stat_statements"] is not None
    assert found.settings["pg_stat_statements.track"] is None


def test_what_an_account_may_not_see_is_not_available(server: EmbeddedServer) -> None:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        connection.execute("CREATE ROLE visitor LOGIN PASSWORD 'visiting'")
    found = probe(Endpoint(server.endpoint.host, server.endpoint.port, "visitor", "visiting"))
    assert found.superuser is False
    assert found.settings["shared_preload_libraries"] is None
    assert found.statement_counts is None
    record = as_record(found)
    assert record["statement_counts"] == NOT_AVAILABLE


def test_a_record_is_json_and_says_what_is_missing(server: EmbeddedServer) -> None:
    found = probe(server.endpoint)
    partial = replace(found, extensions={"pg_walinspect": None}, settings={"io_method": None}, data_checksums=None)
    record = as_record(partial)
    assert json.loads(json.dumps(record)) == record
    assert record["extensions"] == {"pg_walinspect": "not available"}
    assert record["settings"] == {"io_method": "not available"}
    assert record["data_checksums"] == "not available"
    assert record["server_version_number"] == found.server_version_number
