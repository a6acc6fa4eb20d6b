"""What the page on the paired instrument says of runs."""

from __future__ import annotations

from bench.paired_page import replaced, told_detectable, told_orders
from bench.results.isolated_schema import OrderOf, PairOrder
from bench.results.schema import LatencyRatio
from tests.bench.report.made_up import ratio


def _primary(variant: str, family: str, detectable: float) -> LatencyRatio:
    return ratio(variant, 1.0, family=family).model_copy(update={"primary": True, "detectable": detectable})


def test_every_primary_contrast_has_its_median_and_its_largest_and_the_a_a_pair_comes_first() -> None:
    runs = {
        f"run-{number}": [
            _primary("floor", "per_side", 0.02 * number),
            _primary("dual[again]", "a/a", 0.001 * number),
            ratio("hybrid", 1.0).model_copy(update={"detectable": 0.9}),
        ]
        for number in (1, 2, 6)
    }
    lines = list(told_detectable(runs))
    assert [line.split()[0] for line in lines[1:4]] == ["run-1", "run-2", "run-6"]
    assert [line.split() for line in lines[6:]] == [
        ["dual[again]", "against", "dual", "3", "0.20", "%", "0.60", "%"],
        ["floor", "against", "dual", "3", "4.00", "%", "12.00", "%"],
    ]


def test_runs_without_an_a_a_pair_are_left_out() -> None:
    assert len(list(told_detectable({"run": [ratio("floor", 0.5)]}))) == 1


def test_the_lines_stand_between_their_marks_and_nowhere_else() -> None:
    page = "before\n<!-- aa -->\nold\n<!-- end of aa -->\nafter\n"
    assert replaced(page, "aa", ["new"]) == "before\n<!-- aa -->\n```text\nnew\n```\n<!-- end of aa -->\nafter\n"
    assert replaced(page, "coverage", ["new"]) == page


def test_a_pair_of_designs_is_told_with_every_instrument_and_what_is_not_separated_is_marked() -> None:
    by = [
        OrderOf(instrument="paired", ratio=1.2, low=1.1, high=1.3, separated=True),
        OrderOf(instrument="isolated", ratio=1.01, low=0.9, high=1.1, separated=False),
    ]
    lines = list(told_orders([PairOrder(a="dual", b="hybrid", order="not separated by all", by=by, figures=["7 round trips"])]))
    assert lines[0] == "dual to hybrid: not separated by all"
    assert lines[1].split(maxsplit=1) == ["paired", "+20.0 % [+10.0 %, +30.0 %]"]
    assert lines[2].split(maxsplit=1)[1].startswith("~ +1.0 %")
    assert lines[3].strip() == "7 round trips"
