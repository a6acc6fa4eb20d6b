from __future__ import annotations

import numpy as np
import pytest

from bench.compare.latency import BETWEEN_RUNS, WORKLOAD, Latencies, latencies
from tests.bench.compare.sides import measured


def compared(seed: int, *, sessions: int = 4, **factors: float) -> Latencies:
    rng = np.random.default_rng(seed)
    return latencies(measured("a", rng, sessions=sessions), measured("b", rng, sessions=sessions, factors=factors))


def test_a_run_with_itself_has_nothing_to_tell() -> None:
    one = measured("a", np.random.default_rng(1))
    found = latencies(one, one)
    assert len(found.rows) == 4
    assert not found.told
    assert all(row.interval is not None and row.interval.estimate == 1 for row in found.rows)


def test_runs_of_one_distribution_tell_nothing_in_a_hundred_comparisons() -> None:
    assert sum(bool(compared(seed).told) for seed in range(100)) <= 5


@pytest.mark.parametrize(("planted", "is_slower"), [(1.2, True), (1 / 1.2, False)])
def test_a_planted_change_of_a_fifth_is_told_with_its_sign_and_alone(planted: float, is_slower: bool) -> None:
    for seed in range(10):
        (row,) = compared(seed, hybrid=planted).told
        assert row.variant == "hybrid"
        assert row.interval is not None
        assert (row.interval.low > 1, row.interval.high < 1) == (is_slower, not is_slower)


def test_a_change_that_equal_runs_show_too_is_not_told_however_sure_its_interval() -> None:
    row = next(row for row in compared(3, sessions=16, hybrid=1.05).rows if row.variant == "hybrid")
    assert row.interval is not None
    assert row.interval.low > 1
    assert row.hidden >= np.log(BETWEEN_RUNS[WORKLOAD])
    assert not row.told


def test_a_machine_twice_as_slow_changes_no_ratio_but_every_median() -> None:
    slower = dict.fromkeys(("dual", "option_a", "option_b", "hybrid", "floor", "dual[again]"), 2.0)
    rng = np.random.default_rng(5)
    found = latencies(measured("a", rng), measured("b", rng, factors=slower))
    assert not found.told
    assert all(1.8 < row.b_ns / row.a_ns < 2.2 for row in found.medians)


def test_medians_are_apart_only_with_sessions_enough_for_so_many_rows() -> None:
    slower = dict.fromkeys(("dual", "option_a", "option_b", "hybrid", "floor", "dual[again]"), 2.0)
    few, many = (compared(6, sessions=sessions, **slower) for sessions in (4, 5))
    assert few.needed == many.needed == 5
    assert not any(row.apart for row in few.medians)
    assert all(row.apart for row in many.medians)


def test_the_a_a_pair_is_shown_and_takes_no_part_in_the_family() -> None:
    found = compared(7)
    assert [row.variant for row in found.same] == ["dual[again]"]
    assert all(row.family != "a/a" for row in found.rows)
    assert found.same[0].p_value is None


def test_a_run_of_one_session_has_ratios_and_no_verdict() -> None:
    rng = np.random.default_rng(8)
    found = latencies(measured("a", rng), measured("b", rng, sessions=1, factors={"hybrid": 3.0}))
    assert all(row.interval is None and row.p_value is None and not row.told for row in found.rows)
    assert found.smallest is None
    assert found.sessions[WORKLOAD] == (4, 1)


def test_a_comparison_that_one_run_alone_can_make_is_named() -> None:
    rng = np.random.default_rng(9)
    a, b = measured("a", rng), measured("b", rng)
    fewer = b.summary.model_copy(update={"latency": [row for row in b.summary.latency if row.variant != "floor"]})
    found = latencies(a, type(b)(b.name, b.identity, b.record, fewer, b.totals, b.paired, b.reads))
    assert found.only_a == ["workload, per_side: send of floor to dual"]
    assert found.only_b == []
