"""The open-loop instrument on the very operations and due times of a run, so that the figures of both can be held together."""

from __future__ import annotations

import time

import pyarrow as pa

from bench.errors import InvalidMeasurement
from bench.load.crew import Alone
from bench.load.generator import Generator
from bench.load.proving import proved
from bench.load.recorder import DONE, Outcome
from bench.load.rig import START_IN_S
from bench.server.databases import checkpoint
from bench.server.server import Server
from bench.swarm.drawing import begun, schedule, steps
from bench.swarm.options import Options
from bench.swarm.stores import fresh


def measured(options: Options, server: Server, name: str) -> pa.Table:
    """The raw rows of one run with as many connections as there are users, on a store in a database of this name.

    Raises `InvalidMeasurement` when the store is not what was acknowledged.
    """
    with fresh(options.variant, server, name) as store:
        made = begun(options, store.database, 0, 1, _alone)
        plan, stream = made.plan, made.stream()
        with Generator.opened(made.variation, stream, plan.share(0), store.conninfo) as generator:
            crew = Alone(generator)
            crew.warm()
            checkpoint(server.endpoint)
            found = list(steps(plan, stream, _alone))
            due_ns = schedule(plan, [step.at_ms for step in found])
            _, stretches = crew.run(found, due_ns, START_IN_S, plan.limit_ns, time.perf_counter_ns)
        table = stretches[0].recorder.table(0, round(options.warm_s * 1e9)).sort_by("number")
        told = dict(zip(table["number"].to_pylist(), table["outcome"].to_pylist(), strict=True))
        done = {one for one, outcome in told.items() if outcome in {good.value for good in DONE}}
        unknown = {one for one, outcome in told.items() if outcome == Outcome.INFO.value}
        proof = proved(plan.variant, store, stream.setup, found, done, unknown, plan.peer_delivery)
        if not proof.holds:
            raise InvalidMeasurement(
                f"{plan.variant}: the store is not what the open-loop instrument acknowledged", proof.differences
            )
        return table


def _alone() -> None:
    """Nobody else is in this process who had to go on."""
