"""A design made ready for replay: its store as it is before the messages, its scripts, its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bench.anatomy.preparing import set_up
from bench.drive.flights import Exchange
from bench.pgbench.child import PLAN_CACHE_MODE
from bench.pgbench.parameters import select_of, store_parameters
from bench.pgbench.plan import MESSAGES_AN_ITERATION
from bench.pgbench.recording import record
from bench.pgbench.script import Scripts, scripts
from bench.pgbench.world import World
from bench.server.endpoint import Endpoint
from bench.stores import Store, copy
from variants.contract import Query
from workloads.model import Model


@dataclass(frozen=True, slots=True)
class Prepared:
    """A design's store before the messages, and what is sent to copies of it. `models` are what must be there, by clients."""

    store: Store
    scripts: Scripts
    select: Query
    world: World
    models: Mapping[int, Model]


@contextmanager
def prepared(template: Store, world: World, models: Mapping[int, Model]) -> Iterator[Prepared]:
    """The store lasts as long as the block. Raises `NotReplayable` where the design's statements fit no script."""
    name = template.design.name
    with copy(template, f"replayed_{name}") as made:
        store = Store(made.design, generic(made.endpoint), made.database)
        with store.links(Exchange.SHARED) as links:
            set_up(store.design, links, Model(), world.setup)
        with copy(store, f"recorded_{name}") as recorded, recorded.links(Exchange.SHARED) as links:
            sent = [record(store.design, links, posts) for posts in world.posts]
        found = scripts(sent, MESSAGES_AN_ITERATION)
        store_parameters(store, found)
        yield Prepared(store, found, select_of(found), world, models)


def generic(endpoint: Endpoint) -> Endpoint:
    """The same server with one plan for all parameters, in every session: neither side plans anew while it is measured."""
    return replace(endpoint, session=(*endpoint.session, ("plan_cache_mode", PLAN_CACHE_MODE)))
