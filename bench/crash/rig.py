"""The connections of a crash census in one database: they set scenes up, read what is left, and retry."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import psycopg

from bench.drive.drivers import Links, Told, run
from bench.drive.flights import Atomicity, Exchange, operation_flights
from bench.errors import InvalidMeasurement
from bench.factors import Levels
from bench.outbox.relay import Relay, make_table
from bench.proof.observe import observe, snapshots
from bench.scenes import WARM, Scene, scene
from bench.server.failing import check
from bench.stores import Store
from bench.write_path import WritePath
from variants.contract import Design, Task
from workloads.model import Model
from workloads.operations import Write
from workloads.projection import Projection

BACKEND_DEADLINE_S = 10.0
_POLL_S = 0.0005


def set_up(design: Design, links: Links, model: Model, operations: Iterable[Write], what: str) -> None:
    """Operations that nobody looks between, as one transaction, in the database and in the model.

    Raises `InvalidMeasurement` when it fails; `what` names what was to be set up.
    """
    tasks = list[Task]()
    for operation in operations:
        context = model.context(operation)
        tasks += design.write(operation, context)
        model.apply(operation, context)
    completion = run(links, operation_flights(tasks, Atomicity.JOINED, Exchange.SHARED))
    check(f"a scene of {design.name} was set up", completion)
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{design.name}: {what} cannot be set up: {completion.reason}")


class Rig:
    """Connections that stay open for a whole census; make it with `opened`."""

    def __init__(self, store: Store, setup: Links, retrying: Links, judging: psycopg.Connection[Any]) -> None:
        self.store = store
        self.retrying = retrying
        self._setup = setup
        self._judging = judging
        # A transaction id is given out once, so scenes of a later census in the same database have other names.
        self._prefix = str(judging.execute("SELECT pg_current_xact_id()::text").fetchone()[0])  # type: ignore[index]  # one row
        self._count = 0
        self._paths: dict[Atomicity, WritePath] = {}
        self._relay: Relay | None = None

    @classmethod
    @contextmanager
    def opened(cls, store: Store) -> Iterator[Self]:
        """The connections to a database, closed at the end."""
        with store.links(Exchange.SHARED) as setup, store.links(Exchange.PLAIN) as retrying, snapshots(store) as judging:
            rig = cls(store, setup, retrying, judging)
            try:
                yield rig
            finally:
                rig.close()

    def close(self) -> None:
        """End the relay's connections, if it has any."""
        if self._relay is not None:
            self._relay.close()

    def path(self, atomicity: Atomicity) -> WritePath:
        """How writes are performed under an atomicity; the first one with an outbox makes its table and a relay."""
        if atomicity not in self._paths:
            path = self._paths[atomicity] = WritePath(self.store.design, Levels(atomicity=atomicity), Exchange.PLAIN)
            if make_table(self.store, path):
                self._relay = Relay(self.store, path.of_relay())
        return self._paths[atomicity]

    def settle(self, atomicity: Atomicity) -> None:
        """With an outbox, let a relay apply all that waits."""
        if atomicity is Atomicity.OUTBOX and self._relay is not None:
            self._relay.drain()

    def new_scene(self, kind: str, k: int, *, peer_delivery: bool = True) -> tuple[Scene, Model]:
        """A warm scene that no other one meets, set up in the database and in a model of its own; its target is not run.

        All of the setup is one transaction, since nobody looks between its operations. Raises `InvalidMeasurement` when it fails.
        """
        self._count += 1
        made = scene(kind, k, WARM, f"{self._prefix}-{self._count}")
        model = Model(peer_delivery=peer_delivery)
        set_up(self.store.design, self._setup, model, made.setup, f"the scene of {kind}, k={k},")
        return made, model

    def observe(self, made: Scene) -> Projection:
        """What the views say of a scene."""
        return observe(self.store, [made.channel_id], [made.server_id], self._judging).projection

    def wait_until_gone(self, backends: Collection[int]) -> bool:
        """Wait until the server has ended these backends, so that nothing of a dead client is still under way; False in vain."""
        end_s = time.monotonic() + BACKEND_DEADLINE_S
        while time.monotonic() < end_s:
            if not self._alive(backends):
                return True
            time.sleep(_POLL_S)
        return False

    def _alive(self, backends: Collection[int]) -> bool:
        query = "SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%s)"
        return self._judging.execute(query, [list(backends)]).fetchone() is not None
