"""Isolated trials: randomised blocks, their analysis, and whether instruments agree."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from bench.isolated.agreement import INVERTED, OPEN, SAME, agreement
from bench.isolated.orders import judged, orders
from bench.isolated.summary import log_ratio, summarise
from bench.isolated.trials import block_and_design, trial, trials
from bench.latency.samples import Paired
from bench.report.agreement import lead
from bench.results.isolated_schema import IsolatedTrial, OrderOf
from bench.results.pgbench_schema import PgbenchRound
from bench.results.schema import LeftOut
from bench.stats.ratio import LogRatio
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
def test_instruments_that_separate_two_designs_agree_or_are_inverted(
    first: Callable[[str, str], OrderOf | None], second: Callable[[str, str], OrderOf | None], order: str
) -> None:
    (pair,) = agreement(["dual", "floor"], {"paired": first, "isolated": second}, lambda design: f"{design}: p50 1 ms")
    assert pair.order == order
    assert bool(pair.figures) == (order == INVERTED)


def test_two_instruments_that_differ_are_an_inversion_although_a_third_one_does_not_separate() -> None:
    third = {"paired": _says(0.9), "isolated": _says(1.2), "pgbench, 4 clients": _says(1.0, separated=False)}
    (pair,) = agreement(["dual", "floor"], third, lambda design: f"{design}: p50 1 ms")
    assert pair.order == INVERTED
    assert len(pair.figures) == 2


def test_each_number_of_pgbench_s_clients_is_an_instrument() -> None:
    rounds = [
        _round(design, clients, number, rate * (1 + 0.001 * (number % 2)))
        for number in range(8)
        for (design, clients), rate in {("dual", 1): 100, ("floor", 1): 200, ("dual", 4): 300, ("floor", 4): 200}.items()
    ]
    found = orders(["dual", "floor"], [], ("send", "reply"), None, rounds, [], [], np.random.default_rng(1), 100)
    (pair,) = found
    assert [one.instrument for one in pair.by] == ["pgbench, 1 clients", "pgbench, 4 clients"]
    assert pair.order == INVERTED
    assert "sends, no replies" in lead(None, found)
    assert "1 are inverted" in lead(None, found)


def _round(design: str, clients: int, number: int, rate: float) -> PgbenchRound:
    return PgbenchRound(
        design=design,
        clients=clients,
        arm="pgbench",
        exchange="plain",
        round=number,
        position=0,
        messages=100,
        seconds=1.0,
        transactions_per_s=rate,
        client_cpu_us=10.0,
    )


def test_p_values_of_an_instrument_are_corrected_for_all_pairs_that_it_orders() -> None:
    barely = LogRatio(0.03, 0.01, 9)
    pairs = [("a", str(number)) for number in range(10)]
    assert 0.005 < barely.p_value < 0.05
    alone = judged("one", pairs[:1], lambda *_: barely)
    assert alone[pairs[0]].separated
    assert not any(one.separated for one in judged("one", pairs, lambda *_: barely).values())


def test_what_the_same_code_hides_is_not_separated_by_that_instrument() -> None:
    found = LogRatio(0.03, 0.001, 9)
    (open_,) = judged("paired", [("a", "b")], lambda *_: found, hides=0.04).values()
    (told,) = judged("paired", [("a", "b")], lambda *_: found, hides=0.02).values()
    assert (open_.separated, told.separated) == (False, True)


def test_paired_sessions_with_an_a_a_pair_that_fails_order_nothing_within_it() -> None:
    rng = np.random.default_rng(3)
    session = np.repeat(np.arange(8), 60)
    base = rng.lognormal(14, 0.1, 480)
    for again, separated in ((1.0, True), (1.3, False)):
        latency = np.stack([base * cost * rng.lognormal(0, 0.02, 480) for cost in (1.0, again, 1.1)], axis=1)
        sample = paired("send", ("dual", "dual[again]", "floor"), session, session * 0, latency)
        rounds = [_round(design, 1, number, 100 + number % 2) for number in range(4) for design in ("dual", "floor")]
        (pair,) = orders(["dual", "floor"], [sample], ("send",), None, rounds, [], [], rng, 200)
        assert {one.instrument: one.separated for one in pair.by}["paired"] is separated


def test_a_pair_that_one_instrument_alone_has_measured_is_left_out() -> None:
    assert agreement(["dual", "floor"], {"paired": _says(0.8), "isolated": lambda *_: None}, str) == []
