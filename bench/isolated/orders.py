"""What each instrument of a run says of two designs: paired latencies, isolated trials, and replays by pgbench. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from bench.contrasts import LATENCY, reasons
from bench.isolated.agreement import Ask, agreement
from bench.isolated.summary import log_ratio
from bench.latency.pooling import kinds_of, log_latencies, pooled
from bench.latency.samples import Paired
from bench.latency.summary import enough_pairs
from bench.results.isolated_schema import IsolatedSummary, OrderOf, PairOrder
from bench.results.pgbench_schema import PgbenchRound
from bench.results.schema import LeftOut, WorkloadTotal
from bench.stats.ratio import LogRatio, paired_ratio
from bench.stats.verdicts import is_separated
from bench.stats.words import milliseconds

PAIRED, ISOLATED, PGBENCH = "paired", "isolated", "pgbench"


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
    instruments: dict[str, Ask] = {}
    if together is not None and enough_pairs(together):
        instruments[PAIRED] = _guarded(_paired(together, rng, draws), left_out, together.kind)
    if isolated is not None:
        trials = isolated.trials
        instruments[ISOLATED] = _guarded(lambda a, b: _told(ISOLATED, log_ratio(trials, a, b)), left_out, isolated.kind)
    for clients in sorted({row.clients for row in rounds}):
        own = [row for row in rounds if row.clients == clients and row.arm == "pgbench" and row.exchange == "plain"]
        # Only a user's messages are replayed.
        instruments[f"{PGBENCH}, {clients} clients"] = _guarded(_replayed(own, clients), left_out, "send")
    if len(instruments) < 2:
        return []
    return agreement(designs, instruments, _figures(together, totals, rounds))


def _guarded(ask: Ask, left_out: Collection[LeftOut], kind: str) -> Ask:
    """Two designs of which one does other work are not ordered."""
    return lambda a, b: None if any(reasons(left_out, LATENCY, one, a, b) for one in kinds_of(kind)) else ask(a, b)


def _paired(together: Paired, rng: np.random.Generator, draws: int) -> Ask:
    logs = log_latencies(together)

    def ask(a: str, b: str) -> OrderOf | None:
        if a not in together.variants or b not in together.variants:
            return None
        log_ratios = logs[:, together.variants.index(a)] - logs[:, together.variants.index(b)]
        return _told(PAIRED, paired_ratio(log_ratios, together.session, together.block, rng, draws))

    return ask


def _replayed(rows: Sequence[PgbenchRound], clients: int) -> Ask:
    """By rounds: the time of a message is the reciprocal of the rate."""
    by_round: dict[int, dict[str, float]] = {}
    for row in rows:
        by_round.setdefault(row.round, {})[row.design] = -math.log(row.transactions_per_s)

    def ask(a: str, b: str) -> OrderOf | None:
        differences = [found[a] - found[b] for found in by_round.values() if a in found and b in found]
        if len(differences) < 2:
            return None
        error = float(np.std(differences, ddof=1)) / math.sqrt(len(differences))
        return _told(f"{PGBENCH}, {clients} clients", LogRatio(float(np.mean(differences)), error, len(differences) - 1))

    return ask


def _told(instrument: str, found: LogRatio | None) -> OrderOf | None:
    if found is None:
        return None
    interval = found.interval
    return OrderOf(
        instrument=instrument,
        ratio=interval.estimate,
        low=interval.low,
        high=interval.high,
        separated=is_separated(found, found.p_value),
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
