from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from bench.charts import canvas
from bench.charts.ratios import Forest, forests
from bench.charts.ratios_figure import chosen_ticks, draw
from bench.results.schema import LatencyRatio
from tests.bench.report.made_up import ratio

DESIGNS = ("floor", "dual_deployed", "option_a", "option_a_shared", "option_b", "option_b_envelope", "hybrid")


def forest(low: float, high: float, suffix: str = "") -> Forest:
    """Seven designs and an A/A pair for two kinds of operation, with ratios from `low` to `high`."""
    ratios = [low * (high / low) ** (place / 6) for place in range(7)]
    rows: list[LatencyRatio] = []
    for kind in ("list_participants", "latest_page"):
        rows += [ratio(f"{name}{suffix}", found, kind=kind) for name, found in zip(DESIGNS, ratios, strict=True)]
        rows.append(ratio("dual[again]", 1.0, family="a/a", kind=kind, separated=False))
    return forests(rows)[0]


def drawn(found: Forest) -> tuple[Figure, list[tuple[str, Bbox]]]:
    """The figure and its texts with their places in pixels."""
    with canvas.drawing():
        figure = draw(found)
        figure.draw_without_rendering()
        (axes,) = figure.axes
        texts = [text for text in (*axes.texts, *axes.get_xticklabels(), axes.xaxis.label) if text.get_text()]
        return figure, [(text.get_text(), text.get_window_extent()) for text in texts]


@pytest.mark.parametrize(
    ("low", "high", "suffix"),
    [
        (0.25, 1.0, ""),
        (0.99, 1.01, ""),
        (0.7, 3.6, "[indexes=advised]"),
        (0.9, 90.0, "[indexes=advised,outbox,bus=apart]"),
        (1e-4, 1e4, ""),
    ],
)
def test_no_two_texts_of_a_forest_touch_and_none_leaves_it(low: float, high: float, suffix: str) -> None:
    figure, texts = drawn(forest(low, high, suffix))
    for (one, place), (other, of_other) in combinations(texts, 2):
        assert not place.overlaps(of_other), (one, other)
    for text, place in texts:
        assert place.x0 >= 0, text
        assert place.x1 <= figure.bbox.width, text


def test_the_axis_has_at_least_half_of_the_width() -> None:
    for suffix in ("", "[indexes=advised]", "[indexes=advised,outbox,bus=apart]"):
        figure, _ = drawn(forest(0.7, 3.6, suffix))
        assert figure.axes[0].get_position().width >= 0.4999


def test_ticks_have_no_change_and_the_outermost_round_ones() -> None:
    assert chosen_ticks(0.6, 4.0, 2.4) == [0.7, 1.0, 2, 3]
    assert chosen_ticks(1e-5, 1e5, 2.4)[0] == 0.01
    assert all(1.0 in chosen_ticks(low, 1.2, 2.4) for low in (0.99, 0.5, 0.001))


def test_names_that_are_cut_to_the_same_are_all_drawn() -> None:
    rows = [ratio(f"{'x' * 30}{last}", 1.1) for last in "abc"]
    _, texts = drawn(forests(rows)[0])
    assert sum(text.startswith("xxx") and text.endswith("…") for text, _ in texts) == 3
