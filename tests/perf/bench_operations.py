"""Every write and read of every registered design, each round beside the same operation on the floor."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import numpy as np
import pytest

from bench.drive.drivers import Completion, Told
from bench.reads import asked
from bench.scenes import KINDS
from bench.stats.ratio import paired_ratio
from tests.perf.prepared import ROUNDS, SEED, WARMUP, Lane
from tests.perf.timed import Benchmark

ROUNDS_PER_BLOCK = 6


@pytest.mark.parametrize("kind", [*KINDS, *asked.KINDS])
def bench_operation(benchmark: Benchmark, lanes: tuple[Lane, Lane], kind: str) -> None:
    own, floor = lanes
    benchmark.group = kind
    calls, beside = own.rounds(kind), floor.rounds(kind)
    floor_ns: list[int] = []
    ended: list[Completion] = []
    number = count()

    def setup() -> tuple[tuple[Callable[[], Completion]], dict[str, object]]:
        place = next(number)
        started = time.perf_counter_ns()
        completion = beside[place]()
        floor_ns.append(time.perf_counter_ns() - started)
        ended.append(completion)
        return (calls[place],), {}

    def target(call: Callable[[], Completion]) -> None:
        ended.append(call())

    benchmark.pedantic(target, setup=setup, rounds=ROUNDS, warmup_rounds=WARMUP)
    assert [completion.reason for completion in ended if completion.told is not Told.OK] == []
    own_s = np.asarray(benchmark.stats.stats.data)
    logs = np.log(own_s) - np.log(np.asarray(floor_ns[WARMUP:]) / 1e9)
    ratio = paired_ratio(logs, np.zeros(ROUNDS, np.int64), np.arange(ROUNDS) // ROUNDS_PER_BLOCK, np.random.default_rng(SEED))
    interval = ratio.interval
    told = {"estimate": interval.estimate, "low": interval.low, "high": interval.high}
    benchmark.extra_info |= {"design": own.design.name, "kind": kind, "to_floor": told}
