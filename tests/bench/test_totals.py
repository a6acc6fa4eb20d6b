"""What autovacuum did in a store is counted."""

from __future__ import annotations

import time

import psycopg
import pytest

from bench.server.provided import provided
from bench.stores import install
from bench.totals import changes
from variants.contract import Options
from variants.floor import Floor

EAGER = {"autovacuum_naptime": "1s", "autovacuum_analyze_threshold": "100", "autovacuum_vacuum_insert_threshold": "100"}
"""Autovacuum looks at every database within seconds, and finds something to do after a hundred rows."""

DEADLINE_S = 60.0


@pytest.mark.full
@pytest.mark.database
def test_tables_that_autovacuum_tidied_are_counted() -> None:
    with provided("embedded", EAGER) as server:
        busy = install(Floor(Options()), server.endpoint, "busy")
        with psycopg.connect(busy.conninfo, autocommit=True) as connection:
            connection.execute("CREATE TABLE filled AS SELECT generate_series(1, 10000) AS number")
        deadline_s = time.monotonic() + DEADLINE_S
        while changes(busy).autovacuums == 0 and time.monotonic() < deadline_s:
            time.sleep(0.2)
        assert changes(busy).autovacuums > 0
        assert changes(busy).rows == {}
