"""What each instrument of a run says of two designs: paired latencies, isolated trials, and replays by pgbench. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations

import numpy as np

from bench.contrasts import LATENCY, reasons
from bench.isolated.agreement import Ask, agreement
from bench.isolated.summary import log_ratio
from bench.latency.pooling import kinds_of, log_latencies, pooled
from bench.latency.samples import Paired
from bench.latency.summary import enough_pairs
from bench.latency.variants import Entry, base
from bench.results.isolated_schema import IsolatedSummary, OrderOf, PairOrder
from bench.results.pgbench_schema import PgbenchRound
from bench.results.schema import LeftOut, WorkloadTotal
from bench.scenes import HEADLINE
from bench.stats.ratio import LogRatio, paired_ratio
from bench.stats.several import holm
from bench.stats.verdicts import hidden, is_separated
from bench.stats.words import milliseconds

PAIRED, ISOLATED, PGBENCH = "paired", "isolated", "pgbench"

_Pair = tuple[str, str]
_Measure = Callable[[str, str], LogRatio | None]


def orders(
    designs: Sequence[str],
    sessions: Sequence[Paired],
    kinds: Sequence[str],
    isolated: IsolatedSummary | None,
    rounds: Sequence[PgbenchRound],
    left_out: Sequence[LeftOut],
    totals: Sequence[WorkloadTotal],
    rng: np.random.Generator,
    draws: int,
) -> list[PairOrder]:
    """The order of every pair of designs by every instrument that the run has; nothing when it has one alone."""
    together = pooled(sessions, kinds)
    found: dict[str, Mapping[_Pair, OrderOf]] = {}
    pairs = list(combinations(designs, 2))
    if together is not None and enough_pairs(together):
        paired = _paired(together, rng, draws)
        allowed = _equal_work(pairs, left_out, together.kind)
        found[PAIRED] = judged(PAIRED, allowed, paired, _hidden(paired(Entry(base(designs), again=True).name, base(designs))))
    if isolated is not None:
        trials = isolated.trials
        allowed = _equal_work(pairs, left_out, isolated.kind)
        found[ISOLATED] = judged(ISOLATED, allowed, lambda a, b: log_ratio(trials, a, b))
    for clients in sorted({row.clients for row in rounds}):
        own = [row for row in rounds if row.clients == clients and row.arm == "pgbench" and row.exchange == "plain"]
        name = f"{PGBENCH}, {clients} clients"
        # Only a user's messages are replayed.
        found[name] = judged(name, _equal_work(pairs, left_out, HEADLINE), _replayed(own))
    if len(found) < 2:
        return []
    return agreement(designs, {name: _asked(by_pair) for name, by_pair in found.items()}, _figures(together, totals, rounds))


def judged(instrument: str, pairs: Sequence[_Pair], measure: _Measure, hides: float = 0.0) -> dict[_Pair, OrderOf]:
    """What an instrument says of each pair of designs that it has measured.

    P-values are corrected for all of them (Holm); `hides` is the logarithm that its A/A pair hides, 0 for one that has none.
    """
    found = {pair: ratio for pair in pairs if (ratio := measure(*pair)) is not None}
    corrected = holm([ratio.p_value for ratio in found.values()])
    return {
        pair: _told(instrument, ratio, is_separated(ratio, p_value, hides))
        for (pair, ratio), p_value in zip(found.items(), corrected, strict=True)
    }


def _asked(by_pair: Mapping[_Pair, OrderOf]) -> Ask:
    return lambda a, b: by_pair.get((a, b))


def _hidden(same: LogRatio | None) -> float:
    return 0.0 if same is None else hidden(same.interval, same.detectable)


def _equal_work(pairs: Sequence[_Pair], left_out: Collection[LeftOut], kind: str) -> list[_Pair]:
    """Two designs of which one does other work are not ordered."""
    return [pair for pair in pairs if not any(reasons(left_out, LATENCY, one, *pair) for one in kinds_of(kind))]


def _paired(together: Paired, rng: np.random.Generator, draws: int) -> _Measure:
    logs = log_latencies(together)

    def measure(a: str, b: str) -> LogRatio | None:
        if a not in together.variants or b not in together.variants:
            return None
        log_ratios = logs[:, together.variants.index(a)] - logs[:, together.variants.index(b)]
        return paired_ratio(log_ratios, together.session, together.block, rng, draws)

    return measure


def _replayed(rows: Sequence[PgbenchRound]) -> _Measure:
    """By rounds: the time of a message is the reciprocal of the rate."""
    by_round: dict[int, dict[str, float]] = {}
    for row in rows:
        by_round.setdefault(row.round, {})[row.design] = -math.log(row.transactions_per_s)

    def measure(a: str, b: str) -> LogRatio | None:
        differences = [found[a] - found[b] for found in by_round.values() if a in found and b in found]
        if len(differences) < 2:
            return None
        error = float(np.std(differences, ddof=1)) / math.sqrt(len(differences))
        return LogRatio(float(np.mean(differences)), error, len(differences) - 1)

    return measure


def _told(instrument: str, found: LogRatio, separated: bool) -> OrderOf:
    interval = found.interval
    return OrderOf(
        instrument=instrument,
        ratio=interval.estimate,
        low=interval.low,
        high=interval.high,
        separated=separated,
    )


def _figures(together: Paired | None, totals: Sequence[WorkloadTotal], rounds: Sequence[PgbenchRound]) -> Callable[[str], str]:
    trips: Mapping[str, tuple[int, int]] = {
        name: (sum(row.round_trips for row in own), sum(row.messages for row in own))
        for name in {row.variant for row in totals}
        if (own := [row for row in totals if row.variant == name])
    }

    def told(design: str) -> str:
        parts = []
        if together is not None and design in together.variants:
            p50_ns = int(np.median(together.latency_ns[:, together.variants.index(design)]))
            parts.append(f"p50 {milliseconds(p50_ns)} in pairs")
        if design in trips and trips[design][1]:
            parts.append(f"{trips[design][0] / trips[design][1]:.1f} round trips a message over the whole workload")
        cpu = [row.client_cpu_us for row in rounds if row.design == design and row.arm == "pgbench" and row.exchange == "plain"]
        if cpu:
            parts.append(f"{float(np.median(cpu)):.0f} us of pgbench's CPU a message")
        return f"{design}: {', '.join(parts) or 'no figures'}"

    return told
