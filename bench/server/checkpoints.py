"""How many checkpoints a server has begun: who counts twice knows whether one fell in between."""

from __future__ import annotations

import psycopg

from bench.server.endpoint import Endpoint

_HAS_OWN_VIEW = "SELECT to_regclass('pg_catalog.pg_stat_checkpointer') IS NOT NULL"
_OF_CHECKPOINTER = "SELECT num_timed + num_requested FROM pg_stat_checkpointer"
_OF_WRITER = "SELECT checkpoints_timed + checkpoints_req FROM pg_stat_bgwriter"


def checkpoints_begun(endpoint: Endpoint) -> int:
    """Checkpoints since the server's statistics began, on a timer or asked for, by anybody or for the size of the WAL.

    They stand in `pg_stat_checkpointer` from PostgreSQL 17 on, before that in `pg_stat_bgwriter`. Who asks for one is told of its
    end a moment before it is counted. Raises psycopg.Error where the server cannot be reached.
    """
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        own = connection.execute(_HAS_OWN_VIEW).fetchone()
        row = connection.execute(_OF_CHECKPOINTER if own is not None and own[0] else _OF_WRITER).fetchone()
    if row is None:
        raise RuntimeError("the server told no count of its checkpoints")
    return int(row[0])
