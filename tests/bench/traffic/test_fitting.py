from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.saving import name_of
from bench.traffic.fitted_toml import as_toml
from bench.traffic.fitting import Fit, fit
from bench.traffic.fitting_lengths import parts
from bench.traffic.fitting_replies import distance_law
from bench.traffic.profile import distance_of
from tests.bench.traffic.made import spread, talk, trace
from workloads import catalogue
from workloads.laws import mixed_bytes
from workloads.trace import Trace


def _fitted(given: Trace) -> Fit:
    return fit(given, "made.csv", _unheard)


def _unheard(done: float, total: float) -> None:
    assert 0 <= done <= total


@pytest.fixture(scope="module")
def found() -> Fit:
    return _fitted(spread(1))


def test_the_parts_of_lengths_give_back_the_lengths() -> None:
    rng = np.random.default_rng(1)
    drawn = mixed_bytes(60_000, ((0.1, 1.3, 0.5), (0.88, 4.0, 0.9), (0.02, 7.0, 0.4)), rng, most=20_000)
    given = parts(drawn)
    assert given is not None
    assert sum(share for share, _, _ in given) == pytest.approx(1, abs=1e-9)
    again = mixed_bytes(60_000, given, rng, most=20_000)
    distance = distance_of(np.sort(drawn), np.sort(again))
    assert distance is not None
    assert distance < 0.012


def test_equal_lengths_are_one_part_and_none_at_all_is_none() -> None:
    assert parts(np.full(50, 20)) == ((1.0, 2.9957, 0.05),)
    assert parts(np.zeros(5, np.int64)) is None


def test_the_law_of_distances_is_found() -> None:
    weights = (np.arange(1, 2_001) + 5.0) ** -3.0
    counts = np.rint(1e6 * weights / weights.sum()).astype(np.int64)
    law = distance_law(np.repeat(np.arange(1, 2_001), counts))
    assert law is not None
    assert law == pytest.approx((3.0, 5.0), rel=0.05)
    assert distance_law(np.array([1, 2, 3])) is None


def test_a_fit_has_what_the_trace_has(found: Fit) -> None:
    values = found.values
    assert values["channels"] == 24
    assert values["users"] == 400 or isinstance(values["users"], int)
    assert values["in_reply_to_share"] == pytest.approx(0.1, abs=0.01)
    kernels = found.spec().kernels
    assert sum(ratio for ratio, _ in kernels) == pytest.approx(0.6, abs=0.08)


def test_every_fitted_key_stands_in_the_file_with_its_meaning_and_reads_back(found: Fit, tmp_path: Path) -> None:
    text = as_toml(found, "made.csv")
    (tmp_path / "fitted.toml").write_text(text, encoding="utf-8")
    assert catalogue.load(str(tmp_path / "fitted.toml")) == found.spec()
    assert set(tomllib.loads(text)) == {"kind", *found.values}
    for key in found.values:
        before = text.split(f"\n{key} = ")[0].split("\n\n")[-1]
        assert "# unit: " in before
        assert "# fitted to: " in before


def test_the_same_trace_gives_the_same_file(found: Fit) -> None:
    assert as_toml(_fitted(spread(1)), "made.csv") == as_toml(found, "made.csv")


def test_what_cannot_be_fitted_keeps_its_default_and_says_why() -> None:
    coarse = spread(3, rooms=4, messages=400)
    found = _fitted(replace(coarse, t_s=np.floor(coarse.t_s / 60) * 60, annotated=None))
    assert found.left["kernels"] == "times are too coarse for the gaps between messages"
    assert "inferred" in found.left["reply_distance_exponent"]
    assert "kernels" not in found.values
    assert "# kernels has its default: times are too coarse" in as_toml(found, "made.csv")


