"""Whether intervals cover under noise like that of recorded A/A pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from bench.aa import folder as windows_folder
from bench.errors import UserError
from bench.latency import samples
from bench.latency.pooling import log_latencies, pooled
from bench.latency.samples import pair
from bench.latency.variants import AGAIN
from bench.results.folder import LATENCY, RunFolder
from bench.scenes import MESSAGES
from bench.stats.coverage import Noise, Shape, coverage, estimate, ours, percentiles
from bench.stats.resampling import FloatArray, IntArray
from bench.stats.words import share
from bench.visible import visible

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "one session of 12 blocks, for itself": Shape(1, 12, 150),
        "4 sessions": Shape(4, 3, 100),
        "quick, 10 sessions": Shape(10, 3, 60),
        "standard, 16 sessions": Shape(16, 5, 40),
        "full, 40 sessions": Shape(40, 5, 20),
    }
)


@dataclass(frozen=True, slots=True)
class Covered:
    """The share of experiments of a shape whose interval holds the truth: the printed one, and the percentiles of its draws."""

    shape: str
    ours: float
    percentiles: float


def recorded(path: Path) -> Noise:
    """The noise of the A/A pairs of a run, or of windows. One line for a folder that has none."""
    tables: Sequence[pa.Table]
    if (path / windows_folder.RECORD).is_file():
        tables = list(windows_folder.windows(path, windows_folder.record_of(path)))
    else:
        tables = [samples.read(trial / LATENCY) for trial in RunFolder.open(path).trials("latency-")]
    pairs = list(_pairs(tables))
    if len(pairs) < 2:
        raise UserError(f"{path}: fewer than two sessions with an A/A pair: give a run that has them, or windows of storebench aa")
    return estimate(pairs)


def _pairs(tables: Sequence[pa.Table]) -> Iterator[tuple[FloatArray, IntArray]]:
    """The log ratios of each session's A/A pair, in the order of its operations."""
    for table in tables:
        together = pooled(pair([table]), MESSAGES)
        again = next((name for name in together.variants if name.endswith(f"[{AGAIN}]")), None) if together else None
        if together is None or again is None or len(together.session) < 2 * len(together.variants):
            continue
        logs, order = log_latencies(together), np.argsort(together.operation)
        baseline = together.variants.index(again.removesuffix(f"[{AGAIN}]"))
        yield (logs[:, together.variants.index(again)] - logs[:, baseline])[order], together.session


def simulated(noise: Noise, experiments: int, seed: int) -> Iterator[Covered]:
    """So many experiments of every shape that runs have."""
    for number, (name, shape) in enumerate(SHAPES.items()):
        found = (coverage(noise, shape, experiments, np.random.default_rng([seed, number]), bound) for bound in (ours, percentiles))
        yield Covered(name, *found)


def lines(path: Path, noise: Noise, experiments: int, found: Sequence[Covered]) -> Iterator[str]:
    """The simulation in words."""
    yield f"Noise of the A/A pairs of {visible(path.name)}: single operations {share(noise.operation)}, slow {share(noise.slow)}"
    yield f"with a memory of {noise.memory:.4f}, between sessions {share(noise.session)}."
    yield f"{experiments} simulated experiments of each shape; of 95 % intervals so many hold the truth:"
    yield ""
    width = max(len(row.shape) for row in found)
    yield f"{'shape':<{width}}  printed interval  percentiles of its draws"
    for row in found:
        yield f"{row.shape:<{width}}  {100 * row.ours:.1f} %            {100 * row.percentiles:.1f} %"
