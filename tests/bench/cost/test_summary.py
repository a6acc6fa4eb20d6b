"""From raw blocks to means, rests and ratios, with answers that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.cost.summary import summarise
from bench.results.cost_schema import CostBlock, CostSummary, Lacking, ObserverBlock, RecordingLoop


def block(round_: int, wall_us: float, *, observed: bool = False, backend_us: float | None = 300.0, **other: object) -> CostBlock:
    told: dict[str, object] = {
        "round": round_,
        "observed": observed,
        "position": 0,
        "design": "dual",
        "exchange": "plain",
        "kind": "send",
        "operations": 10,
        "wall_ns": round(wall_us * 10_000),
        "client_cpu_ns": 2_000_000,
        "backend_cpu_ns": None if backend_us is None else round(backend_us * 10_000),
        "queued_ns": 500_000,
        "cpu_tick_ns": 1,
        "fsyncs": 30,
        "fsync_ns": 1_000_000,
    }
    return CostBlock.model_validate(told | other)


def summary(*blocks: CostBlock, observers: tuple[ObserverBlock, ...] = (), loops: tuple[RecordingLoop, ...] = ()) -> CostSummary:
    lacking = [Lacking(what="fsync", why="a"), Lacking(what="fsync", why="b")]
    return summarise(blocks, observers, loops, lacking, agents=2, rng=np.random.default_rng(1), draws=500)


def test_the_time_of_an_operation_is_split_and_the_rest_is_waiting() -> None:
    (row,) = summary(block(0, 900), block(1, 1100)).rows
    assert (row.wall_us.mean, row.client_cpu_us.mean, row.operations) == (1000, 200, 20)
    assert row.backend_cpu_us is not None
    assert row.fsync_us is not None
    assert row.wait_us is not None
    assert row.queued_us is not None
    assert (row.backend_cpu_us.mean, row.fsync_us.mean, row.fsyncs, row.queued_us.mean) == (300, 100, 3, 50)
    assert row.wait_us.mean == pytest.approx(1000 - 200 - 300 - 100)
    # Two repetitions of 900 and 1,100: the mean's error is 100, Student's t with one degree of freedom 12.706.
    assert row.wall_us.high == pytest.approx(1000 + 12.7062 * 100, rel=1e-4)


def test_what_was_sampled_meanwhile_gives_waits_and_no_times() -> None:
    (row,) = summary(block(0, 1000), block(1, 1000), block(2, 9000, observed=True, waits={"IO/WalSync": 3})).rows
    assert row.wall_us.mean == 1000
    assert row.waits == {"IO/WalSync": 3}


def test_a_backend_that_is_not_seen_is_none_and_never_zero() -> None:
    (row,) = summary(block(0, 1000, backend_us=None), block(1, 1000, backend_us=None)).rows
    assert row.backend_cpu_us is None
    assert row.wait_us is None
    assert row.fsync_us is not None


def test_fsyncs_that_the_server_does_not_time_are_none_and_never_zero() -> None:
    (row,) = summary(block(0, 1000, fsyncs=None, fsync_ns=None)).rows
    assert (row.fsync_us, row.fsyncs, row.wait_us) == (None, None, None)


def test_a_figure_that_one_repetition_lacks_is_not_told_of_the_others() -> None:
    (row,) = summary(block(0, 1000), block(1, 1000, backend_us=None)).rows
    assert row.backend_cpu_us is None


def test_one_repetition_has_no_interval() -> None:
    (row,) = summary(block(0, 1000)).rows
    assert (row.wall_us.low, row.wall_us.high, row.wall_us.n) == (None, None, 1)


def test_what_is_lacking_is_told_once() -> None:
    assert [one.why for one in summary(block(0, 1000)).lacking] == ["b"]


def _pair(pair: int, off_us: float, factor: float) -> list[ObserverBlock]:
    return [
        ObserverBlock(
            observer="recording",
            design="dual",
            exchange="plain",
            kind="send",
            pair=pair,
            block=pair // 5,
            on=on,
            operations=10,
            wall_ns=round(off_us * 10_000 * (factor if on else 1)),
            client_cpu_ns=2_050_000 if on else 2_000_000,
        )
        for on in (True, False)
    ]


@pytest.mark.parametrize(("factor", "separated"), [(1.05, True), (1.0, False)])
def test_a_planted_cost_of_an_observer_is_found_and_none_is_not(factor: float, separated: bool) -> None:
    rng = np.random.default_rng(3)
    blocks = [one for pair in range(60) for one in _pair(pair, 1000 + 200 * rng.random(), factor * math.exp(rng.normal(0, 0.01)))]
    (row,) = summary(block(0, 1000), observers=tuple(blocks), loops=(RecordingLoop(operations=1000, cpu_ns=3_000_000),)).observers
    assert row.separated is separated
    assert row.ratio == pytest.approx(factor, abs=0.01)
    assert row.cpu_us == pytest.approx(5)
    assert (row.pairs, row.operations) == (60, 1200)


def test_recording_by_itself_is_the_median_of_its_loops() -> None:
    loops = tuple(RecordingLoop(operations=1000, cpu_ns=ns) for ns in (3_000_000, 1_000_000, 9_000_000))
    assert summary(block(0, 1000), loops=loops).recording_us == 3
    assert summary(block(0, 1000)).recording_us is None
