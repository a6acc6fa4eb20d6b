from __future__ import annotations

import math
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from bench.traffic.hawkes import fit
from bench.traffic.rooms import rooms_of
from workloads.errors import InputError
from workloads.generation import traffic
from workloads.generation.arrivals import ArrivalLaw, Arrivals, Kernel, arrivals
from workloads.generation.people import people
from workloads.generation.spec import WorkloadSpec
from workloads.laws import Floats, channel_shares, zipf_mandelbrot
from workloads.trace import Trace

ALONE = np.ones(1)
ONE_KERNEL = ArrivalLaw((Kernel(0.6, 10.0),))
TWO_KERNELS = ArrivalLaw((Kernel(0.4, 5.0), Kernel(0.3, 60.0)))
HOURS = tuple(float(weight) for weight in range(1, 25))


def _stream(law: ArrivalLaw, *, shares: Floats = ALONE, messages_per_s: float = 1.0, seed: int = 1) -> Iterator[Arrivals]:
    return arrivals(law, shares, messages_per_s, np.random.default_rng(seed))


def _until(stream: Iterator[Arrivals], end_s: float) -> Arrivals:
    blocks = []
    for block in stream:
        blocks.append(block)
        if block.t_s[-1] >= end_s:
            break
    t_s = np.concatenate([block.t_s for block in blocks])
    inside = t_s < end_s
    return Arrivals(t_s[inside], np.concatenate([block.channel for block in blocks])[inside])


