"""Questions about latencies that are measured in pairs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from bench.latency.pooling import ROWS_OF_A_PLACE, place_effects, pooled
from bench.latency.samples import Paired
from bench.latency.variants import PLANTED_FAMILY, SAME
from bench.results.schema import LatencyRatio
from bench.stats.quantiles import values_needed
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds, percent_change, share
from bench.validity.point import PRIMARY_FAMILY, Evidence, absent, table

_KEYS = ("primary_kinds", "smallest_effect", "planted_costs", "latency_sessions", "latency_messages", "bootstrap_draws")
_EXAMPLES = 6


def _primary(evidence: Evidence, *families: str) -> list[LatencyRatio]:
    rows = [row for row in evidence.summary.latency if row.primary and row.family in (families or (PRIMARY_FAMILY,))]
    if not rows:
        raise absent("paired latency", "quick")
    return rows


def _pooled(evidence: Evidence) -> Paired:
    kinds = evidence.run.configuration.get("primary_kinds")
    found = pooled(evidence.paired, [str(kind) for kind in kinds] if isinstance(kinds, list) else [])
    if found is None:
        raise absent("paired latency", "quick")
    return found


def order(evidence: Evidence) -> Iterator[str]:
    """How often each variant stood at each place, and what a place costs."""
    sample = _pooled(evidence)
    places = range(len(sample.variants))
    counts = [int((sample.position[:, column] == place).sum()) for column in places for place in places]
    yield f"{len(sample.variants)} variants; each stood {min(counts)} to {max(counts)} times at each place of a round"
    effects = place_effects(sample)
    if effects is None:
        yield f"what a place adds to a latency: too few rows, {len(sample.session)} of {ROWS_OF_A_PLACE} that it takes"
        return
    told = ", ".join(percent_change(float(np.exp(effect))) for effect in effects)
    yield f"what a place adds to a latency, from the first to the last: {told}"


def noise(evidence: Evidence) -> Iterator[str]:
    """The A/A pair and the planted costs of this very run."""
    heading = ("variant against baseline", "measured [95 %]", "detectable", "verdict")
    rows = _primary(evidence, SAME, PLANTED_FAMILY)
    yield from table(
        heading, [(f"{row.variant} / {row.baseline}", _interval(row), share(row.detectable), row.verdict) for row in rows]
    )


def independence(evidence: Evidence) -> Iterator[str]:
    """What the bootstrap draws, and how alike neighbours are."""
    sample = _pooled(evidence)
    sessions = len(np.unique(sample.session))
    blocks = len(np.unique(np.stack([sample.session, sample.block]), axis=1).T)
    drawn = "sessions" if sessions > 1 else "blocks of the one session"
    yield f"{len(sample.session):,} messages in {blocks} blocks of {sessions} sessions; the bootstrap draws {drawn}, never messages"
    logs = np.log(sample.latency_ns)
    for name, values in (("latencies", logs[:, 0]), ("log ratios", logs[:, 1] - logs[:, 0] if logs.shape[1] > 1 else None)):
        if values is not None and values.std() > 0:
            yield f"correlation of neighbouring {name}: {np.corrcoef(values[:-1], values[1:])[0, 1]:.2f}"


def declared(evidence: Evidence) -> Iterator[str]:
    """What was declared before the run, and the verdicts of the family that it makes."""
    told = {key: evidence.run.configuration[key] for key in _KEYS if key in evidence.run.configuration}
    yield "declared: " + ", ".join(f"{key} = {value}" for key, value in told.items())
    rows = _primary(evidence)
    yield f"family of {len(rows)} contrasts; p-values corrected by Holm"
    heading = ("variant against baseline", "measured [95 %]", "p", "verdict")
    yield from table(
        heading, [(f"{row.variant} / {row.baseline}", _interval(row), f"{row.p_value:.2g}", row.verdict) for row in rows]
    )


def enough(evidence: Evidence) -> Iterator[str]:
    """How much was measured of what was declared, and what that can tell."""
    rows = _primary(evidence)
    names = Counter(trial.phase for trial in evidence.trials if trial.name.startswith("latency-"))
    planned = sum(name.startswith("latency-") for name in evidence.run.trials)
    yield f"sessions declared {planned}, measured {sum(names.values())}; messages compared {min(row.n for row in rows):,}"
    yield f"stopped before their declared end: {', '.join(evidence.summary.stopped_early) or 'none'}"
    yield f"attempts of the run: {len(evidence.run.attempts)}; a run is never made longer because of what it found"
    detectable = [row.detectable for row in rows]
    yield f"smallest detectable difference of a contrast: {share(min(detectable))} to {share(max(detectable))}"


def tails(evidence: Evidence) -> Iterator[str]:
    """Which quantiles the sample carries."""
    rows = evidence.summary.quantiles
    if not rows:
        raise absent("paired latency", "quick")
    for name, q, held in (("p90", 0.90, [row.p90_ns for row in rows]), ("p99", 0.99, [row.p99_ns for row in rows])):
        told = sum(value is not None for value in held)
        yield f"{name} needs {values_needed(q):,} operations: told in {told} of {len(rows)} rows, a dash in the others"
    largest = sorted(rows, key=lambda row: -row.n)[:_EXAMPLES]
    heading = ("variant, kind", "n", "p50 [95 %]", "p90", "p99")
    yield from table(
        heading,
        [
            (
                f"{row.variant} {row.kind}",
                f"{row.n:,}",
                f"{milliseconds(row.p50_ns)} {_bounds(row.p50_bounds_ns)}".strip(),
                milliseconds(row.p90_ns),
                milliseconds(row.p99_ns),
            )
            for row in largest
        ],
    )


def absolute(evidence: Evidence) -> Iterator[str]:
    """The absolute figures beside every ratio."""
    heading = ("variant against baseline", "p50", "baseline's p50", "measured [95 %]")
    yield from table(
        heading,
        [
            (f"{row.variant} / {row.baseline}", milliseconds(row.p50_ns), milliseconds(row.baseline_p50_ns), _interval(row))
            for row in _primary(evidence)
        ],
    )
    yield "no score over several kinds of operation: each kind has rows of its own, and no mean of ratios is made"


def isolated(evidence: Evidence) -> Iterator[str]:
    """Whether the ranking holds when each design is alone, and by every instrument that has both designs of a pair."""
    found = evidence.summary.isolated
    if found is None:
        raise absent("isolated trials", "isolated")
    yield f"{len(found.trials)} isolated trials in {len({trial.block for trial in found.trials})} blocks, {found.where}"
    shared = {(row.variant, row.baseline): row for row in evidence.summary.latency if row.primary and row.family == PRIMARY_FAMILY}
    rows = []
    for alone in found.ratios:
        pair = shared.get((alone.variant, alone.baseline))
        told = interval_in_words(Interval(alone.ratio, alone.low, alone.high))
        beside = "not measured" if pair is None else f"{_interval(pair)} {pair.verdict}"
        rows.append((f"{alone.variant} / {alone.baseline}", f"{told} {alone.verdict}", beside))
    yield from table((f"{found.kind}, against baseline", "alone [95 %]", "in pairs [95 %]"), rows)
    counts = Counter(pair.order for pair in evidence.summary.orders)
    yield "pairs of designs by the order of all instruments: " + (
        ", ".join(f"{n} {order}" for order, n in counts.items()) or "none"
    )
    for pair_order in evidence.summary.orders:
        for figure in pair_order.figures:
            yield f"{pair_order.a}, {pair_order.b}: {pair_order.order}: {figure}"


def _interval(row: LatencyRatio) -> str:
    return interval_in_words(Interval(row.ratio, row.low, row.high))


def _bounds(bounds_ns: tuple[int, int] | None) -> str:
    return "" if bounds_ns is None else f"[{milliseconds(bounds_ns[0])}, {milliseconds(bounds_ns[1])}]"
