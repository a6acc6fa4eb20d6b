"""Isolated trials: randomised blocks, their analysis, and whether instruments agree."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from bench.isolated.agreement import INVERTED, OPEN, SAME, agreement
from bench.isolated.summary import log_ratio, summarise
from bench.isolated.trials import block_and_design, trial, trials
from bench.latency.samples import Paired
from bench.results.isolated_schema import IsolatedTrial, OrderOf
from bench.results.schema import LeftOut
from tests.bench.latency.made import paired

DESIGNS = ["dual", "hybrid", "floor"]


def test_every_block_holds_every_design_once_in_an_order_of_its_own() -> None:
    names = list(trials(DESIGNS, 12, seed=3))
    assert names == list(trials(DESIGNS, 12, seed=3))
    orders = [tuple(block_and_design(name)[1] for name in names[start : start + 3]) for start in range(0, 36, 3)]
    assert all(sorted(order) == sorted(DESIGNS) for order in orders)
    assert len(set(orders)) > 2
    assert [block_and_design(name)[0] for name in names] == [block for block in range(12) for _ in DESIGNS]


def test_a_trial_s_name_says_its_block_and_its_design_whatever_that_is_called() -> None:
    assert block_and_design(trial(7, "option_b_envelope")) == (7, "option_b_envelope")


def _middle(block: int, design: str, log_middle: float) -> IsolatedTrial:
    return IsolatedTrial(block=block, place=0, design=design, n=100, p50_ns=10**6, log_middle=log_middle)


def test_the_effect_is_that_of_student_s_paired_test_over_blocks() -> None:
    rng = np.random.default_rng(1)
    level, one, other = rng.normal(14, 0.5, 8), rng.normal(0, 0.02, 8), rng.normal(0.1, 0.02, 8)
    rows = [_middle(b, "dual", level[b] + one[b]) for b in range(8)] + [_middle(b, "floor", level[b] + other[b]) for b in range(8)]
    found = log_ratio(rows, "floor", "dual")
    assert found is not None
    known = stats.ttest_rel(level + other, level + one)
    assert found.p_value == pytest.approx(known.pvalue)
    interval = known.confidence_interval(0.95)
    assert (math.log(found.interval.low), math.log(found.interval.high)) == pytest.approx((interval.low, interval.high))


def test_one_block_has_no_effect_to_tell() -> None:
    assert log_ratio([_middle(0, "dual", 1.0), _middle(0, "floor", 2.0)], "floor", "dual") is None


def _samples(speed: float, rng: np.random.Generator) -> list[Paired]:
    zeros = np.zeros(60, np.int64)
    return [paired(kind, ("x",), zeros, zeros, speed * rng.lognormal(14, 0.1, (60, 1))) for kind in ("send", "reply")]


def test_isolated_trials_of_a_run_are_compared_with_the_baseline_block_by_block() -> None:
    rng = np.random.default_rng(2)
    planned = list(trials(DESIGNS, 6, seed=1))
    speeds = {"dual": 1.0, "hybrid": 1.0, "floor": 0.5}
    made = {name: _samples(speeds[block_and_design(name)[1]] * (1 + 0.1 * block_and_design(name)[0]), rng) for name in planned}
    found = summarise(made, planned, ("send", "reply"), 0.05, [], "on a fresh server")
    assert found is not None
    assert {row.variant: row.verdict for row in found.ratios} == {"floor": "faster", "hybrid": "no relevant difference"}
    assert {row.blocks for row in found.ratios} == {6}
    assert sorted(trial.place for trial in found.trials if trial.block == 0) == [0, 1, 2]
    less = LeftOut(part="latency", design="floor", kind="reply", shortfall="delete_leaves_copies", rows=1)
    without = summarise(made, planned, ("send", "reply"), 0.05, [less], "on a fresh server")
    assert without is not None
    assert [row.variant for row in without.ratios] == ["hybrid"]


def test_a_run_without_isolated_trials_has_none() -> None:
    assert summarise({}, [], ("send",), 0.05, [], "") is None


def _says(ratio: float, *, separated: bool = True) -> Callable[[str, str], OrderOf | None]:
    order = OrderOf(instrument="one", ratio=ratio, low=ratio / 1.1, high=ratio * 1.1, separated=separated)
    return lambda *_: order


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        (_says(0.8), _says(0.7), SAME),
        (_says(0.8), _says(1.3), INVERTED),
        (_says(0.8), _says(1.3, separated=False), OPEN),
        (_says(0.8, separated=False), _says(0.8, separated=False), OPEN),
    ],
)
def test_only_what_all_instruments_separate_has_an_order(
    first: Callable[[str, str], OrderOf | None], second: Callable[[str, str], OrderOf | None], order: str
) -> None:
    (pair,) = agreement(["dual", "floor"], {"paired": first, "isolated": second}, lambda design: f"{design}: p50 1 ms")
    assert pair.order == order
    assert bool(pair.figures) == (order == INVERTED)


def test_a_pair_that_one_instrument_alone_has_measured_is_left_out() -> None:
    assert agreement(["dual", "floor"], {"paired": _says(0.8), "isolated": lambda *_: None}, str) == []
