"""The measure of code: how much of it the paths of this project's own designs have, which is a reading of the note. Pure."""

from __future__ import annotations

from bench.claims.catalogue import Claim
from bench.claims.verdict import Evidence, Verdict, Word
from bench.claims.writes import BASELINE
from bench.results.complexity_schema import DesignComplexity

_NOT_OURS = "because the code that is meant is the real server's, and no version of it on the hybrid exists"


def less_code(evidence: Evidence, claim: Claim) -> Verdict:
    """Cannot be judged: this project's designs are another code. What they have is told, so that nobody needs to guess."""
    found = {design.design: design for design in evidence.summary.complexity}
    own, today = found.get(claim.subject), found.get(BASELINE)
    if own is None or today is None:
        return Verdict(Word.NOT_MEASURABLE, f"{_NOT_OURS}.")
    pairs = (
        ("decisions", _decisions(own), _decisions(today)),
        ("lines", _lines(own), _lines(today)),
        ("distinct statements", _statements(own), _statements(today)),
    )
    told = ", ".join(f"{ours} {what} to {theirs} ({_change(ours, theirs)})" for what, ours, theirs in pairs)
    return Verdict(
        Word.NOT_MEASURABLE,
        f"{_NOT_OURS}. In this project's reading of both, the write and read paths of {claim.subject} have, against those of"
        f" {BASELINE}, {told}.",
    )


def _decisions(design: DesignComplexity) -> int:
    return sum(path.own.decisions + path.shared.decisions for path in design.paths)


def _lines(design: DesignComplexity) -> int:
    return sum(path.own.lines + path.shared.lines for path in design.paths)


def _statements(design: DesignComplexity) -> int:
    return sum(path.statements for path in design.paths)


def _change(ours: int, theirs: int) -> str:
    return "–" if theirs == 0 else f"{ours / theirs - 1:+.0%}".replace("-", "−").replace("%", " %")
