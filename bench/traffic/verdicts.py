"""The checks of a workload against a trace, as rows of a table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.traffic.acceptance import Check, Verdict
from bench.traffic.words import NOTHING, number, percent

CHECKS = 11


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what is measured, what the real trace has, what passes, what the seeds gave, and what noise there is."""

    number: str
    name: str
    real: str
    passes: str
    median: str
    seeds: str
    noise: str
    verdict: Verdict
    reason: str


def rows(found: Sequence[Check]) -> list[Row]:
    """A row for each line of each check."""
    return [_row(check) for check in found]


def _row(check: Check) -> Row:
    limit = check.limit
    shown = percent if limit.percent else number
    if check.reason is not None:
        return Row(str(limit.number), limit.name, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, check.verdict, check.reason)
    there = [value for value in check.measured if value is not None]
    lacking = len(check.measured) - len(there)
    seeds = f"{shown(min(there))} to {shown(max(there))}" if there else NOTHING
    floor = NOTHING if check.floor is None else f"{'' if limit.is_distance else '± '}{shown(check.floor)}"
    return Row(
        number=str(limit.number),
        name=limit.name,
        real=NOTHING if check.real is None else shown(check.real),
        passes=f"at most {limit_of(check, check.high)}" if limit.is_distance else f"{shown(check.low)} to {shown(check.high)}",
        median=shown(check.median),
        seeds=seeds,
        noise=floor if check.halves is None else f"{floor}, halves {shown(check.halves)}",
        verdict=check.verdict,
        reason=f"{lacking} of {len(check.measured)} seeds have nothing to measure" if lacking else "",
    )


def limit_of(check: Check, value: float) -> str:
    """A threshold as it was set, without digits that say nothing: 0.06, 2.5 %."""
    return f"{100 * value:g} %" if check.limit.percent else f"{value:g}"


def of_seeds(found: Sequence[Check]) -> list[tuple[str, str, str]]:
    """Number, name and every seed's value of each line that was measured."""
    return [
        (
            str(check.limit.number),
            check.limit.name,
            " ".join(_short(value, percent_too=check.limit.percent) for value in check.measured),
        )
        for check in found
        if check.reason is None
    ]


def _short(value: float | None, *, percent_too: bool) -> str:
    """Seven letters, so that the seeds of all lines stand below each other."""
    return (NOTHING if value is None else f"{100 * value if percent_too else value:.3g}").rjust(7)


def plain(title: str, found: Sequence[Check]) -> dict[str, object]:
    """Everything as plain values, for JSON."""
    lines = [
        {
            "check": check.limit.number,
            "name": check.limit.name,
            "real": check.real,
            "low": None if check.reason else check.low,
            "high": None if check.reason else check.high,
            "median": check.median,
            "seeds": list(check.measured),
            "noise": check.floor,
            "halves": check.halves,
            "verdict": check.verdict.value,
            "reason": check.reason,
        }
        for check in found
    ]
    verdicts = {str(number): verdict.value for number, verdict in of_numbers(found).items()}
    return {"title": title, "summary": summary(found), "verdicts": verdicts, "lines": lines}


def of_numbers(found: Sequence[Check]) -> dict[int, Verdict]:
    """The verdict of each of the eleven: it fails when a line of it fails, and passes only when all lines do."""
    verdicts: dict[int, Verdict] = {}
    for wanted in range(1, CHECKS + 1):
        lines = {check.verdict for check in found if check.limit.number == wanted}
        verdicts[wanted] = next(each for each in (Verdict.FAILED, Verdict.NOT_APPLICABLE, Verdict.PASSED) if each in lines)
    return verdicts


def summary(found: Sequence[Check]) -> str:
    """How many of the eleven pass, fail, and cannot be made."""
    verdicts = list(of_numbers(found).values())
    counts = {verdict: verdicts.count(verdict) for verdict in Verdict}
    return (
        f"of {CHECKS} checks {counts[Verdict.PASSED]} pass, {counts[Verdict.FAILED]} fail,"
        f" {counts[Verdict.NOT_APPLICABLE]} cannot be made in full, which is no pass"
    )
