"""From raw rounds to what the harness costs: each arm against pgbench in the same rounds. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import numpy as np

from bench.pgbench.plan import PGBENCH
from bench.results.pgbench_schema import HarnessPart, HarnessRatio, PgbenchLack, PgbenchRound, PgbenchSelect, PgbenchSummary
from bench.stats.ratio import LogRatio, paired_ratio
from bench.streams import Stream, generator

ROUNDS_FOR_INTERVAL = 5
"""With fewer rounds no interval is told."""

PLAIN, SHARED = "plain", "shared"
_Cell = tuple[str, int, str, str]


def summarise(
    rounds: Sequence[PgbenchRound],
    selects: Sequence[PgbenchSelect],
    lacks: Sequence[PgbenchLack],
    parts: Sequence[HarnessPart] = (),
    *,
    seed: int,
    draws: int,
) -> PgbenchSummary:
    """Every arm against pgbench's plain script, and what shares flights against its pipelined one, too."""
    by_cell: dict[_Cell, dict[int, PgbenchRound]] = {}
    for row in rounds:
        by_cell.setdefault((row.design, row.clients, row.arm, row.exchange), {})[row.round] = row
    rng = generator(seed, Stream.SUMMARY_PGBENCH)
    ratios = []
    for (design, clients, arm, exchange), rows in by_cell.items():
        for against in (PLAIN, SHARED) if exchange == SHARED else (PLAIN,):
            others = by_cell.get((design, clients, PGBENCH, against), {})
            common = sorted(rows.keys() & others.keys())
            if common and (arm, exchange) != (PGBENCH, against):
                ratios.append(_ratio([rows[n] for n in common], [others[n] for n in common], rng, draws))
    ordered = sorted(ratios, key=lambda row: (row.design, row.clients, row.arm, row.exchange, row.against))
    once = {(lack.design, lack.reason): lack for lack in lacks}
    return PgbenchSummary(rounds=list(rounds), ratios=ordered, selects=list(selects), lacks=list(once.values()), parts=list(parts))


def _ratio(rows: Sequence[PgbenchRound], others: Sequence[PgbenchRound], rng: np.random.Generator, draws: int) -> HarnessRatio:
    ratios = [row.transactions_per_s / other.transactions_per_s for row, other in zip(rows, others, strict=True)]
    found = log_ratio(ratios, rng, draws)
    first = rows[0]
    return HarnessRatio(
        design=first.design,
        clients=first.clients,
        arm=first.arm,
        exchange=first.exchange,
        against=others[0].exchange,
        rounds=len(rows),
        ratio=median(ratios),
        low=None if found is None else found.interval.low,
        high=None if found is None else found.interval.high,
        transactions_per_s=median(row.transactions_per_s for row in rows),
        pgbench_per_s=median(other.transactions_per_s for other in others),
        client_cpu_us=median(row.client_cpu_us for row in rows),
        pgbench_cpu_us=median(other.client_cpu_us for other in others),
    )


def log_ratio(ratios: Sequence[float], rng: np.random.Generator, draws: int) -> LogRatio | None:
    """The ratio of rounds in the middle, whose rounds are drawn anew; None with too few of them."""
    if len(ratios) < ROUNDS_FOR_INTERVAL:
        return None
    numbers = np.arange(len(ratios), dtype=np.int64)
    logs = np.array([math.log(ratio) for ratio in ratios])
    return paired_ratio(logs, numbers, np.zeros_like(numbers), rng, draws)


def by_round(rounds: Sequence[PgbenchRound], design: str, baseline: str, exchange: str, clients: int) -> dict[int, float]:
    """Time for a message under pgbench: a design over the baseline, by round; above 1 the design is slower."""
    rates = {
        (row.design, row.round): row.transactions_per_s
        for row in rounds
        if (row.arm, row.exchange, row.clients) == (PGBENCH, exchange, clients)
    }
    numbers = sorted({number for name, number in rates if name == design} & {number for name, number in rates if name == baseline})
    return {number: rates[baseline, number] / rates[design, number] for number in numbers}