def _counts(t_s: Floats, window_s: float, end_s: float) -> Floats:
    windows = int(end_s // window_s)
    return np.bincount((t_s // window_s).astype(np.int64), minlength=windows)[:windows].astype(np.float64)


def _fano(t_s: Floats, window_s: float, end_s: float) -> float:
    counts = _counts(t_s, window_s, end_s)
    return float(counts.var() / counts.mean())


def _fano_in_theory(kernel: Kernel, window_s: float) -> float:
    """A. G. Hawkes (1971): the variance of counts of a process with an exponential kernel and a constant rate, over its mean."""
    most = 1 / (1 - kernel.branching) ** 2
    settles = (1 - kernel.branching) / kernel.decay_s * window_s
    return most + (1 - most) * -math.expm1(-settles) / settles


@pytest.mark.parametrize("law", [ArrivalLaw(), ONE_KERNEL, TWO_KERNELS], ids=["poisson", "one kernel", "two kernels"])
def test_the_mean_rate_is_what_was_asked_for(law: ArrivalLaw) -> None:
    end_s = 1e6
    count = len(_until(_stream(law, messages_per_s=0.5), end_s))
    deviation = math.sqrt(0.5 * end_s) / (1 - law.branching)
    assert abs(count - 0.5 * end_s) < 3 * deviation


def test_the_rate_is_right_from_the_first_second_on() -> None:
    law = ArrivalLaw((Kernel(0.5, 30.0), Kernel(0.3, 600.0)))
    counts = [len(_until(_stream(law, messages_per_s=0.1, seed=seed), 600.0)) for seed in range(100)]
    # Without a past there would be about a third of the 60.
    assert np.mean(counts) == pytest.approx(60, abs=0.4 * float(np.std(counts)))
    assert np.mean(counts) > 45


@pytest.mark.parametrize("window_s", [2.0, 10.0, 60.0, 1_000.0])
def test_the_fano_factor_of_one_kernel_is_that_of_theory_at_every_window(window_s: float) -> None:
    end_s = 2e6
    t_s = _until(_stream(ONE_KERNEL), end_s).t_s
    assert _fano(t_s, window_s, end_s) == pytest.approx(_fano_in_theory(ONE_KERNEL.kernels[0], window_s), rel=0.08)


def test_the_fano_factor_of_two_kernels_at_long_windows_follows_from_their_branching_together() -> None:
    end_s = 4e6
    t_s = _until(_stream(TWO_KERNELS), end_s).t_s
    assert _fano(t_s, 3_600.0, end_s) == pytest.approx(1 / (1 - 0.7) ** 2, rel=0.15)


def test_branching_and_decay_can_be_read_off_the_stream() -> None:
    law = ArrivalLaw((Kernel(0.85, 100.0),))
    t_s = _until(_stream(law, messages_per_s=0.01), 6e6).t_s
    none = np.zeros(len(t_s), np.int64)
    branching, decay_s = fit(rooms_of(Trace("t", None, 0, 0, t_s, none, none, none + 1, none - 1, none.astype(np.bool_))))
    assert branching[0] == pytest.approx(0.85, abs=0.02)
    assert decay_s[0] == pytest.approx(100.0, rel=0.05)


def test_poisson_gaps_are_exponential() -> None:
    gaps = np.diff(_until(_stream(ArrivalLaw(), messages_per_s=2.0), 5e4).t_s)
    assert gaps.mean() == pytest.approx(0.5, rel=0.01)
    assert gaps.std() == pytest.approx(0.5, rel=0.02)
    assert np.corrcoef(gaps[1:], gaps[:-1])[0, 1] == pytest.approx(0, abs=0.02)


def test_messages_call_forth_others_in_their_own_channel_only() -> None:
    end_s = 1e6
    found = _until(_stream(ONE_KERNEL, shares=np.array([0.7, 0.3])), end_s)
    first, second = (_counts(found.t_s[found.channel == channel], 1_000.0, end_s) for channel in (0, 1))
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0, abs=0.1)
    for counts, share in ((first, 0.7), (second, 0.3)):
        assert counts.mean() == pytest.approx(share * 1_000, rel=0.02)
        assert counts.var() / counts.mean() == pytest.approx(_fano_in_theory(ONE_KERNEL.kernels[0], 1_000.0), rel=0.15)


def test_channels_get_their_shares() -> None:
    shares = zipf_mandelbrot(20, 0.99, 0.0)
    channel = _until(_stream(ArrivalLaw(), shares=shares), 2e5).channel
    assert np.bincount(channel, minlength=20) / len(channel) == pytest.approx(shares, abs=0.004)
    assert channel.dtype == np.int32


@pytest.mark.parametrize("law", [ArrivalLaw(), TWO_KERNELS], ids=["poisson", "two kernels"])
def test_times_never_go_back_not_from_block_to_block_either(law: ArrivalLaw) -> None:
    before_s = 0.0
    stream = _stream(law, shares=channel_shares(50))
    for _ in range(8):
        block = next(stream)
        assert len(block)
        assert block.t_s[0] >= before_s
        assert (np.diff(block.t_s) >= 0).all()
        before_s = block.t_s[-1]


@pytest.mark.parametrize("rows_of_block", [1, 97, 1_000_000])
def test_the_stream_is_the_same_in_blocks_of_any_size(rows_of_block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def messages(preload: int) -> tuple[Floats, list[int], list[int]]:
        blocks = list(people(WorkloadSpec(channels=20, users=100, preload=preload, messages=2_000 - preload), 3))
        columns = [np.concatenate([getattr(block, name) for block in blocks]) for name in ("t_s", "channel", "user")]
        return columns[0], columns[1].tolist(), columns[2].tolist()

    t_s, channel, user = messages(0)
    assert len(t_s) == 2_000
    monkeypatch.setattr(traffic, "ROWS_OF_BLOCK", rows_of_block)
    for preload in (0, 1, 777):
        times_s, channels, users = messages(preload)
        assert np.array_equal(times_s, t_s)
        assert (channels, users) == (channel, user)


def test_a_seed_gives_the_same_stream_and_another_seed_another() -> None:
    first, again, other = (next(_stream(TWO_KERNELS, seed=seed)) for seed in (5, 5, 6))
    assert np.array_equal(first.t_s, again.t_s)
    assert not np.array_equal(first.t_s[:100], other.t_s[:100])


def test_hours_of_the_day_have_their_weights() -> None:
    t_s = _until(_stream(ArrivalLaw((), HOURS), messages_per_s=0.05), 400 * 86_400.0).t_s
    shares = np.bincount((t_s // 3600 % 24).astype(np.int64), minlength=24) / len(t_s)
    assert shares == pytest.approx(np.array(HOURS) / sum(HOURS), abs=0.001)


def test_a_weekend_has_its_factor_and_the_week_keeps_its_mean_rate() -> None:
    end_s = 200 * 7 * 86_400.0
    t_s = _until(_stream(ArrivalLaw(weekend_factor=0.5), messages_per_s=0.01), end_s).t_s
    days = np.bincount((t_s // 86_400 % 7).astype(np.int64), minlength=7)
    assert days[5:].mean() / days[:5].mean() == pytest.approx(0.5, rel=0.02)
    assert len(t_s) / end_s == pytest.approx(0.01, rel=0.01)


def test_an_hour_without_weight_has_no_message_by_itself() -> None:
    night = (0.0,) * 8 + (1.0,) * 16
    t_s = _until(_stream(ArrivalLaw((), night, 0.0), messages_per_s=0.1), 3 * 7 * 86_400.0).t_s
    assert (t_s // 3600 % 24 >= 8).all()
    assert (t_s // 86_400 % 7 < 5).all()


def test_memory_does_not_grow_with_the_length_of_the_stream() -> None:
    stream = _stream(ArrivalLaw((Kernel(0.67, 56.0), Kernel(0.23, 2_000.0))), shares=channel_shares(100), messages_per_s=0.1)
    peaks = []
    tracemalloc.start()
    try:
        for blocks in (4, 24):
            tracemalloc.reset_peak()
            for _ in range(blocks):
                next(stream)
            peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize(
    ("branching", "decay_s"), [(1.0, 10.0), (-0.1, 10.0), (math.nan, 10.0), (0.5, 0.0), (0.5, math.inf), (0.5, math.nan)]
)
def test_a_kernel_that_cannot_be_is_refused(branching: float, decay_s: float) -> None:
    with pytest.raises(InputError, match="kernel: "):
        Kernel(branching, decay_s)


def test_kernels_that_never_die_out_are_refused() -> None:
    with pytest.raises(InputError, match="adds up to 1: it must stay below 1"):
        ArrivalLaw((Kernel(0.5, 10.0), Kernel(0.5, 100.0)))


@pytest.mark.parametrize("hours", [(1.0,) * 23, (0.0,) * 24, (-1.0,) * 24, (math.nan,) * 24])
def test_hours_that_cannot_be_are_refused(hours: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="hour_shares"):
        ArrivalLaw((), hours)


@pytest.mark.parametrize("factor", [-1.0, math.nan, math.inf])
def test_a_weekend_factor_that_cannot_be_is_refused(factor: float) -> None:
    with pytest.raises(InputError, match="weekend_factor"):
        ArrivalLaw(weekend_factor=factor)


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf])
def test_a_rate_that_cannot_be_is_refused(rate: float) -> None:
    with pytest.raises(InputError, match="messages_per_s"):
        next(_stream(ArrivalLaw(), messages_per_s=rate))
