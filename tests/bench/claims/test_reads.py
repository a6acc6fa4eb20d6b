from __future__ import annotations

from bench.claims.ledger import judge
from bench.results.schema import ClaimRow, ReadsSummary, TableRows
from tests.bench.report.made_up import ratio, run, summary


def _reads(rooms: int, *, separated: bool | None) -> ReadsSummary:
    pairs = [] if separated is None else [ratio("option_a", 1.5, kind="list_channels", separated=separated)]
    sizes = [("option_a", "rooms", rooms), ("dual", "channels", 1_000)]
    tables = [TableRows(variant=variant, table=table, rows=count) for variant, table, count in sizes]
    return ReadsSummary(rows=10_000, large=1_000, ratios=pairs, quantiles=[], plans=[], indexes=[], tables=tables)


def _row(reads: ReadsSummary | None) -> ClaimRow:
    (row,) = (row for row in judge(summary(reads=reads), run()) if row.id == "option-a-null-filter")
    return row


def test_the_filter_is_needed_where_agents_rows_stand_beside_central_ones() -> None:
    row = _row(_reads(2_001, separated=True))
    assert row.verdict == "supported"
    assert "rooms of option_a has 2,001 rows, 1,000 of them central" in row.evidence
    assert "2.25 ms (p50), against 1.50 ms in dual: +50.0 %" in row.evidence
    assert _row(_reads(1_000, separated=True)).verdict == "refuted"


def test_a_cost_that_is_not_separated_is_told_so() -> None:
    assert _row(_reads(2_001, separated=False)).evidence.endswith(", not separated.")
    assert _row(_reads(2_001, separated=None)).evidence.endswith("too few pairs.")


def test_without_large_stores_the_filter_is_not_measured_yet() -> None:
    assert _row(None).verdict == "not measured yet"
    assert _row(None).evidence == "This run lacks reads on large stores."
