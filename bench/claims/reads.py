"""Measures of reads on large stores. Pure."""

from __future__ import annotations

from bench.claims.catalogue import Claim
from bench.claims.verdict import Evidence, Missing, Verdict, decided
from bench.claims.writes import BASELINE
from bench.results.schema import ReadsSummary
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds

_READ, _SHARED, _CENTRAL = "list_channels", "rooms", "channels"


def null_filter(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when the table that lists a server's channels holds agents' rows too, which the query must leave out."""
    design, reads = claim.subject, evidence.summary.reads
    if reads is None:
        raise Missing("reads on large stores")
    rows = {(row.variant, row.table): row.rows for row in reads.tables}
    try:
        shared, central = rows[design, _SHARED], rows[BASELINE, _CENTRAL]
    except KeyError as error:
        raise Missing(f"large stores of {design} and {BASELINE}") from error
    return decided(
        shared > central,
        f"In a store of {reads.rows:,} messages {_SHARED} of {design} has {shared:,} rows, {central:,} of them central: a central"
        f" query must tell them apart. {_cost(reads, design)}",
    )


def _cost(reads: ReadsSummary, design: str) -> str:
    """What the filter costs with the index that it is advised."""
    found = [row for row in reads.ratios if (row.kind, row.variant, row.baseline) == (_READ, design, BASELINE)]
    if not found:
        return "What that costs was not separated: too few pairs."
    row = found[0]
    change = interval_in_words(Interval(row.ratio, row.low, row.high))
    told = "" if row.separated else ", not separated"
    return (
        f"With a partial index for it, listing a server's channels takes {milliseconds(row.p50_ns)} (p50), against"
        f" {milliseconds(row.baseline_p50_ns)} in {BASELINE}: {change}{told}."
    )
