"""Agents per room."""

from __future__ import annotations

import pytest

from workloads.agent_rule import DEFAULT, AgentRule
from workloads.errors import InputError

MESSAGES = {7: 500, 3: 60, 5: 50, 4: 50, 9: 49, 1: 1}


@pytest.mark.parametrize(
    ("text", "agents"),
    [
        ("2", {7: 2, 3: 2, 5: 2, 4: 2, 9: 2, 1: 2}),
        ("0", {7: 0, 3: 0, 5: 0, 4: 0, 9: 0, 1: 0}),
        ("1,50:2", {7: 2, 3: 2, 5: 2, 4: 2, 9: 1, 1: 1}),
        ("1,50:2,top1:4", {7: 4, 3: 2, 5: 2, 4: 2, 9: 1, 1: 1}),
        ("1,top3:4", {7: 4, 3: 4, 5: 1, 4: 4, 9: 1, 1: 1}),
        ("1,top1:4,50:2", {7: 2, 3: 2, 5: 2, 4: 2, 9: 1, 1: 1}),
        ("1, 50:2, top100:50", {7: 50, 3: 50, 5: 50, 4: 50, 9: 50, 1: 50}),
        ("3,501:0", {7: 3, 3: 3, 5: 3, 4: 3, 9: 3, 1: 3}),
    ],
)
def test_a_rule_gives_each_room_its_agents_and_the_last_part_that_fits_decides(text: str, agents: dict[int, int]) -> None:
    assert AgentRule.parse(text).agents_per_room(MESSAGES) == agents


def test_the_default_is_a_rule() -> None:
    assert AgentRule.parse(DEFAULT).text == "1,50:2,top10:4"


BROKEN = ["", "a", "-1", "1.5", "51", "1,", "1,2", "1,50:", "1,:2", "1,50:51", "1,0:2", "1,top0:2", "1,top:2", "50:2", "1,top5"]


@pytest.mark.parametrize("text", [*BROKEN, "1;2", "\u0661", "1e1", "1\n2"])
def test_any_other_text_is_refused_in_one_line_that_repeats_it(text: str) -> None:
    with pytest.raises(InputError) as told:
        AgentRule.parse(text)
    assert str(told.value).startswith(f"agent rule {text!r}: ")
    assert "give " in str(told.value)
    assert "\n" not in str(told.value)
