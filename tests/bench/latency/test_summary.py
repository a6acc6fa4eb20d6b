from __future__ import annotations

import numpy as np
import pytest

from bench.errors import UserError
from bench.latency.samples import Paired
from bench.latency.summary import MINIMUM_BLOCKS, MINIMUM_SESSIONS, Declared, enough_pairs, quantiles, ratios, tails
from bench.latency.variants import contrasts
from bench.results.schema import LeftOut
from tests.bench.latency.made import paired

DECLARED = contrasts(["dual", "floor"], ["dual", "dual[again]", "floor"])


def _sample(pairs: int, blocks: int, floor_share: float = 0.5) -> Paired:
    """Log ratios that go round -5 %, 0, +5 %: their median is known, in every block and every draw of blocks."""
    base = np.random.default_rng(5).lognormal(14, 0.2, pairs)
    round_about = np.exp(np.array([-0.05, 0.0, 0.05])[np.arange(pairs) % 3])
    latency = np.stack([base, base * round_about, base * floor_share * round_about], axis=1)
    block = np.arange(pairs) * blocks // pairs
    return paired("send", ("dual", "dual[again]", "floor"), np.zeros(pairs, np.int64), block, latency)


def test_a_real_difference_is_separated() -> None:
    found = {row.family: row for row in ratios([_sample(420, 10)], DECLARED, np.random.default_rng(1), draws=500)}
    assert found["per_side"].separated
    assert found["per_side"].low == pytest.approx(0.5, abs=0.01)
    assert found["per_side"].high == pytest.approx(0.5, abs=0.01)
    assert found["a/a"].ratio == pytest.approx(1, abs=0.01)


def test_identical_code_with_the_noise_of_a_machine_is_not_separated() -> None:
    for seed in range(10):
        sample = _sessions({"dual": 1.0, "dual[again]": 1.0, "floor": 1.0}, seed=seed)
        found = ratios([sample], DECLARED, np.random.default_rng(1), draws=300)
        assert not [row for row in found if row.separated]


def test_a_run_of_too_few_blocks_has_no_interval_at_all() -> None:
    assert ratios([_sample(400, MINIMUM_BLOCKS - 1)], DECLARED, np.random.default_rng(1), draws=500) == []
    assert ratios([_sample(29, 10)], DECLARED, np.random.default_rng(1), draws=500) == []


def test_a_design_that_did_less_is_not_compared_and_the_noise_floor_stays() -> None:
    less = LeftOut(part="latency", design="floor", kind="send", shortfall="delete_leaves_copies", rows=3)
    found = ratios([_sample(420, 10)], DECLARED, np.random.default_rng(1), draws=500, left_out=[less])
    assert [row.family for row in found] == ["a/a"]
    other_kind = less.model_copy(update={"kind": "edit"})
    found = ratios([_sample(420, 10)], DECLARED, np.random.default_rng(1), draws=500, left_out=[other_kind])
    assert [row.family for row in found] == ["a/a", "per_side"]


