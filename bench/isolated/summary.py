"""From isolated trials to what a design costs when it is alone. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from bench.contrasts import LATENCY, reasons
from bench.isolated.trials import block_and_design
from bench.latency.pooling import kinds_of, pooled
from bench.latency.samples import Paired
from bench.latency.variants import base
from bench.results.isolated_schema import IsolatedRatio, IsolatedSummary, IsolatedTrial
from bench.results.schema import LeftOut
from bench.stats.ratio import LogRatio
from bench.stats.several import holm
from bench.stats.verdicts import is_separated, verdict


def summarise(
    trials: Mapping[str, Sequence[Paired]],
    planned: Sequence[str],
    kinds: Sequence[str],
    smallest_effect: float,
    left_out: Sequence[LeftOut],
    where: str,
) -> IsolatedSummary | None:
    """Trials by name with their samples; `planned` are the names in order. None without trials."""
    rows = [
        row
        for name, samples in trials.items()
        if (row := _trial(name, planned, pooled(samples, kinds), len(set(_designs(planned)))))
    ]
    if not rows:
        return None
    kind = "+".join(kinds)
    designs = list(dict.fromkeys(sorted(_designs(planned))))
    baseline = base(designs)
    found = {
        design: error
        for design in designs
        if design != baseline
        and not any(reasons(left_out, LATENCY, one, design, baseline) for one in kinds_of(kind))
        and (error := log_ratio(rows, design, baseline)) is not None
    }
    corrected = holm([one.p_value for one in found.values()])
    return IsolatedSummary(
        kind=kind,
        where=where,
        trials=rows,
        ratios=[
            _ratio(design, baseline, one, p_value, smallest_effect)
            for (design, one), p_value in zip(found.items(), corrected, strict=True)
        ],
    )


def log_ratio(trials: Sequence[IsolatedTrial], design: str, baseline: str) -> LogRatio | None:
    """The mean over blocks that have both of the difference of their logarithms; None with fewer than two such blocks.

    The interval is that of Student's paired test: a block's own level falls out.
    """
    by_block: dict[int, dict[str, float]] = {}
    for trial in trials:
        by_block.setdefault(trial.block, {})[trial.design] = trial.log_middle
    differences = [found[design] - found[baseline] for found in by_block.values() if design in found and baseline in found]
    if len(differences) < 2:
        return None
    error = float(np.std(differences, ddof=1)) / math.sqrt(len(differences))
    return LogRatio(float(np.mean(differences)), error, len(differences) - 1)


def _designs(planned: Sequence[str]) -> list[str]:
    return [block_and_design(name)[1] for name in planned]


def _trial(name: str, planned: Sequence[str], together: Paired | None, size: int) -> IsolatedTrial | None:
    if together is None:
        return None
    block, design = block_and_design(name)
    values = together.latency_ns[:, 0]
    return IsolatedTrial(
        block=block,
        place=planned.index(name) % size,
        design=design,
        n=len(values),
        p50_ns=int(np.median(values)),
        log_middle=float(np.median(np.log(values))),
    )


def _ratio(design: str, baseline: str, found: LogRatio, p_value: float, smallest_effect: float) -> IsolatedRatio:
    separated = is_separated(found, p_value)
    interval = found.interval
    return IsolatedRatio(
        variant=design,
        baseline=baseline,
        blocks=found.freedom + 1,
        ratio=interval.estimate,
        low=interval.low,
        high=interval.high,
        detectable=math.expm1(found.detectable),
        p_value=p_value,
        separated=separated,
        verdict=verdict(interval, smallest_effect, separated=separated),
    )
