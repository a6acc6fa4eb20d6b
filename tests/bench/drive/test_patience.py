"""A client that stays awake while it waits is told the same as one that sleeps."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import Atomicity, Exchange, Flights, operation_flights, reading_flights
from bench.drive.link import Patience
from bench.stores import Store
from tests.bench.drive.test_errors import cut
from tests.bench.drive.toy import CONTEXT, FreshStore, Toy, send, stored
from variants.contract import Begin, Commit, Query, Reading, Side, Task, Writing
from workloads.operations import LatestPage

ENDS_ITSELF = Query(Side.CENTRAL, text("SELECT pg_terminate_backend(pg_backend_pid())::text AS ended, pg_sleep(60)::text AS slept"))
EITHER = pytest.mark.parametrize("exchange", list(Exchange))
LARGE = "x" * 8_000_000
"""More than a socket holds, so that sending has to wait, too."""


def ends(store: Store, links: Links, exchange: Exchange) -> list[Completion]:
    """How operations end: two that succeed, one that is refused, one whose key is there, a large one, a read, a lost connection."""
    toy = store.design
    assert isinstance(toy, Toy)

    def written(key: str, words: str = "hello") -> Flights:
        return operation_flights(toy.write(send(key, words), CONTEXT), Atomicity.PER_SIDE, exchange)

    told = [run(links, written(key)) for key in ("a", "b")]
    told += [run(links, written("c", "")), run(links, written("a")), run(links, written("d", LARGE))]
    told.append(run(links, reading_flights(toy.read(LatestPage("general")))))
    told.append(run(links, operation_flights([Task("only", "central", cut_amid(store, links))], Atomicity.PER_SIDE, exchange)))
    return told


def cut_amid(store: Store, links: Links) -> Writing:
    toy = store.design
    assert isinstance(toy, Toy)
    yield Begin(Side.CENTRAL)
    yield toy.count(channel="general")
    cut(store, links)
    yield toy.count(channel="general")
    yield Commit(Side.CENTRAL)
    return None


@EITHER
def test_a_watching_client_gets_the_answers_and_errors_of_a_sleeping_one(exchange: Exchange, fresh_store: FreshStore) -> None:
    told, left = {}, {}
    for patience in Patience:
        store = fresh_store(Toy())
        with store.links(exchange, patience) as links:
            told[patience] = ends(store, links, exchange)
        left[patience] = stored(store)
    assert told[Patience.WATCHING] == told[Patience.SLEEPING]
    assert left[Patience.WATCHING] == left[Patience.SLEEPING]
    watched = told[Patience.WATCHING]
    assert [one.told for one in watched] == [Told.OK, Told.OK, Told.FAIL, Told.FAIL, Told.OK, Told.OK, Told.FAIL]
    assert watched[3].sqlstate == "23505"
    assert [row[0] for row in watched[5].value] == ["a", "b", "d"]


@EITHER
@pytest.mark.parametrize("patience", list(Patience))
def test_a_backend_that_is_ended_while_its_client_waits_ends_the_wait(
    patience: Patience, exchange: Exchange, fresh_store: FreshStore
) -> None:
    store = fresh_store(Toy())
    with store.links(exchange, patience) as links:
        first = run(links, reading_flights(_ending_itself()))
        second = run(links, reading_flights(store.design.read(LatestPage("general"))))
    assert first.told is Told.FAIL
    assert first.lost or first.sqlstate == "57P01"
    assert second.lost


def _ending_itself() -> Reading:
    """A statement that ends its own backend and would go on for a minute."""
    return (yield ENDS_ITSELF())