def _sessions(variants: dict[str, float], kind: str = "send", sessions: int = 8, each: int = 90, seed: int = 3) -> Paired:
    """Latencies of a millisecond, times what each variant is slower by, with the noise of a quiet machine."""
    rng = np.random.default_rng(seed)
    n = sessions * each
    base = rng.lognormal(14, 0.2, n)
    latency = np.stack([base * factor * rng.lognormal(0, 0.05, n) for factor in variants.values()], axis=1)
    session = np.repeat(np.arange(sessions), each)
    return paired(kind, list(variants), session, np.tile(np.repeat(np.arange(3), each // 3), sessions), latency)


def test_the_primary_comparison_is_of_all_declared_kinds_together() -> None:
    speeds = {"dual": 1.0, "dual[again]": 1.0, "dual[+5%]": 1.05, "floor": 0.5}
    samples = [_sessions(speeds, kind) for kind in ("reply", "send")]
    declared = contrasts(["dual", "floor"], list(speeds))
    found = ratios(samples, declared, np.random.default_rng(1), 300, declared=Declared(("send", "reply")))
    primary = [row for row in found if row.primary]
    assert {row.kind for row in primary} == {"send+reply"}
    assert {row.n for row in primary} == {2 * len(samples[0].session)}
    assert {row.family: row.verdict for row in primary} == {
        "a/a": "no relevant difference",
        "a/a+delta": "slower",
        "per_side": "faster",
    }
    assert {row.kind for row in found if not row.primary} == {"send", "reply"}


def test_p_values_are_corrected_within_their_family_only() -> None:
    designs = {"dual": 1.0, "hybrid": 1.004, "floor": 1.004, "option_a": 1.004}
    alone = {name: factor for name, factor in designs.items() if name in {"dual", "hybrid"}}
    many = ratios([_sessions(designs)], contrasts(list(designs), list(designs)), np.random.default_rng(1), 300)
    few = ratios([_sessions(alone)], contrasts(list(alone), list(alone)), np.random.default_rng(1), 300)
    (hybrid,) = (row for row in many if row.variant == "hybrid")
    assert hybrid.p_value >= few[0].p_value


def test_a_difference_below_what_the_a_a_pair_detects_is_not_told() -> None:
    speeds = {"dual": 1.0, "dual[again]": 1.0, "floor": 1.004}
    noisy = _sessions(speeds)
    wild = noisy.latency_ns.astype(float)
    # The copy alone wanders from session to session.
    wild[:, 1] *= np.random.default_rng(1).lognormal(0, 0.05, 8)[noisy.session]
    sample = paired("send", noisy.variants, noisy.session, noisy.block, wild)
    found = {row.variant: row for row in ratios([sample], DECLARED, np.random.default_rng(1), 300)}
    assert found["floor"].detectable >= found["dual[again]"].detectable > 0.03
    assert not found["floor"].separated


def test_a_variant_that_the_rows_lack_is_refused() -> None:
    with pytest.raises(UserError, match=r"raw rows of 'send': no variant floor"):
        ratios([_sessions({"dual": 1.0, "dual[again]": 1.0})], DECLARED, np.random.default_rng(1), 100)


def test_quantiles_have_bounds_and_a_tail_that_the_sample_cannot_carry_has_none() -> None:
    few, many = _sessions({"dual": 1.0, "floor": 0.5}), _sessions({"dual": 1.0, "floor": 0.5}, each=1_260)
    small = quantiles([few], np.random.default_rng(1), 100)[0]
    assert small.p99_ns is None
    assert small.p99_bounds_ns is None
    large = quantiles([many], np.random.default_rng(1), 100)[0]
    assert large.p99_ns is not None
    assert large.p99_bounds_ns is not None
    assert large.p99_bounds_ns[0] < large.p99_ns < large.p99_bounds_ns[1]
    compared = contrasts(["dual", "floor"], ["dual", "floor"])
    assert tails([few], compared, np.random.default_rng(1), 100) == []
    (tail,) = tails([many], compared, np.random.default_rng(1), 100)
    assert tail.low < 0.5 < tail.high


def test_designs_that_agree_are_not_called_alike_where_the_a_a_pair_hides_more_than_the_smallest_effect() -> None:
    even = _sessions({"dual": 1.0, "dual[again]": 1.0, "floor": 1.0})
    latency = even.latency_ns.copy()
    latency[:, 1] = (latency[:, 1] * 1.1).astype(np.int64)
    apart = paired("send", even.variants, even.session, even.block, latency)
    primary = Declared(("send",), 0.05)
    for sample, word in ((even, "no relevant difference"), (apart, "~")):
        found = {row.family: row for row in ratios([sample], DECLARED, np.random.default_rng(1), 300, declared=primary)}
        assert (found["per_side"].verdict, found["per_side"].equivalent) == (word, word != "~")


def test_sessions_are_counted_where_there_are_several_and_blocks_in_a_lone_one() -> None:
    speeds = {"dual": 1.0, "dual[again]": 1.0, "floor": 0.5}
    assert not enough_pairs(_sessions(speeds, sessions=MINIMUM_SESSIONS - 1))
    assert enough_pairs(_sessions(speeds, sessions=MINIMUM_SESSIONS))
    assert enough_pairs(_sample(420, MINIMUM_BLOCKS))
    assert not enough_pairs(_sample(420, MINIMUM_BLOCKS - 1))


def test_a_row_says_what_four_of_five_repetitions_would_find() -> None:
    sample = _sessions({"dual": 1.0, "dual[again]": 1.0, "floor": 0.5})
    same = next(row for row in ratios([sample], DECLARED, np.random.default_rng(1), 300) if row.family == "a/a")
    assert same.found_in_4_of_5 is not None
    assert same.found_in_4_of_5 > same.detectable
