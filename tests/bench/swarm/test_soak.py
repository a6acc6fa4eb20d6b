"""Half of what a design bears, for long: nothing of the harness grows.

STOREBENCH_SOAK_S says how long, in seconds; half an hour when it does not.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bench.drive.flights import Exchange
from bench.factors import DEFAULT
from bench.load.arrivals import Arrivals
from bench.load.capacity import Probe, bracket
from bench.load.rig import Rig, Source, Terms
from bench.load.searching import search
from bench.registry import build, load
from bench.server.server import Server
from bench.stores import install
from bench.swarm.launching import Place
from bench.workload_registry import Asked, workloads
from tests.bench.swarm.runs import SHORT, performed
from variants.contract import Options as BuildOptions

SOAK_S = float(os.environ.get("STOREBENCH_SOAK_S", "1800"))
AROUND_S = 1_200
"""Beside the soak itself: the search for the capacity, the drawing of the stream, and the proof."""

pytestmark = [pytest.mark.database, pytest.mark.full, pytest.mark.timeout(SOAK_S * 2 + AROUND_S)]


def _capacity(server: Server, variant: str) -> float:
    """Operations a second that a design keeps up with four connections, as the open-loop instrument finds it."""
    (design,) = build(load([variant]), BuildOptions()).values()
    asked = Asked("chat", None, 8_000, 2)
    terms = Terms(100_000_000, 0.5, 3.0, 4, 1, Exchange.PLAIN, Arrivals.POISSON, peer_delivery=True)
    store = install(design, server.endpoint, "soak_capacity")
    with Rig.opened(variant, DEFAULT, store, terms, Source(workloads(asked, [3])[0], asked, 3)) as rig:
        found, _ = search(rig, probes_max=6, resolution=0.2, seed=1, repeat=0, advance=lambda *_: None)
    kept = bracket([Probe(one.point.rate_per_s, one.point.kept) for one in found]).kept_per_s
    assert kept is not None, "no rate was kept: the machine is too busy for a soak"
    return kept


def test_at_half_of_the_capacity_neither_memory_nor_connections_nor_lag_grow(server: Server, tmp_path: Path) -> None:
    # Of a design whose server is at its end before the users are, which are slower than the instrument that finds the capacity.
    rate = _capacity(server, "dual") / 2
    options = replace(SHORT, variant="dual", rate_per_s=rate, run_s=SOAK_S, steady=True)
    told = performed(options, Place(workers=1), tmp_path, server)
    assert told.record.proof_holds
    assert told.record.rows == told.record.operations == told.record.acknowledged
    assert {one.what for one in told.grown} >= {
        "memory of the leader",
        "memory of worker 0",
        "open files of worker 0",
        "connections to the server of the leader",
        "median lag",
    }
    assert [one for one in told.grown if one.too_much] == []
