"""The whole scoreboard on a real server: every mutant is killed, by both checkers alike, and nothing is left behind."""

from __future__ import annotations

import psycopg
import pytest

from bench.mutants.scoreboard import scoreboard
from bench.server.provided import Server


def databases(server: Server) -> set[str]:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


@pytest.mark.full
def test_every_mutant_is_killed_by_both_checkers_and_no_database_is_left(server: Server) -> None:
    before, told = databases(server), list[tuple[int, int]]()
    records = list(scoreboard(server.endpoint, lambda done, total: told.append((done, total))))
    assert [record.name for record in records if not record.killed] == []
    assert len({record.name for record in records}) == len(records) == told[-1][0] == told[-1][1]
    assert {record.kind for record in records} == {"store", "history", "design", "fault"}
    for record in records:
        assert record.exposures > 0
        if record.kind == "fault":
            assert record.void == record.exposures
        else:
            assert record.python == record.sql == record.must != []
    assert databases(server) == before


@pytest.mark.full
def test_a_scoreboard_that_is_left_early_drops_its_databases(server: Server) -> None:
    before = databases(server)
    board = scoreboard(server.endpoint, lambda _done, _total: None)
    next(board)
    board.close()
    assert databases(server) == before
