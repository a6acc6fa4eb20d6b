"""What a configuration asks of growth: trials, budgets, and what is refused."""

from __future__ import annotations

import pytest

from bench.campaign.work import work_of
from bench.configuration import Configuration, check, resolve
from bench.errors import UserError
from bench.growth.estimate import budgets, database_bytes, result_bytes
from bench.growth.stream import Stream
from bench.growth.trials import rows_designs, streams, trials


def configuration(**given: object) -> Configuration:
    return Configuration.model_validate(given)


ALL = configuration(growth_agents=(0, 1), growth_rows=(1_000,), growth_channels=(10,), growth_messages=(1_000, 200_000))


def test_every_part_that_is_asked_for_has_its_trials_in_their_order() -> None:
    assert list(trials(ALL, ("dual", "floor"))) == [
        "growth-counts-dual",
        "growth-counts-floor",
        "growth-agents",
        "growth-rows",
        "growth-channels",
        "growth-messages-1000-0",
        "growth-messages-1000-1",
        "growth-messages-1000-2",
        "growth-messages-200000-0",
    ]
    assert list(trials(configuration(), ("dual",))) == []


def test_short_streams_are_driven_three_times_and_long_ones_once() -> None:
    assert streams(ALL) == [*(Stream("hybrid", 1_000, number) for number in range(3)), Stream("hybrid", 200_000, 0)]


def test_what_is_asked_for_has_a_budget_and_more_of_it_a_larger_one() -> None:
    assert list(budgets(ALL, 2)) == ["growth: counts", "growth in agents", "growth in rows", "growth in channels", "wall time"]
    assert budgets(configuration(), 2) == {}
    for more in ({"growth_agents": (0, 50)}, {"growth_rows": (1_000_000,)}, {"growth_channels": (10_000,)}):
        asked = configuration(**more)
        assert database_bytes(asked, 2) > database_bytes(configuration(), 2)
        assert result_bytes(asked, 8) > result_bytes(asked, 2)
        assert sum(budgets(asked, 8).values()) > sum(budgets(asked, 2).values())
    every = configuration(growth_rows=(1_000_000,))
    named = configuration(growth_rows=(1_000_000,), growth_rows_left_out=every.designs[1:])
    assert budgets(named, 8)["growth in rows"] < budgets(every, 8)["growth in rows"] / 7


def test_a_design_that_is_left_out_of_rows_leaves_a_strangers_in_and_never_nobody() -> None:
    asked = configuration(growth_rows=(1_000,), growth_rows_left_out=("hybrid", "dual"))
    assert rows_designs(asked, ("dual", "postbox", "hybrid")) == ["postbox"]
    assert rows_designs(asked, ("dual", "hybrid")) == ["dual", "hybrid"]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("growth_agents", "[1, 0]", "the smallest first"),
        ("growth_agents", "[51]", "50"),
        ("growth_rows", "[1000, 1000]", "give each once"),
        ("growth_rows", "[999]", "1000"),
        ("growth_channels", "[9]", "10"),
        ("growth_messages", "[99]", "100"),
        ("growth_turns", "7", "8"),
        ("growth_rows_left_out", '["nobody"]', "unknown design 'nobody'"),
        ("ladder", '"nowhere"', "unknown ladder"),
        ("ladder_sessions", "0", "1"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_line_that_names_the_key(key: str, value: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as refused:
        check((resolved := resolve(settings=[f"{key}={value}"])).configuration, resolved.origins)
    assert key in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_stream_through_a_design_that_is_not_there_is_refused() -> None:
    resolved = resolve(settings=["growth_messages=[100]", 'growth_messages_design="hybrit"'])
    with pytest.raises(UserError, match=r"growth_messages_design.*unknown design 'hybrit'"):
        check(resolved.configuration, resolved.origins)


@pytest.mark.parametrize(("profile", "prefix"), [("growth", "growth-"), ("ladder", "ladder-")])
def test_the_profile_of_the_instrument_does_that_alone(profile: str, prefix: str) -> None:
    work = work_of(resolve(profile=profile).configuration)
    others = [name for name in work.trials if not name.startswith((prefix, "paths-"))]
    assert others == []
    assert len(work.trials) > 8
