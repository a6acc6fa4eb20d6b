"""Pictures of traffic hold what they should, and are the same bytes for the same trace."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from bench.charts.traffic import acceptance_chart, description_chart, likeness_chart
from bench.traffic.acceptance import check
from bench.traffic.curves import RANKS, curves
from bench.traffic.description import describe
from tests.bench.traffic.made import spread, trace
from workloads.trace import Trace


@pytest.fixture(scope="module")
def real() -> Trace:
    return spread(1)


def _words(svg: bytes) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode()))


def test_a_description_shows_six_panels_and_is_the_same_twice(real: Trace) -> None:
    first, second = (description_chart(real, describe(real)) for _ in range(2))
    assert (first.svg, first.png) == (second.svg, second.png)
    words = _words(first.svg)
    for title in ("Gaps in a channel", "Hour of the day", "Who writes most", "Length of texts", "how far back", "Messages a day"):
        assert title in words
    assert "not applicable" not in words


def test_a_panel_that_a_trace_cannot_fill_says_so() -> None:
    tiny = trace([(60.0 * row, 0, row) for row in range(9)], lengths=[0] * 9)
    words = _words(description_chart(tiny, describe(tiny)).svg)
    assert words.count("not applicable") == 3


@pytest.mark.parametrize(
    "odd", [trace([(5.0, 3, 4)]), trace([(7.0, 0, 1)] * 90), trace([(row * 1e9, row, row) for row in range(4)])]
)
def test_an_odd_trace_can_be_drawn(odd: Trace) -> None:
    assert b"nan" not in description_chart(odd, describe(odd)).svg.lower()


def test_a_name_cannot_break_a_picture() -> None:
    odd = trace([(1.0, 0, 0), (2.0, 0, 1)])
    named = replace(describe(odd), name="<x>&$a_1$\x1b[31m" + "y" * 99)
    svg = description_chart(odd, named).svg
    assert b"\x1b" not in svg
    assert b"&lt;x&gt;&amp;$a_1$\\u001b[31myy" in svg


def test_the_checks_have_a_strip_each_and_the_table_every_seed(real: Trace) -> None:
    lines = check(real, [real, spread(2)])
    chart = acceptance_chart("made against real", lines)
    words = _words(chart.svg)
    for line in lines:
        assert line.limit.name in words
    assert chart.table.heading[-2:] == ("seed_1", "seed_2")
    assert len(chart.table.rows) == 17


def test_a_check_that_cannot_be_made_shows_its_reason(real: Trace) -> None:
    short = Trace(
        *(getattr(real, name)[:2_000] if isinstance(getattr(real, name), np.ndarray) else getattr(real, name) for name in _FIELDS)
    )
    words = _words(acceptance_chart("short", check(short, [short])).svg)
    assert "not applicable: 0 rooms have 500 messages: 20 are needed" in words


_FIELDS = tuple(Trace.__dataclass_fields__)


def test_real_and_synthetic_lie_over_each_other(real: Trace) -> None:
    drawn = curves(real, 0.001)
    chart = likeness_chart("made", "people", drawn, None, [curves(spread(2), 0.001)], fine=True)
    words = _words(chart.svg)
    assert "the real trace" in words
    assert "not applicable: no" in words


def test_curves_are_shares_at_fixed_places() -> None:
    drawn = curves(trace([(0, 0, 1), (10, 0, 1), (30, 1, 2)], replies={1: 0}), 0.001)
    assert drawn.gaps is not None
    assert (drawn.gaps[0], drawn.gaps[-1]) == (1.0, 0.0)
    assert drawn.channels[:2] == pytest.approx([2 / 3, 1])
    assert len(drawn.channels) == len(RANKS)
    assert drawn.distances is not None
    assert drawn.distances[0] == 1
    assert drawn.daily.tolist() == [3]
