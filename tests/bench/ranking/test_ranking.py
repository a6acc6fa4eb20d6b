"""Pairs of designs in two runs: the same order, another one, or none that both runs can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest

from bench.errors import UserError
from bench.ranking.ranking import Order, Ranking, Row, rank
from bench.results.schema import DesignRecord, LeftOut
from tests.bench.ranking.runs import SPEEDS, WRITES, made_up
from tests.bench.report.made_up import DESIGNS, run

PAIRS = len(list(combinations(DESIGNS, 2)))


def ranked(**replay: object) -> Ranking:
    """A synthetic run against a replay that is made up otherwise."""
    return rank(made_up("synthetic"), made_up("replay", is_replay=True, **replay))  # type: ignore[arg-type]  # what made_up takes


def about(rows: Sequence[Row]) -> list[tuple[str, str, str]]:
    return [(row.measure, row.variant, row.baseline) for row in rows]


def only(*names: str) -> dict[str, DesignRecord]:
    """The designs of a run by these names."""
    return {name: run().designs[name] for name in names}


def other_tables(name: str) -> dict[str, DesignRecord]:
    """All designs, one with a table more."""
    more = run().designs[name].model_copy(update={"tables": {"central": ["attic"]}})
    return {**run().designs, name: more}


def test_runs_that_cost_the_same_have_every_pair_in_the_same_order() -> None:
    found = ranked()
    assert len(found.rows) == 3 * PAIRS
    assert {row.order for row in found.rows} == {Order.SAME}


def test_designs_of_one_run_alone_are_named_and_the_others_ranked() -> None:
    found = ranked(designs=only("dual", "hybrid", "floor"))
    assert len(found.rows) == 3 * 3
    assert found.synthetic.cautions == ["only this run has option_a, option_b"]
    assert set(found.replay.figures) == {"dual", "hybrid", "floor"}


def test_a_ratio_is_that_of_the_planted_costs() -> None:
    row = next(row for row in ranked().rows if (row.measure, row.variant, row.baseline) == ("send", "hybrid", "dual"))
    assert row.synthetic is not None
    assert row.synthetic.interval.low < 0.7 < row.synthetic.interval.high
    row = next(row for row in ranked().rows if (row.measure, row.variant, row.baseline) == ("writes", "hybrid", "dual"))
    assert row.replay is not None
    assert row.replay.interval.estimate == row.replay.interval.low == row.replay.interval.high == 0.75


def test_a_planted_inversion_of_latency_is_found_alone_and_stands_first() -> None:
    found = ranked(speeds={**SPEEDS, "option_a": 1.2})
    inverted = [(kind, *pair) for kind in ("send", "reply") for pair in (("option_a", "dual"), ("option_b", "option_a"))]
    assert sorted(about(found.of(Order.INVERTED))) == sorted(inverted)
    assert about(found.rows[:4]) == about(found.of(Order.INVERTED))
    assert len(found.of(Order.SAME)) == 3 * PAIRS - 4


def test_a_planted_inversion_of_writes_is_found_alone() -> None:
    found = ranked(writes={**WRITES, "option_b": 410})
    assert about(found.of(Order.INVERTED)) == [("writes", "option_b", "dual")]


def test_one_row_more_in_one_session_separates_writes_and_as_many_rows_do_not() -> None:
    assert about(ranked(writes={**WRITES, "option_b": 381}).of(Order.NOT_SEPARATED)) == []
    assert about(ranked(writes={**WRITES, "option_b": 380}).of(Order.NOT_SEPARATED)) == [("writes", "option_b", "option_a")]


def test_a_difference_that_the_same_design_shows_too_is_not_separated() -> None:
    found = ranked(speeds={**SPEEDS, "option_a": 1.015})
    assert about(found.of(Order.NOT_SEPARATED)) == [("send", "option_a", "dual"), ("reply", "option_a", "dual")]


def test_a_kind_with_too_few_pairs_in_one_run_has_no_order() -> None:
    found = ranked(sessions=1, messages=16)
    assert {row.order for row in found.rows if row.measure != "writes"} == {Order.TOO_FEW}
    assert {row.order for row in found.rows if row.measure == "writes"} == {Order.SAME}


def test_a_design_that_did_less_work_in_one_run_is_left_out_of_that_kind_and_of_writes_in_both() -> None:
    gap = LeftOut(part="latency", design="option_b", kind="send", shortfall="message_content_without_agent", rows=3)
    found = ranked(left_out=[gap], speeds={**SPEEDS, "option_b": 2.0}, writes={**WRITES, "option_b": 900})
    measures = {row.measure for row in found.rows if "option_b" in {row.variant, row.baseline}}
    assert measures == {"reply"}
    assert found.left_out == {"writes": [gap], "send": [gap], "reply": []}


def test_a_design_that_wrote_nothing_has_no_order_by_writes() -> None:
    found = ranked(writes={**WRITES, "floor": 0})
    assert {row.order for row in found.rows if (row.measure, row.variant) == ("writes", "floor")} == {Order.TOO_FEW}


def test_a_gap_of_a_kind_that_writes_no_message_keeps_nobody_out() -> None:
    gap = LeftOut(part="latency", design="hybrid", kind="join", shortfall="members_without_agent", rows=3)
    found = ranked(left_out=[gap])
    assert {row.measure for row in found.rows if "hybrid" in {row.variant, row.baseline}} == {"writes", "send", "reply"}
    assert not any(found.left_out.values())


def test_a_fact_that_a_design_does_not_hold_may_be_a_row_that_it_did_not_write() -> None:
    told = "hybrid holds 243 facts less, none of a message: its bounds of writes allow a row for each"
    found = ranked(gaps={"hybrid": {"members_without_agent": 81, "id_form": 1000}})
    assert found.replay.cautions == [told]
    assert about(found.of(Order.NOT_SEPARATED)) == [("writes", "hybrid", "option_a")]
    row = next(row for row in found.rows if (row.measure, row.variant, row.baseline) == ("writes", "hybrid", "dual"))
    assert row.replay is not None
    assert (row.replay.interval.low, row.replay.interval.high) == (0.75, 0.9525)


def test_a_run_of_a_workload_that_replays_a_trace_is_a_replay() -> None:
    replay = made_up("replay", workload_parameters={"kind": "replay", "trace": "chat.csv"})
    assert {row.order for row in rank(made_up("synthetic"), replay).rows} == {Order.SAME}


def test_what_makes_figures_weaker_is_told() -> None:
    assert ranked(sessions=1).replay.cautions == ["one session: its intervals know nothing of how sessions differ"]
    assert not ranked().synthetic.cautions


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (made_up("a", is_replay=True), made_up("b", is_replay=True), "a is a trace replay"),
        (made_up("a"), made_up("b"), "b is no trace replay"),
        (made_up("b", is_replay=True), made_up("a"), "b is a trace replay"),
        (made_up("a"), made_up("b", is_replay=True, designs=only("dual")), "no two designs in common (dual, option_a, "),
        (
            made_up("a"),
            made_up("b", is_replay=True, designs=other_tables("floor")),
            "other designs of the same names (tables of floor",
        ),
        (
            made_up("a", trials=["latency-000", "latency-009"]),
            made_up("b", is_replay=True),
            "a is not complete, it lacks latency-009",
        ),
        (
            replace(made_up("a", sessions=1), totals={"latency-000": []}),
            made_up("b", is_replay=True),
            "a: latency-000 lacks the totals of a design",
        ),
        (made_up("a", sessions=0), made_up("b", is_replay=True), "a is not complete, it lacks paired sessions"),
        (
            made_up("a", configuration={"peer_delivery": False}),
            made_up("b", is_replay=True),
            "peer_delivery is False in a and True in b",
        ),
    ],
)
def test_runs_that_cannot_be_held_together_are_refused_in_one_line(first: object, second: object, told: str) -> None:
    with pytest.raises(UserError) as refused:
        rank(first, second)  # type: ignore[arg-type]  # sides
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
