from __future__ import annotations

import pytest

from bench.progress.events import PlannedPhase
from bench.progress.remaining import PACE_MAX, PACE_MIN, Remaining
from bench.progress.words import size


def test_before_any_phase_ended_budgets_are_believed() -> None:
    remaining = Remaining()
    remaining.plan([PlannedPhase("one", 10.0), PlannedPhase("two", 20.0)])
    remaining.began("one")
    assert remaining.phase_s(10.0, 4.0, 0.0) == 6.0
    assert remaining.run_s(6.0) == 26.0


def test_a_phase_over_its_budget_has_nothing_left_until_it_says_how_far_it_is() -> None:
    remaining = Remaining()
    assert remaining.phase_s(10.0, 40.0, 0.0) == 0.0
    assert remaining.phase_s(10.0, 40.0, 0.5) == 40.0
    assert remaining.phase_s(10.0, 40.0, 1.0) == 0.0


@pytest.mark.parametrize(("took_s", "pace"), [(5.0, 0.5), (0.0, PACE_MIN), (1000.0, PACE_MAX)])
def test_the_pace_is_what_ended_phases_took_of_their_budgets_within_bounds(took_s: float, pace: float) -> None:
    remaining = Remaining()
    remaining.ended(10.0, took_s)
    assert remaining.pace == pace


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (12_400_000, "12 MB"), (1.2e9, "1.2 GB"), (5e15, "5000 TB")]
)
def test_a_size_is_told_in_powers_of_a_thousand(count: float, words: str) -> None:
    assert size(count) == words
