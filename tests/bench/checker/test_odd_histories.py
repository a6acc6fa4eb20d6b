"""Odd histories before both checkers: each is told exactly what is wrong with it, and what cannot be judged is refused."""

from __future__ import annotations

import pytest

from bench.checker.check import check
from bench.checker.in_sql.check import check_rows_in_sql, checking
from bench.checker.rows import columns_of
from bench.server.provided import Server
from tests.bench.checker.odd import Odd, odd_histories
from tests.bench.checker.odd_stores import odd_stores, operated_twice

ALL = (*odd_histories(), *odd_stores())


@pytest.mark.parametrize("odd", ALL, ids=lambda odd: odd.name)
def test_an_odd_history_is_told_what_is_wrong_with_it_and_nothing_else(odd: Odd) -> None:
    assert set(check(columns_of(odd.rows, peer_delivery=odd.peer_delivery))) == odd.wrong


def test_the_checker_in_sql_says_the_same_of_every_odd_history(server: Server) -> None:
    with checking(server.endpoint.conninfo()) as connection:
        for odd in ALL:
            columns = columns_of(odd.rows, peer_delivery=odd.peer_delivery)
            assert set(check_rows_in_sql(connection, columns)) == odd.wrong, odd.name


def test_what_nobody_can_judge_is_refused() -> None:
    two_ends, one_id = operated_twice()
    with pytest.raises(ValueError, match="history has one op twice"):
        columns_of(two_ends)
    with pytest.raises(ValueError, match="written has one message twice"):
        columns_of(one_id)
