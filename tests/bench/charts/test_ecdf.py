from __future__ import annotations

import numpy as np

from bench.charts.ecdf import STEPS, as_table, distributions
from tests.bench.report.made_up import latencies


def test_messages_are_drawn_per_side_and_joined() -> None:
    found = distributions(latencies())
    assert [(one.kind, one.atomicity) for one in found] == [("send", "per_side"), ("send", "joined")]
    assert [curve.variant for curve in found[0].curves] == ["floor", "dual", "dual[again]", "hybrid"]


def test_without_messages_the_kind_with_most_operations_is_drawn() -> None:
    found = distributions({"edit": {"dual": np.arange(5)}, "join": {"dual": np.arange(9)}, "send": {"dual": np.arange(0)}})
    assert [one.kind for one in found] == ["join"]


def test_without_latencies_nothing_is_drawn() -> None:
    assert distributions({}) == []
    assert distributions({"send": {}}) == []


def test_a_curve_is_the_order_statistics_and_ends_at_everything() -> None:
    values = np.random.default_rng(1).permutation(np.arange(1, 11)) * 1000
    (found,) = distributions({"send": {"dual": values}})
    (curve,) = found.curves
    assert curve.latency_ns.tolist() == list(range(1000, 11_000, 1000))
    assert curve.share.tolist() == [n / 10 for n in range(1, 11)]


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    (found,) = distributions({"send": {"dual": np.arange(10_000)}})
    (curve,) = found.curves
    assert len(curve.share) == STEPS
    assert curve.n == 10_000
    assert (curve.share[-1], curve.latency_ns[-1]) == (1.0, 9_999)
    assert curve.latency_ns[np.searchsorted(curve.share, 0.5)] == 4_999


def test_raw_latencies_are_not_changed() -> None:
    values = np.array([3, 1, 2])
    distributions({"send": {"dual": values}})
    assert values.tolist() == [3, 1, 2]


def test_the_table_beside_the_chart_has_every_drawn_point() -> None:
    (found,) = distributions({"send": {"dual": np.array([1, 2])}})
    assert as_table(found).rows == (("send", "dual", 2, 0.5, 1), ("send", "dual", 2, 1.0, 2))
