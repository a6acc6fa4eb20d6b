"""What a run may be asked to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.errors import UserError
from bench.swarm.choosing import variants
from bench.swarm.options import Options, checked, seconds, shape_of
from bench.swarm.plan import Plan

PLAN = Plan(0, "dual", "plain", "chat", None, 100, None, 1, "d", 1, True, "flat", 8, 3, 50.0, 20.0, "swarm_0")


@pytest.mark.parametrize(
    ("text", "length_s"), [("20", 20), ("20s", 20), ("0.5", 0.5), ("5m", 300), ("1h30m", 5_400), ("2h1m3s", 7_263)]
)
def test_a_length_of_time_is_read(text: str, length_s: float) -> None:
    assert seconds(text) == length_s


@pytest.mark.parametrize("text", ["", "s", "soon", "5 minutes", "-3", "1e9", "nan", "\x1b[31m"])
def test_what_is_no_length_of_time_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UserError, match="--run-time"):
        seconds(text)


@pytest.mark.parametrize(
    "wrong",
    [{"users": 0}, {"users": 501}, {"rate_per_s": 0.0}, {"rate_per_s": float("nan")}, {"run_s": 0.0}, {"spawn_rate": -1.0}],
)
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UserError, match="give a number above 0"):
        checked(replace(Options(), **wrong))  # type: ignore[arg-type]  # the keys are those of Options


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(UserError, match="one of flat, workload"):
        shape_of("round")


def test_all_designs_or_a_list_with_variants_is_read_and_each_is_there_once() -> None:
    assert variants("dual, dual[joined] ,dual", alone=False) == ["dual", "dual[joined]"]
    assert "floor" in variants("all", alone=False)


@pytest.mark.parametrize("text", ["", ",", "nosuch", "dual[outbox]", "dual[joined", "dual[ids=fresh]"])
def test_what_is_no_variant_or_cannot_be_under_load_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        variants(text, alone=False)


def test_the_page_shows_one_design_at_a_time() -> None:
    with pytest.raises(UserError, match="one design"):
        variants("dual,floor", alone=True)


def test_a_plan_comes_back_as_it_was_sent() -> None:
    assert Plan.of(PLAN.as_mapping()) == PLAN
    assert [PLAN.share(process).connections for process in range(3)] == [3, 3, 3]


@pytest.mark.parametrize("sent", [None, {}, PLAN.as_mapping() | {"more": 1}, PLAN.as_mapping() | {"shape": "round"}])
def test_what_is_no_plan_is_refused(sent: object) -> None:
    with pytest.raises(UserError, match="sent no plan"):
        Plan.of(sent)
