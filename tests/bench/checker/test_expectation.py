"""When agents were in channels, as far as a history with unknown ends tells."""

from __future__ import annotations

import pytest

from bench.checker.columns import NEVER
from bench.checker.expectation import subscriptions
from bench.checker.rows import Operated, Subscribed
from bench.checker.telling import told_rows
from bench.verify.world import whole_story
from workloads.model import Model, Refused


def move(f: str, at_ms: int, told: str = "ok") -> Operated:
    return Operated(f"{f}-{at_ms}", f"{f}_agent", "client", "c", member="ann", told=told, at_ms=at_ms)


def interval(from_ms: int, to_ms: int = NEVER, sure: int = 1) -> Subscribed:
    return Subscribed("ann", "c", from_ms, to_ms, sure)


def test_without_unknown_ends_they_are_the_models() -> None:
    model, history = Model(), list[Operated]()
    for step in whole_story():
        context = model.context(step.write)
        try:
            model.apply(step.write, context)
        except Refused:
            continue
        history += told_rows(step.write, [context]).history
    known = {(item.agent, item.channel, item.from_ms, item.to_ms) for item in model.subscriptions()}
    assert {(*row[:3], None if row.to_ms == NEVER else row.to_ms) for row in subscriptions(history)} == known
    assert {row.sure for row in subscriptions(history)} == {1}


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([move("join", 1)], [interval(1)]),
        ([move("join", 1), move("leave", 5)], [interval(1, 5)]),
        ([move("leave", 5), move("join", 1)], [interval(1, 5)]),
        ([move("join", 1), move("join", 3)], [interval(1)]),
        ([move("join", 1, "fail")], []),
        ([move("join", 1, "info")], [interval(1, NEVER, 0)]),
        ([move("join", 1, "pending"), move("join", 3)], [interval(3), interval(1, NEVER, 0)]),
        ([move("join", 1), move("leave", 5, "info")], [interval(1, 5), interval(1, NEVER, 0)]),
        ([move("join", 1), move("leave", 5, "fail")], [interval(1)]),
        ([move("join", 1), move("leave", 5, "info"), move("join", 7)], [interval(1, 5), interval(7), interval(1, NEVER, 0)]),
        ([move("join", 1, "info"), move("leave", 5)], [interval(1, 5, 0)]),
        ([move("leave", 5)], []),
    ],
)
def test_an_unknown_end_makes_a_time_possible_but_not_sure(moves: list[Operated], expected: list[Subscribed]) -> None:
    assert subscriptions(moves) == expected
