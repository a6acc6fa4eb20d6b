"""The suite's one server, and a store for each design with one of the floor beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from bench.drive.flights import Exchange
from bench.latency.placement import Placement, placed
from bench.reads.explain import settle
from bench.reads.filling import fill
from bench.registry import build, known, load
from bench.server.databases import drop_database
from bench.server.phases import ServerPhase
from bench.server.provided import Server, provided
from bench.stores import Store, copy, install
from tests.perf.prepared import Lane, Prepared, prepare
from variants.contract import Options

FLOOR = "floor"


@pytest.fixture(scope="session")
def perf_server() -> Iterator[Server]:
    """A server as a run has it while it measures: it waits for the disk, and has CPUs of its own where there are two."""
    with provided(os.environ.get("STOREBENCH_SERVER")) as started, placed(started.pid, Placement.APART):
        started.settings(ServerPhase.MEASURE)
        yield started


@pytest.fixture(scope="session")
def prepared() -> Prepared:
    return prepare()


@pytest.fixture(scope="session")
def filled(perf_server: Server, prepared: Prepared) -> Iterator[Callable[[str], Store]]:
    """A database of each design with the world and the scenes, to be copied."""
    stores: dict[str, Store] = {}
    stack = ExitStack()

    def of(name: str) -> Store:
        if name not in stores:
            design = build(load([name]), Options())[name]
            stores[name] = store = install(design, perf_server.endpoint, f"perf_{name}")
            stack.callback(drop_database, store.endpoint, store.database)
            with store.links(Exchange.SHARED) as links:
                fill(design, links, prepared.setup, lambda: None)
            settle(store)
        return stores[name]

    with stack:
        yield of


@pytest.fixture(scope="session", params=list(known()))
def lanes(request: pytest.FixtureRequest, filled: Callable[[str], Store], prepared: Prepared) -> Iterator[tuple[Lane, Lane]]:
    """A design, and the floor beside it; for the floor itself, the floor twice."""
    with ExitStack() as stack:
        yield (
            stack.enter_context(_lane(filled(request.param), f"perf_{request.param}_own", prepared)),
            stack.enter_context(_lane(filled(FLOOR), f"perf_{request.param}_beside", prepared)),
        )


@contextmanager
def _lane(template: Store, database: str, prepared: Prepared) -> Iterator[Lane]:
    with copy(template, database) as store, store.links(Exchange.PLAIN) as links:
        yield Lane(store.design, links, prepared)
