"""Measures of speed and of what a broken operation leaves behind, and the figures for the choice. Pure."""

from __future__ import annotations

from collections import Counter

from bench.claims.anatomy import PER_SIDE, comparable, rows_changed, warm_message
from bench.claims.catalogue import Claim
from bench.claims.verdict import Evidence, Missing, Verdict, Word, counted, decided, listed
from bench.claims.writes import BASELINE
from bench.contrasts import LATENCY
from bench.latency.pooling import kinds_of
from bench.latency.primary import one_of, primary_kind
from bench.results.schema import CrashPoint, LatencyRatio
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds


def one_side_fails(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when at least one point of a write, broken there, leaves one side with what the other lacks."""
    design = claim.subject
    points = [point for point in evidence.summary.crash if point.design == design]
    apart = [point for point in points if point.atomicity == PER_SIDE]
    if not apart:
        raise Missing(f"crash points of {design}")
    partial = [point for point in apart if point.left == "partial"]
    by_kind = Counter(point.kind for point in apart)
    kinds = [f"{kind} {n} of {by_kind[kind]}" for kind, n in Counter(point.kind for point in partial).items()]
    ks = sorted({point.k for point in apart})
    text = f"A client killed at each of the {counted(len(apart), 'point')} of {listed(by_kind)} (k = {listed(ks)}) leaves"
    text += f" {len(partial)} partial in {design} per side"
    text += f": {listed(kinds)}" if partial else ""
    healed = sum(point.retry_same == "whole" for point in partial)
    text += f"; one retry with the same id makes {healed} of these whole" if partial else ""
    joined = [point for point in points if point.atomicity == "joined"]
    text += f". Joined into one transaction: {_partial(joined)} of {len(joined)} partial" if joined else ""
    return decided(bool(partial), f"{text}. All points were tried: no sample, so no interval.")


def faster(evidence: Evidence, claim: Claim) -> Verdict:
    """By the primary paired ratio of the run: supported when separated and below 1, refuted when separated and above."""
    design, kind = claim.subject, primary_kind(evidence.summary.latency)
    for one in kinds_of(kind):
        comparable(evidence, one, design, BASELINE, part=LATENCY)
    rows = [row for row in evidence.summary.latency if (row.family, row.variant) == (PER_SIDE, design)]
    headline = next((row for row in rows if row.kind == kind), None)
    if headline is None:
        raise Missing(f"paired latency of {one_of(kind)} in {design} against {BASELINE}")
    # Kinds that the primary comparison takes together stand beside it, too: they are no other kinds.
    others = [row for row in rows if row.kind not in {kind, *kinds_of(kind)}]
    quicker = [row.kind for row in others if row.separated and row.ratio < 1]
    slower = [row.kind for row in others if row.separated and row.ratio > 1]
    text = _told(headline)
    if others:
        text += f" Of {counted(len(others), 'other kind')} of operation, separated and faster: {listed(quicker)};"
        text += f" separated and slower: {listed(slower)}."
    if not headline.separated:
        return Verdict(Word.NOT_SEPARATED, text)
    return decided(headline.ratio < 1, text)


def figures_for_the_choice(evidence: Evidence, claim: Claim) -> Verdict:
    """Never decided by figures: says why, and gives those of this run that bear on it."""
    del claim
    names = [name for name in evidence.run.designs if name != "floor"]
    parts = [
        _rows_told(evidence, names),
        *(_told(row) for row in _primary(evidence) if row.variant in names),
        _crash_told(evidence, names),
    ]
    figures = " ".join(part for part in parts if part)
    why = "because a choice weighs figures against aims that this harness does not know"
    return Verdict(Word.NOT_MEASURABLE, f"{why}. Figures that bear on it: {figures}" if figures else f"{why}.")


def _rows_told(evidence: Evidence, names: list[str]) -> str:
    rows = {}
    for name in names:
        try:
            rows[name] = warm_message(evidence, name, rows_changed)
        except Missing:
            continue
    ks = sorted(set.intersection(*(set(figure) for figure in rows.values()))) if rows else []
    if not ks:
        return ""
    told = listed(f"{name} {figure[ks[-1]]:g}" for name, figure in rows.items())
    return f"rows changed by a warm message at k = {ks[-1]}: {told}."


def _primary(evidence: Evidence) -> list[LatencyRatio]:
    kind = primary_kind(evidence.summary.latency)
    return [row for row in evidence.summary.latency if (row.family, row.kind) == (PER_SIDE, kind)]


def _crash_told(evidence: Evidence, names: list[str]) -> str:
    told = []
    for name in names:
        points = [point for point in evidence.summary.crash if (point.design, point.atomicity) == (name, PER_SIDE)]
        if points:
            told.append(f"{name} {_partial(points)} of {len(points)}")
    return f"Crash points that leave a partial operation, per side: {listed(told)}." if told else ""


def _partial(points: list[CrashPoint]) -> int:
    return sum(point.left == "partial" for point in points)


def _told(row: LatencyRatio) -> str:
    interval = interval_in_words(Interval(row.ratio, row.low, row.high))
    sign = "" if row.separated else ", not separated"
    return (
        f"{one_of(row.kind).partition(' ')[2]} in {row.variant} against {row.baseline}: {interval}{sign}"
        f" (p50 {milliseconds(row.p50_ns)} against {milliseconds(row.baseline_p50_ns)}, n = {row.n})."
    )
