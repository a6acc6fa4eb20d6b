"""The store of a run: made empty before it, dropped behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from bench import registry
from bench.cells import variant_of
from bench.factors import parse
from bench.server.databases import drop_database
from bench.server.server import Server
from bench.stores import Store, install


@contextmanager
def fresh(variant: str, server: Server, name: str) -> Iterator[Store]:
    """A store of a variant in a database of this name."""
    design, levels = parse(variant)
    built = variant_of(design, registry.load([design])[design], levels)
    try:
        yield install(built, server.endpoint, name)
    except BaseException:
        # A server that is gone drops nothing, and must not hide why it is asked to.
        with suppress(psycopg.Error):
            drop_database(server.endpoint, name)
        raise
    drop_database(server.endpoint, name)
