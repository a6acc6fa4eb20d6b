"""The pictures of faults show what was counted, for any design, and survive any name."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

import pytest

from bench.charts.build import build
from bench.charts.chart import Chart
from bench.charts.faults_matrix import panels
from bench.charts.faults_score import FIRED, MISSED, STRAY, board
from bench.charts.faults_sites import Flight, site_maps
from bench.charts.faults_time import timelines
from bench.results.faults_summary_schema import FaultsSummary
from tests.bench.charts.test_pictures import texts
from tests.bench.faults.made_up import dual_rows, kills, mutant, row, strip, swept
from tests.bench.faults.made_up import summary as faults
from tests.bench.report.made_up import summary

NOTHING: dict[str, Any] = {
    name: [] for name in ("rows", "sweeps", "kills", "pauses", "interruptions", "streams", "episodes", "moments", "mutants")
}
"""Records of which no chart is drawn: what a test says otherwise is drawn alone."""


def _drawn(found: FaultsSummary) -> dict[str, Chart]:
    charts = build(summary(anatomy=[], latency=[], crash=[], totals=[], faults=found), {})
    return {chart.name: chart for chart in charts}


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    return _drawn(faults())


def test_a_whole_run_has_a_site_map_a_matrix_a_timeline_windows_and_the_scoreboard(charts: dict[str, Chart]) -> None:
    assert list(charts) == [
        "faults-sites-per-side-send-1",
        "faults-sites-per-side-fresh-send-1",
        "faults-sites-per-side-derived-send-1",
        "faults-sites-joined-send-1",
        "faults-matrix-per-side",
        "faults-matrix-per-side-fresh",
        "faults-matrix-per-side-derived",
        "faults-matrix-joined",
        "faults-matrix-async-restart",
        "faults-time-async-restart-dual",
        "faults-windows-async-restart-i4-restart",
        "faults-mutants-stores",
        "faults-mutants",
    ]


def test_a_run_without_faults_has_no_chart_of_them() -> None:
    assert _drawn(faults(**NOTHING)) == {}


def test_the_same_records_give_the_same_bytes(charts: dict[str, Chart]) -> None:
    assert _drawn(faults()) == charts


def test_every_picture_is_well_formed_and_says_how_to_read_it_and_of_how_many(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        expat.ParserCreate().Parse(chart.svg, True)
        assert all(line.endswith(".") for line in chart.words.how_to_read)
        assert "n = " in chart.words.caption
        assert "interval" in chart.words.caption


def test_a_site_map_counts_what_was_split_or_doubled_of_all_that_was_judged(charts: dict[str, Chart]) -> None:
    shown = set(texts(charts["faults-sites-per-side-send-1"].svg))
    assert {"6 of 12", "dual", "split", "whole", "nothing", "transaction at the centre", "transaction at an agent"} <= shown
    assert "7 of 12" in texts(charts["faults-sites-per-side-fresh-send-1"].svg)
    assert "0 of 12" in texts(charts["faults-sites-joined-send-1"].svg)
    assert len(charts["faults-sites-per-side-send-1"].table.rows) == 12


def test_a_site_map_knows_where_flights_part_and_where_transactions_begin_and_end() -> None:
    (found,) = site_maps(faults(rows=strip("lllppp", "request-lost"), sweeps=[swept()]).strips)
    assert found.strips[0].flights == (
        Flight(1, 1, "central", opens=True, closes=False),
        Flight(2, 2, "central", opens=False, closes=False),
        Flight(3, 3, "central", opens=False, closes=True),
        Flight(4, 4, "agent", opens=True, closes=False),
        Flight(5, 5, "agent", opens=False, closes=False),
        Flight(6, 6, "agent", opens=False, closes=True),
    )


def test_messages_of_a_command_travel_together_and_a_statement_outside_of_a_transaction_is_one_of_its_own() -> None:
    labels = ["1 Bind INSERT central", "2 Execute INSERT central", "3 Bind UPDATE agent", "4 Execute UPDATE agent"]
    # Two of the messages were not tried, and travel in their flights all the same.
    rows = [row(message, "request-lost", "partial") for message in (1, 4)]
    few = faults(**{**NOTHING, "rows": rows, "sweeps": [swept(labels=labels)]})
    (found,) = site_maps(few.strips)
    assert found.strips[0].flights == (
        Flight(1, 2, "central", opens=True, closes=True),
        Flight(3, 4, "agent", opens=True, closes=True),
    )
    assert "not tried" in texts(_drawn(few)["faults-sites-per-side-send-1"].svg)


def test_other_kinds_have_a_map_in_the_first_cell_alone() -> None:
    rows = [
        *strip("ll", "request-lost"),
        *strip("ll", "request-lost", kind="delete", schedule="a"),
        *strip("ll", "request-lost", cell="joined"),
        *strip("ll", "request-lost", cell="joined", kind="delete", schedule="b"),
    ]
    swept_ = [swept(cell, kind=kind) for cell in ("per_side", "joined") for kind in ("send", "delete")]
    found = [(m.cell, m.kind) for m in site_maps(faults(rows=rows, sweeps=swept_).strips)]
    assert found == [("per_side", "send"), ("per_side", "delete"), ("joined", "send")]


def test_the_matrix_tells_a_census_by_counts_a_sample_with_bounds_and_a_zero_by_what_it_excludes() -> None:
    shown = texts(
        _drawn(faults(**{**NOTHING, "rows": dual_rows(), "kills": kills(n=200, partial=89)}))["faults-matrix-per-side"].svg
    )
    assert {"3", "of 6", "89", "of 200", "38–51"} <= set(shown)
    assert "SIGKILL at random, per kill" in " ".join(shown)
    none = texts(_drawn(faults(**{**NOTHING, "kills": kills(n=200, partial=0)}))["faults-matrix-per-side"].svg)
    assert {"0", "of 200", "< 1.5 %"} <= set(none)


def test_a_square_of_void_exposures_says_so_and_one_that_never_was_is_a_dash() -> None:
    rows = [row(1, "request-lost", "partial", happened=False), row(1, "reply-lost", "whole", design="floor")]
    (panel,) = panels(faults(("dual", "floor"), rows=rows, kills=[], pauses=[], interruptions=[], streams=[]).matrix)
    assert panel.designs == ("floor", "dual")
    assert [[None if one is None else one.text for one in found] for found in panel.squares] == [
        [None, ("void",)],
        [("0", "of 1"), None],
    ]


def test_faults_are_shaded_stretches_of_the_timeline(charts: dict[str, Chart]) -> None:
    (found,) = timelines(faults().moments, faults().regions)
    assert (found.processes, len(found.moments), len(found.regions)) == (("user",), 4, 1)
    shown = texts(charts["faults-time-async-restart-dual"].svg)
    assert {"user", "told ok", "told fail", "told info", "fault: restart"} <= set(shown)


def test_a_window_that_never_ended_is_told_beside_its_curve(charts: dict[str, Chart]) -> None:
    assert "dual: n = 3, 1 never" in texts(charts["faults-windows-async-restart-i4-restart"].svg)


def test_the_scoreboard_shows_what_fired_what_did_not_and_what_must_not() -> None:
    wrong = mutant("wrong", must=["I4", "I1"], python=["I4", "I9"], sql=["I4", "I9"], killed=False)
    apart = mutant("apart", sql=[], killed=False)
    found = board([mutant("right"), wrong, apart])
    assert found.invariants == ("I1", "I4", "I9")
    assert [line.marks for line in found.lines] == [{"I4": FIRED}, {"I1": MISSED, "I4": FIRED, "I9": STRAY}, {"I4": MISSED}]
    assert found.killed == 1
    shown = texts(_drawn(faults(**{**NOTHING, "mutants": [mutant("right"), wrong, apart]}))["faults-mutants-stores"].svg)
    assert {"right", "wrong", "found", "NOT FOUND", FIRED, MISSED, STRAY} <= set(shown)


def test_names_from_outside_cannot_break_a_picture() -> None:
    nasty = "<b>&$x_1$\x00\u202e"
    named = faults(
        (nasty,),
        **{
            **NOTHING,
            "rows": [row(1, "request-lost", "partial", design=nasty)],
            "sweeps": [swept(design=nasty)],
            "mutants": [mutant(nasty)],
        },
    )
    found = _drawn(named)
    for chart in found.values():
        expat.ParserCreate().Parse(chart.svg, True)
    assert "<b>&$x_1$\\u0000\\u202e" in texts(found["faults-sites-per-side-send-1"].svg)
