"""The relay: a process's two connections that apply what waits in an outbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Self

import psycopg

from bench.drive.drivers import Links, Told, run
from bench.drive.link import Link
from bench.errors import InvalidMeasurement
from bench.outbox.flights import NOTHING_WAITS
from bench.retrying.policy import may_pass
from bench.server.failing import check
from bench.stores import Store
from bench.write_path import WritePath
from variants.contract import Side

ATTEMPTS_MAX = 10
"""Attempts at one note that fail for a reason which may pass, before the relay gives up."""


def make_table(store: Store, path: WritePath) -> bool:
    """Make the outbox's table in the store's database unless it is there; False where the path needs none."""
    statements = path.outbox_ddl()
    if statements:
        with psycopg.connect(store.conninfo, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())
    return bool(statements)


class Relay:
    """Applies notes, one after another: one of its connections holds the claim of a note, on the other agents' tasks run."""

    def __init__(self, store: Store, path: WritePath) -> None:
        self._path = path
        self.links: Links = {side: Link(store.conninfo, path.exchange) for side in (Side.CENTRAL, Side.AGENT)}

    @classmethod
    @contextmanager
    def opened(cls, store: Store, path: WritePath) -> Iterator[Self]:
        """A relay of a store, whose path is its own."""
        with closing(cls(store, path)) as relay:
            yield relay

    def close(self) -> None:
        """End its connections; twice is fine."""
        for link in self.links.values():
            link.close()

    def drain(self) -> int:
        """Apply all that waits and may be applied; how many notes that were. Raises `InvalidMeasurement` when one cannot be."""
        applied = failed = 0
        while True:
            completion = run(self.links, self._path.relayed())
            if completion.told is Told.OK:
                applied, failed = applied + 1, 0
            elif completion.reason == NOTHING_WAITS:
                return applied
            elif failed < ATTEMPTS_MAX and may_pass(completion) and not completion.lost:
                failed += 1
            else:
                name = self._path.design.name
                check(f"the relay of {name} applied a note of the outbox", completion)
                raise InvalidMeasurement(f"{name}: the relay cannot apply a note of the outbox: {completion.reason}")
