"""Ratios are of the same round, and medians over rounds."""

from __future__ import annotations

import pytest

from bench.charts.harness import as_table, harnesses
from bench.pgbench.summary import by_round, summarise
from bench.report.harness import harness_grids, lead
from bench.results.pgbench_schema import PgbenchLack, PgbenchRound, PgbenchSelect, PgbenchSummary


def row(arm: str, exchange: str, number: int, per_s: float, *, design: str = "dual", clients: int = 1) -> PgbenchRound:
    return PgbenchRound(
        design=design,
        clients=clients,
        arm=arm,
        exchange=exchange,
        round=number,
        position=0,
        messages=100,
        seconds=1.0,
        transactions_per_s=per_s,
        client_cpu_us=1e5 / per_s,
    )


def summary(rounds: list[PgbenchRound]) -> PgbenchSummary:
    lacks = [PgbenchLack(design="odd", reason="a colon")] * 2
    return summarise(rounds, [PgbenchSelect(design="dual", round=0, select_us=20, cpu_us=4)], lacks, seed=1, draws=200)


def six(factor: float) -> list[PgbenchRound]:
    """Rounds of very different speed, in which ours is always the same share of pgbench."""
    speeds = [100, 900, 300, 500, 700, 200]
    return [
        one
        for number, speed in enumerate(speeds)
        for one in (row("pgbench", "plain", number, speed), row("ours", "plain", number, factor * speed))
    ]


def test_a_ratio_is_of_the_same_round_however_rounds_differ() -> None:
    (found,) = summary(six(0.8)).ratios
    assert (found.arm, found.exchange, found.against, found.rounds) == ("ours", "plain", "plain", 6)
    assert found.ratio == pytest.approx(0.8)
    assert found.low == pytest.approx(0.8)
    assert found.high == pytest.approx(0.8)
    assert found.pgbench_per_s == 400


def test_a_round_that_lacks_an_arm_is_left_out_of_its_ratio_and_few_rounds_have_no_interval() -> None:
    rounds = six(0.5)[:5]
    (found,) = summary(rounds).ratios
    assert found.rounds == 2
    assert found.ratio == pytest.approx(0.5)
    assert found.low is None
    assert found.high is None


def test_shared_flights_are_held_against_both_scripts_of_pgbench() -> None:
    rounds = [row("pgbench", "plain", 0, 100), row("pgbench", "shared", 0, 200), row("ours", "shared", 0, 150)]
    found = {(r.arm, r.against): r.ratio for r in summary(rounds).ratios}
    assert found == {("ours", "plain"): 1.5, ("ours", "shared"): 0.75, ("pgbench", "plain"): 2.0}


def test_designs_are_compared_under_pgbench_by_round_in_time_for_a_message() -> None:
    rounds = [
        row("pgbench", "plain", 0, 100),
        row("pgbench", "plain", 0, 125, design="hybrid"),
        row("pgbench", "plain", 1, 100),
        row("ours", "plain", 1, 300, design="hybrid"),
    ]
    assert by_round(rounds, "hybrid", "dual", "plain", 1) == {0: 0.8}


def test_a_reason_is_told_once_in_the_report_and_the_fetch_in_its_lead() -> None:
    found = summary(six(0.8))
    ratios, lacks = harness_grids(found)
    assert ratios.rows == (("dual", "1", "harness, plain", "pgbench", "0.80 [0.80, 0.80]", "320", "400", "333", "267", "6"),)
    assert lacks.rows == (("odd", "a colon"),)
    assert "takes pgbench 20 µs for each message" in lead(found)
    assert harness_grids(None) == []


def test_the_chart_has_pgbench_itself_as_one() -> None:
    (harness,) = harnesses(summary(six(0.8)))
    assert [(curve.name, [point.ratio for point in curve.points]) for curve in harness.curves] == [
        ("pgbench", [1.0]),
        ("harness, plain", [pytest.approx(0.8)]),
    ]
    assert len(as_table(harness).rows) == 2