def test_bots_become_agents() -> None:
    rows = [
        (30.0 * row + (3.0 if row % 2 else 0.0), row // 2 % 5, 9 + row // 2 % 5 if row % 2 else row % 7) for row in range(4_000)
    ]
    found = _fitted(trace(rows, bots=range(1, 4_000, 2)))
    assert (found.values["agents"], found.values["agents_per_channel"]) == (5, 1)
    assert found.values["reply_probability"] == 1.0
    assert found.values["agent_delay_median_s"] == 33.0


@pytest.mark.parametrize(
    "odd",
    [
        trace([(5.0, 3, 4)]),
        trace([(7.0, 0, row % 5) for row in range(700)]),
        trace([(row * 1e8, row % 2, row % 3) for row in range(60)]),
        talk("ab" * 900),
        trace([(row * 3.0, 10**17 + row % 40, 10**17 + row % 300) for row in range(2_000)], lengths=[0] * 2_000),
        trace([(row * 60.0, row % 30, 0) for row in range(5_000)]),
    ],
    ids=["one row", "one time", "gaps of years", "two people", "no lengths", "one user"],
)
def test_an_odd_trace_gives_a_workload_that_can_be_read(odd: Trace, tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(as_toml(_fitted(odd), 'a "name" with \\ and\nlines'), encoding="utf-8")
    catalogue.load(str(path))


def test_what_is_outside_of_the_bounds_of_its_key_is_cut_to_them_and_told() -> None:
    found = Fit()
    found.put("lengths", text_parts=((0.5, -7.25, 5.5), (0.5, 16.0, 1.0)), text_bytes_max=16_777_216)
    found.put("hours", weekend_factor=2e6, in_reply_to_share=0.5)
    assert found.values["text_parts"] == ((0.5, -5.0, 5.0), (0.5, 15.0, 1.0))
    assert (found.values["text_bytes_max"], found.values["weekend_factor"]) == (1_000_000, 1e6)
    found.spec()
    assert len(found.remarks) == 5
    assert "text_parts: 5.50 was fitted, and is cut to 5, the bound of the key." in found.remarks
    assert "16,777,216 was fitted" in as_toml(found, "made.csv")


@pytest.mark.parametrize(
    ("lengths", "bots"),
    [([1, 60_000], ()), ([16_777_216] * 300, ()), ([1, 16_777_216] * 300, range(0, 600, 2)), (list(range(1, 601)), range(300))],
    ids=["two rows", "the longest", "bots", "many lengths"],
)
def test_lengths_of_any_size_give_a_workload(lengths: list[int], bots: Sequence[int]) -> None:
    made = trace([(float(row), row % 2, row % 3) for row in range(len(lengths))], lengths=lengths, bots=bots)
    found = _fitted(made)
    found.spec()
    assert any("bound of the key" in remark for remark in found.remarks) == (max(lengths) == 16_777_216)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([0.0, 1e-6, 0.5, 60.0, 86_400.0, 1e7]),
            st.integers(0, 3),
            st.integers(0, 5),
            st.sampled_from([0, 1, 2, 60_000, 1_000_000, 16_777_216]),
            st.booleans(),
        ),
        min_size=1,
        max_size=12,
    ),
    times=st.sampled_from([1, 30]),
)
def test_a_fit_to_any_trace_is_a_workload(rows: list[tuple[float, int, int, int, bool]], times: int) -> None:
    many = rows * times
    at_s = np.cumsum([row[0] for row in many])
    given_rows = [(float(t_s), row[1], row[2]) for t_s, row in zip(at_s, many, strict=True)]
    bots = [place for place, row in enumerate(many) if row[4] and row[2]]
    made = trace(given_rows, lengths=[row[3] for row in many], bots=bots)
    if not made.bot.all():
        found = _fitted(made)
        found.spec()
        tomllib.loads(as_toml(found, "made.csv"))


def test_names_of_files_are_plain_whatever_the_words_hold() -> None:
    assert name_of("validate", "../../x y\x1b[31m") == "validate-x-y-31m"
    assert name_of("", "..") == "unnamed"
    assert len(name_of("a" * 500)) == 80
