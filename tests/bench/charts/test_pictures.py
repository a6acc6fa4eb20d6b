from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from xml.parsers import expat

import matplotlib as mpl
import numpy as np
import pytest

from bench.charts.build import build
from bench.charts.chart import Chart, Table, as_csv
from bench.results.schema import LeftOut
from tests.bench.report.made_up import crash, latencies, ratio, run, summary


class Texts(HTMLParser):
    """The texts of a drawing, in their order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag == "text"

    def handle_endtag(self, tag: str) -> None:
        self._within = False

    def handle_data(self, data: str) -> None:
        if self._within:
            self.found.append(data)


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    return {chart.name: chart for chart in build(summary(), latencies())}


def texts(svg: bytes) -> list[str]:
    reader = Texts()
    reader.feed(svg.decode())
    return reader.found


def test_a_whole_run_has_every_chart(charts: dict[str, Chart]) -> None:
    assert list(charts) == [
        "writes-warm",
        "writes-first",
        "writes-workload",
        "ratio-per-side-messages",
        "ratio-per-side-reads",
        "ratio-joined-messages",
        "ratio-joined-reads",
        "ratio-joined-to-per-side-messages",
        "ratio-joined-to-per-side-reads",
        "latency-same",
        "ecdf-send-per-side",
        "ecdf-send-joined",
        "crash-per-side",
        "crash-joined",
    ]


def test_a_run_without_data_has_no_chart() -> None:
    assert build(summary(anatomy=[], latency=[], crash=[], totals=[]), {}) == []


def test_the_same_data_give_the_same_bytes(charts: dict[str, Chart]) -> None:
    for again in build(summary(), latencies()):
        assert again == charts[again.name]


def test_the_users_own_settings_change_nothing_and_are_left_alone(charts: dict[str, Chart]) -> None:
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.facecolor": "red"}):
        again = build(summary(anatomy=[], latency=[], totals=[]), {})
        assert mpl.rcParams["font.size"] == 30
    assert [chart.svg for chart in again] == [charts["crash-per-side"].svg, charts["crash-joined"].svg]


def test_an_svg_has_text_as_text_fonts_to_fall_back_to_and_no_metadata(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        assert texts(chart.svg)
        assert b"'DejaVu Sans', Verdana, sans-serif" in chart.svg
        assert b"<metadata>" not in chart.svg
        assert b"Created with" not in chart.svg
        assert not re.search(rb"20\d\d-\d\d-\d\d", chart.svg)


def test_an_svg_is_well_formed(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        expat.ParserCreate().Parse(chart.svg, True)


def test_a_png_has_no_program_or_date(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        assert chart.png.startswith(b"\x89PNG")
        assert b"Software" not in chart.png
        assert b"tIME" not in chart.png


def test_the_total_stands_at_every_bar(charts: dict[str, Chart]) -> None:
    shown = texts(charts["writes-warm"].svg)
    assert shown.count("5") >= 4
    assert {"floor", "dual", "option_a", "option_b", "hybrid", "k = 4 agents"} <= set(shown)


def test_a_bar_below_the_floor_carries_a_star(charts: dict[str, Chart]) -> None:
    assert "1 *" in texts(charts["writes-first"].svg)
    assert not any("*" in text for text in texts(charts["writes-warm"].svg))


def test_a_forest_shows_tilde_change_medians_and_pairs(charts: dict[str, Chart]) -> None:
    shown = texts(charts["ratio-per-side-messages"].svg)
    assert {"−15.0 %", "~ +1.0 %", "~ −1.0 %", "A/A pair", "send  (n = 2,400, dual 1.50 ms)", "1.27 ms"} <= set(shown)


def test_a_forest_bears_effects_of_any_size() -> None:
    rows = [ratio("tiny", 1e-4), ratio("huge", 1e4), ratio("none", 1.0, separated=False)]
    (chart,) = build(summary(anatomy=[], latency=rows, crash=[], totals=[]), {})
    assert {"−100.0 %", "1e+04×", "~ 0.0 %"} <= set(texts(chart.svg))


def test_strips_show_the_counts_and_the_legend(charts: dict[str, Chart]) -> None:
    shown = texts(charts["crash-per-side"].svg)
    assert "dual, option_a, option_b, hybrid: partial 2 of 5" in " ".join(shown)
    assert {"floor: partial 0 of 3", "2 of 5", "0 of 3", "retry: still partial", "retry: duplicated", "send, k = 1"} <= set(shown)
    assert "partial" not in texts(charts["crash-joined"].svg)


def test_distributions_name_every_variant(charts: dict[str, Chart]) -> None:
    shown = texts(charts["ecdf-send-per-side"].svg)
    named = [text.split("  ")[0] for text in shown if text.endswith(" ms") and "  " in text]
    assert sorted(named) == ["dual", "dual[again]", "floor", "hybrid"]
    assert any(text.startswith("dual  ") for text in texts(charts["ecdf-send-joined"].svg))


def test_a_design_that_did_other_work_carries_a_dagger_and_the_caption_says_why() -> None:
    absent = [LeftOut(part=part, design="hybrid", kind="send", shortfall="x", rows=1) for part in ("anatomy", "latency")]
    found = {chart.name: chart for chart in build(summary(left_out=absent, latency=[], crash=[]), latencies())}
    for name in ("writes-warm", "writes-first", "ecdf-send-per-side"):
        marked = [text for text in texts(found[name].svg) if "†" in text]
        assert marked
        assert all(text.startswith("hybrid") for text in marked)
        assert "†: did less work" in found[name].words.caption


def test_latencies_that_are_all_equal_can_be_drawn() -> None:
    (chart,) = build(summary(anatomy=[], latency=[], crash=[], totals=[]), {"send": {"dual": np.full(3, 1_000_000)}})
    assert "dual  1.00 ms" in texts(chart.svg)


def test_every_chart_says_how_to_read_it_and_how_many_it_is_about(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        assert len(chart.words.how_to_read) == 2
        assert all(line.endswith(".") for line in chart.words.how_to_read)
        assert "n = " in chart.words.caption or "not a sample" in chart.words.caption
        assert "interval" in chart.words.caption


def test_names_from_outside_cannot_break_a_picture() -> None:
    nasty = "<b>&$x_1$\x00\u202e"
    points = [point.model_copy(update={"design": nasty}) for point in crash() if point.design == "dual"]
    found = build(summary(anatomy=[], latency=[ratio(nasty, 0.5)], crash=points, totals=[]), {})
    assert len(found) == 3
    for chart in found:
        expat.ParserCreate().Parse(chart.svg, True)
        assert any("<b>&$x_1$\\u0000\\u202e" in text for text in texts(chart.svg))


def test_a_csv_can_be_read_back_and_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(Table(("a", "b"), (("=1+1", None), ("x,y", 2)))).decode())))
    assert rows == [["a", "b"], ["'=1+1", ""], ["x,y", "2"]]


def test_control_characters_are_spelled_out_in_a_data_file_and_space_hides_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(Table(("a", "b"), ((" =1+1", "a\x1b[31m\r\nb\u202e"),))).decode())))
    assert rows[1] == ["' =1+1", "a\\u001b[31m\\u000d\\u000ab\\u202e"]


def test_the_made_up_run_is_of_the_same_designs() -> None:
    assert {point.design for point in crash()} == set(run().designs)
