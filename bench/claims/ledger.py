"""The ledger: every claim of the design note with its verdict on a run. Pure, but for reading `claims.toml`."""

from __future__ import annotations

from bench.claims.catalogue import Claim, claims
from bench.claims.measures import MEASURES
from bench.claims.verdict import Evidence, Missing, NotComparable, Verdict, Word
from bench.results.run_record import RunRecord
from bench.results.schema import ClaimRow, Summary


def judge(summary: Summary, run: RunRecord) -> list[ClaimRow]:
    """One row for each claim, in the note's order. What the run did not measure is `not measured yet`, with what is missing."""
    evidence = Evidence(summary, run)
    return [_row(claim, verdict(claim, evidence)) for claim in claims()]


def verdict(claim: Claim, evidence: Evidence) -> Verdict:
    """The verdict on one claim. Raises KeyError for a measure that does not exist."""
    if claim.not_measurable is not None:
        return Verdict(Word.NOT_MEASURABLE, claim.not_measurable)
    if claim.measure is None:
        return Verdict(Word.NOT_YET, f"What will measure it: {claim.later}.")
    measure = MEASURES[claim.measure]
    try:
        return measure(evidence, claim)
    except Missing as missing:
        return Verdict(Word.NOT_YET, f"This run lacks {missing}.")
    except NotComparable as reason:
        return Verdict(Word.NOT_MEASURABLE, f"No comparison of unequal work: {reason}.")


def _row(claim: Claim, found: Verdict) -> ClaimRow:
    return ClaimRow(
        id=claim.id,
        section=claim.section,
        quote=claim.quote,
        line=claim.line,
        verdict=str(found.word),
        evidence=found.evidence,
    )
