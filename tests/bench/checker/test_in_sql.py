"""The checker in SQL: it agrees with the one in Python on every input, and sees in a store what that sees in its views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from bench.checker.check import check
from bench.checker.declared import declared
from bench.checker.expectation import subscriptions
from bench.checker.in_sql import checks
from bench.checker.in_sql.check import check_rows_in_sql, check_store_in_sql, checking
from bench.checker.in_sql.loading import Part
from bench.checker.observed import store_rows
from bench.checker.rows import Rows, Session, columns_of
from bench.checker.sessions import left_open
from bench.checker.telling import told_rows
from bench.drive.errors import ContractError
from bench.drive.flights import Exchange
from bench.proof.masks import shortfalls_of
from bench.proof.observe import observe
from bench.registry import build, load
from bench.server.provided import Server
from bench.stores import Store
from tests.bench.checker.stories import CHAT, altered_rows, correct, message
from tests.performing import apply_all
from variants.contract import Design, Options
from workloads.model import Model

SETTINGS = settings(deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[psycopg.Connection[Any]]:
    with checking(server.endpoint.conninfo()) as opened:
        yield opened


def test_a_correct_store_breaks_nothing_in_sql_either(connection: psycopg.Connection[Any]) -> None:
    assert check_rows_in_sql(connection, columns_of(correct())) == []
    assert check_rows_in_sql(connection, columns_of(Rows())) == []


@settings(SETTINGS, max_examples=15)
@given(rows=altered_rows())
def test_both_checkers_agree(connection: psycopg.Connection[Any], rows: Rows) -> None:
    columns = columns_of(rows)
    assert check_rows_in_sql(connection, columns) == check(columns)


@pytest.mark.full
@settings(SETTINGS, max_examples=600)
@given(rows=altered_rows())
def test_both_checkers_agree_on_many_more(connection: psycopg.Connection[Any], rows: Rows) -> None:
    columns = columns_of(rows)
    assert check_rows_in_sql(connection, columns) == check(columns)


def test_texts_of_any_kind_are_told_alike(connection: psycopg.Connection[Any]) -> None:
    rows = correct()
    odd = ["", "NULL", 'a "quoted", one', "line\nbreak\r\n", "\\N", "\\.", "сообщение", "👩‍👩‍👧", " "]
    rows.c_message += [rows.c_message[0]._replace(message=name, content=name) for name in odd]
    found = check_rows_in_sql(connection, columns_of(rows))
    assert found == check(columns_of(rows))
    assert {violation.key for violation in found if violation.invariant == "I2"} == {(name,) for name in odd}


def test_nothing_is_left_of_a_check_that_fails(connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    columns = columns_of(correct())
    with monkeypatch.context() as patched:
        patched.setattr(checks, "CHECKS", {"I1": ("SELECT 1 / 0",)})
        with pytest.raises(psycopg.errors.DivisionByZero):
            check_rows_in_sql(connection, columns)
    assert check_rows_in_sql(connection, columns) == []


def everything(rows: Rows) -> Part:
    """All that there is, named one by one."""
    channels, servers = ([row[0] for row in found] for found in (rows.c_channel, rows.c_server))
    return Part(channels, servers, linked=[link.central for link in rows.id_map if link.central is not None])


@pytest.mark.parametrize(
    "name", ["dual", "dual_deployed", *(pytest.param(name, marks=pytest.mark.full) for name in ("option_a", "hybrid", "floor"))]
)
def test_a_stores_views_are_judged_alike_by_both(name: str, fresh_store: Callable[[Design], Store]) -> None:
    store, model = fresh_store(build(load([name]), Options())[name]), Model()
    rows = Rows()
    for operation in CHAT:
        rows.add(told_rows(operation, [model.context(operation)]))
        with store.links(Exchange.PLAIN) as links:
            apply_all(store.design, links, model, [operation])
    rows.subscription = subscriptions(rows.history)
    seen = store_rows(observe(store))
    seen.add(rows)
    with checking(store.conninfo) as opened:
        columns = columns_of(seen)
        in_store = check_store_in_sql(opened, store, columns)
        assert in_store == check(columns) == check_rows_in_sql(opened, columns)
        assert in_store == check_store_in_sql(opened, store, columns, everything(seen))
        # What a design breaks without any fault is what its declared gaps and defects break.
        assert set(in_store) == declared(model, shortfalls_of(store.design), rows.history, rows.written)
        assert bool(in_store) == (name == "dual_deployed")
        told = rows.history[-1]._replace(told="fail")
        seen.history[-1] = told
        in_store = check_store_in_sql(opened, store, columns_of(seen))
        assert [violation.key for violation in in_store if violation.invariant == "I2"] == [(message(rows, told.op),)]


def test_a_session_that_stays_in_its_transaction_is_seen_until_it_ends(fresh_store: Callable[[Design], Store]) -> None:
    store = fresh_store(build(load(["floor"]), Options())["floor"])
    assert left_open(store) == []
    with psycopg.connect(store.conninfo) as busy:
        busy.execute("SELECT 1")
        assert left_open(store) == [Session("idle in transaction", "storebench")]
        busy.rollback()
        assert left_open(store) == []


def test_a_view_that_fails_is_the_designs_fault(fresh_store: Callable[[Design], Store]) -> None:
    store = fresh_store(build(load(["floor"]), Options())["floor"])

    class Blind:
        name = "blind"

        def views(self) -> dict[str, str]:
            return {"c_server": "SELECT 1 AS nothing"}

    blind: Any = Blind()
    with (
        checking(store.conninfo) as opened,
        pytest.raises(ContractError, match="view c_server of design blind fails"),
    ):
        check_store_in_sql(opened, Store(blind, store.endpoint, store.database), columns_of(Rows()))
