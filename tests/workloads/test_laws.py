from __future__ import annotations

import numpy as np
import pytest

from workloads import laws

COUNT = 200_000


def _rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("count", [1, 2, 24, 512, 10_000])
def test_shares_of_channels_add_up_to_one_and_fall(count: int) -> None:
    for shares in (laws.channel_shares(count), laws.zipf_mandelbrot(count, 0.99, 0.0), laws.zipf_mandelbrot(count, 3.9, 24)):
        assert len(shares) == count
        assert shares.sum() == pytest.approx(1)
        assert (np.diff(shares) < 0).all()


def test_zipf_shares_go_as_the_rank_to_minus_the_exponent() -> None:
    shares = laws.zipf_mandelbrot(100, 0.99, 0.0)
    assert shares[0] / shares[9] == pytest.approx(10**0.99)


def test_zipf_mandelbrot_shares_are_flat_below_the_offset() -> None:
    shares = laws.zipf_mandelbrot(300, 2.0, 9.0)
    assert shares[0] / shares[9] == pytest.approx((19 / 10) ** 2)


def test_popularity_keeps_its_shape_when_channels_are_more() -> None:
    few, many = (np.cumsum(laws.channel_shares(count)) for count in (200, 2_000))
    assert few[19] == pytest.approx(many[199], abs=0.02)


def test_the_busiest_tenth_of_channels_has_most_of_the_messages() -> None:
    assert 0.85 < laws.channel_shares(274)[:27].sum() < 0.96


@pytest.mark.parametrize("hot_share", [0.0, 0.3, 0.78, 1.0])
def test_a_hot_channel_has_its_share_and_the_others_keep_theirs_among_themselves(hot_share: float) -> None:
    before = laws.channel_shares(50)
    shares = laws.with_hot_channel(before, hot_share)
    assert shares[0] == hot_share
    assert shares.sum() == pytest.approx(1)
    assert shares[1:] == pytest.approx(before[1:] * (1 - hot_share) / before[1:].sum())


def test_the_only_channel_has_everything_however_hot_it_is() -> None:
    assert laws.with_hot_channel(np.ones(1), 0.3).tolist() == [1.0]


def test_ranks_are_drawn_by_their_weights_and_stay_inside() -> None:
    weights = np.array([1.0, 0.0, 3.0])
    found = laws.ranks(laws.cumulative(weights), COUNT, _rng())
    assert np.bincount(found, minlength=3) / COUNT == pytest.approx([0.25, 0.0, 0.75], abs=0.005)


@pytest.mark.parametrize(
    ("law", "median", "sigma"),
    [
        (laws.AGENT_LATENCY_S, 3.706, 0.67),
        (laws.AGENT_LATENCY_WITH_GATE_S, 5.003, 0.54),
        (laws.THINK_S, 18.0, 1.1),
        (laws.EDIT_DELAY_S, 30.0, 1.2),
        (laws.DELETE_DELAY_S, 60.0, 1.5),
    ],
)
def test_delays_are_log_normal_with_their_median_and_spread(law: laws.LogNormal, median: float, sigma: float) -> None:
    values = law.draw(COUNT, _rng())
    assert np.median(values) == pytest.approx(median, rel=0.02)
    assert np.log(values).std() == pytest.approx(sigma, rel=0.01)


def test_peoples_texts_are_as_long_as_in_gitters_rooms() -> None:
    lengths = laws.user_bytes(COUNT, _rng())
    assert np.quantile(lengths, [0.5, 0.9, 0.99]) == pytest.approx([46, 166, 615], rel=0.05)
    assert lengths.min() == 1
    assert lengths.max() <= laws.TEXT_BYTES_MAX


def test_agents_texts_are_ten_times_as_long() -> None:
    lengths = laws.agent_bytes(COUNT, _rng())
    assert np.median(lengths) == pytest.approx(4.2 * np.exp(5.02), rel=0.02)
    assert lengths.min() >= 20


def test_a_mixture_has_its_parts_in_their_shares() -> None:
    lengths = laws.mixed_bytes(COUNT, [(0.25, np.log(10), 0.0), (0.75, np.log(9_000), 0.0)], _rng(), most=500)
    assert np.mean(lengths == 10) == pytest.approx(0.25, abs=0.005)
    assert set(lengths.tolist()) == {10, 500}


def test_most_answers_are_to_one_of_the_last_32_messages() -> None:
    edges = laws.reply_distance_edges()
    shares = edges / edges[-1]
    # Annotated messages of Ubuntu IRC: 56.6 % within 3, 76.6 % within 6, 90.9 % within 13, 97.2 % within 32.
    assert shares[[2, 5, 12, 31]] == pytest.approx([0.566, 0.766, 0.909, 0.972], abs=0.01)
    assert len(shares) == laws.REPLY_DISTANCE_MAX


def test_a_seed_gives_the_same_values() -> None:
    for function in (laws.user_bytes, laws.agent_bytes):
        assert np.array_equal(function(100, _rng(7)), function(100, _rng(7)))
        assert not np.array_equal(function(100, _rng(7)), function(100, _rng(8)))
