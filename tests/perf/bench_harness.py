"""The harness's own parts, from making operations to the report. Their times are saved and shown; no gate stands on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pytest
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TIMESTAMP, String, Uuid

from bench.anatomy.unit import Record, recorded, shared_flights
from bench.charts.build import build as draw_charts
from bench.drive.codec import decoder, encoder
from bench.drive.drivers import run
from bench.drive.flights import Atomicity, Exchange, operation_flights
from bench.latency.samples import Recorder
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.reads.filling import fill
from bench.reads.world import Scale, world
from bench.registry import build, load
from bench.report.render import render
from bench.scenes import HEADLINE
from bench.server.databases import drop_database
from bench.server.provided import Server
from bench.stats.quantiles import quantile_interval
from bench.stats.ratio import paired_ratio
from bench.stores import Store, install
from tests.bench.report import made_up
from tests.perf.prepared import SEED, SPARE, WORLD_ROWS, Lane
from tests.perf.timed import Benchmark
from variants.contract import Options
from workloads import catalogue
from workloads.generation.make import workload_of
from workloads.generation.spec import WorkloadSpec
from workloads.model import Model
from workloads.operations import Read

ROUNDS, FEW_ROUNDS = 15, 5
OPERATIONS, CALLS, PAIRS, DRAWS = 2_000, 10_000, 20_000, 500
SESSION, BLOCK = np.arange(PAIRS) // (PAIRS // 4), np.arange(PAIRS) // 250
UUID = "2b2ff2a5-4d62-4a0e-9c39-6f7e5a1c0f11"
METADATA: dict[str, object] = {"client": "web", "channelType": "GROUP", "mentions": [], "locale": "en"}
ENCODED = ((Uuid(), UUID), (String(), "The build is green again."), (TIMESTAMP(), 1_767_225_600_000), (JSONB(), METADATA))
TEXT, TIMESTAMP_OID, UUID_OID, JSONB_OID = 25, 1114, 2950, 3802


@dataclass(frozen=True, slots=True)
class Same:
    """A store that holds what the model does."""

    store: Store
    model: Model


@pytest.fixture(scope="module", params=["dual", "floor"])
def same(request: pytest.FixtureRequest, perf_server: Server) -> Iterator[Same]:
    """The small world in a store and in the reference model."""
    design = build(load([request.param]), Options())[request.param]
    store, model = install(design, perf_server.endpoint, f"perf_proof_{request.param}"), Model()
    prepared = []
    for operation in world(Scale(WORLD_ROWS), SEED).writes():
        context = model.context(operation)
        model.apply(operation, context)
        prepared.append((operation, context))
    with store.links(Exchange.SHARED) as links:
        fill(design, links, prepared, lambda: None)
    yield Same(store, model)
    drop_database(store.endpoint, store.database)


def bench_making_operations(benchmark: Benchmark) -> None:
    spec = catalogue.load("chat")
    assert isinstance(spec, WorkloadSpec)
    small = spec.model_copy(update={"preload": 0, "messages": OPERATIONS})
    made = benchmark.pedantic(lambda: sum(1 for _ in workload_of(small, SEED).operations()), rounds=ROUNDS, warmup_rounds=1)
    assert made >= OPERATIONS


def bench_context_and_model(benchmark: Benchmark) -> None:
    spec = catalogue.load("chat")
    assert isinstance(spec, WorkloadSpec)
    workload = workload_of(spec.model_copy(update={"preload": 0, "messages": OPERATIONS}), SEED)
    writes = [operation for operation in chain(workload.setup(), workload.operations()) if not isinstance(operation, Read)]

    def target(model: Model) -> None:
        for operation in writes:
            model.apply(operation, model.context(operation))

    benchmark.pedantic(target, setup=lambda: ((Model(),), {}), rounds=ROUNDS, warmup_rounds=1)


def bench_encoding_parameters(benchmark: Benchmark) -> None:
    encoders = [(encoder(kind)[0], value) for kind, value in ENCODED]

    def target() -> None:
        for _ in range(CALLS):
            for encode, value in encoders:
                encode(value)

    benchmark.pedantic(target, rounds=ROUNDS, warmup_rounds=1)


def bench_decoding_rows(benchmark: Benchmark) -> None:
    uuid, text, time, json = (encoder(kind)[0](value) for kind, value in ENCODED)
    wire = ((UUID_OID, uuid), (TEXT, text), (TIMESTAMP_OID, time), (JSONB_OID, b"\x01" + json))
    decoders = [(decoder(oid, "column"), value) for oid, value in wire]
    assert [decode(value) for decode, value in decoders] == [value for _, value in ENCODED]

    def target() -> None:
        for _ in range(CALLS):
            for decode, value in decoders:
                decode(value)

    benchmark.pedantic(target, rounds=ROUNDS, warmup_rounds=1)


def bench_expanding_flights(benchmark: Benchmark, lanes: tuple[Lane, Lane]) -> None:
    """The design's own code and the harness's generators, with the answers that the server gave once."""
    own, _ = lanes
    benchmark.group = "expanding flights of one message"
    operation, context = own.prepared.writes[HEADLINE][-SPARE]
    record = Record()
    tasks = own.design.write(operation, context)
    run(own.links, recorded(operation_flights(tasks, Atomicity.PER_SIDE, Exchange.PLAIN), record))

    def target() -> None:
        for _ in range(100):
            shared_flights(own.design.write(operation, context), Atomicity.PER_SIDE, record.executed())

    benchmark.pedantic(target, rounds=ROUNDS, warmup_rounds=1)


def bench_recording(benchmark: Benchmark) -> None:
    def target(recorder: Recorder) -> None:
        for number in range(CALLS):
            recorder.add(number, 0, True, 0, 1, 2, 1_000_000)

    benchmark.pedantic(target, setup=lambda: ((Recorder(["dual", "floor"]),), {}), rounds=ROUNDS, warmup_rounds=1)


def bench_bootstrap(benchmark: Benchmark) -> None:
    logs = np.random.default_rng(SEED).normal(0.0, 0.3, PAIRS)
    benchmark.pedantic(
        lambda: paired_ratio(logs, SESSION, BLOCK, np.random.default_rng(SEED), DRAWS), rounds=FEW_ROUNDS, warmup_rounds=1
    )


def bench_quantiles(benchmark: Benchmark) -> None:
    values = np.random.default_rng(SEED).integers(100_000, 10_000_000, PAIRS)

    def target() -> None:
        for q in (0.5, 0.9, 0.99):
            quantile_interval(values, SESSION, BLOCK, q, np.random.default_rng(SEED), DRAWS)

    benchmark.pedantic(target, rounds=FEW_ROUNDS, warmup_rounds=1)


def bench_model_projection(benchmark: Benchmark, same: Same) -> None:
    benchmark.pedantic(lambda: same.model.projection().digest(), rounds=FEW_ROUNDS, warmup_rounds=1)


def bench_observing_a_store(benchmark: Benchmark, same: Same) -> None:
    benchmark.pedantic(lambda: observe(same.store), rounds=FEW_ROUNDS, warmup_rounds=1)


def bench_proof(benchmark: Benchmark, same: Same) -> None:
    observation = observe(same.store)
    proof = benchmark.pedantic(
        lambda: prove("proof", same.store.design, same.model, observation), rounds=FEW_ROUNDS, warmup_rounds=1
    )
    assert proof.holds


def bench_charts(benchmark: Benchmark) -> None:
    summary, latencies = made_up.summary(), made_up.latencies()
    charts = benchmark.pedantic(lambda: draw_charts(summary, latencies), rounds=FEW_ROUNDS, warmup_rounds=1)
    assert charts


def bench_report(benchmark: Benchmark) -> None:
    summary, run_record, latencies = made_up.summary(), made_up.run(), made_up.latencies()
    report = benchmark.pedantic(lambda: render(summary, run_record, latencies), rounds=FEW_ROUNDS, warmup_rounds=1)
    assert report.html
