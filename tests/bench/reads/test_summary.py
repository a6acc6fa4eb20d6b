from __future__ import annotations

import numpy as np

from bench.latency.samples import Recorder
from bench.latency.variants import Contrast
from bench.reads.summary import DESIGNS, INDEXES, contrasts, large, summarise

VARIANTS = ("dual", "dual_deployed[indexes=advised]", "dual_deployed", "floor", "dual[again]")


def test_designs_are_compared_on_advised_indexes_and_a_design_with_others_against_itself() -> None:
    assert contrasts(VARIANTS) == [
        Contrast("a/a", "dual[again]", "dual"),
        Contrast(DESIGNS, "dual_deployed[indexes=advised]", "dual"),
        Contrast(DESIGNS, "floor", "dual"),
        Contrast(INDEXES, "dual_deployed", "dual_deployed[indexes=advised]"),
    ]


def test_without_the_baseline_the_first_design_is_it() -> None:
    assert contrasts(("floor", "hybrid")) == [Contrast(DESIGNS, "hybrid", "floor")]
    assert contrasts(()) == []


def test_a_slower_read_is_separated_and_few_pairs_are_not_compared() -> None:
    recorder = Recorder(["dual", "floor", "dual[again]"])
    rng = np.random.default_rng(1)
    for kind, count in (("latest_page", 200), ("list_servers", 20)):
        number = recorder.kind_index(kind)
        for operation in range(count):
            for index, factor in enumerate((1.0, 3.0, 1.0)):
                latency_ns = int(1e6 * factor * rng.lognormal(0, 0.05))
                recorder.add(operation + 1_000 * number, operation // 10, True, number, index, index, latency_ns)
    found = summarise(recorder.table(0), [], [], [], rows=2_000, rng=rng, draws=200)
    assert {row.kind for row in found.ratios} == {"latest_page"}
    (floor,) = (row for row in found.ratios if row.variant == "floor")
    assert floor.separated
    assert 2.9 < floor.low < 3.0 < floor.high < 3.1
    assert {(row.kind, row.n) for row in found.quantiles} == {("latest_page", 200), ("list_servers", 20)}


def test_a_large_table_has_a_twentieth_of_the_messages_and_a_thousand_rows_at_least() -> None:
    assert (large(100_000), large(20_000), large(3_000)) == (5_000, 1_000, 1_000)
