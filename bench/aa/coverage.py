"""Whether intervals cover under noise like that of recorded contrasts, A/A pairs first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from pyarrow import compute

from bench.aa import folder as windows_folder
from bench.errors import UserError
from bench.latency import samples
from bench.latency.pooling import log_latencies, pooled
from bench.latency.samples import pair
from bench.latency.variants import AGAIN
from bench.results.folder import LATENCY, RunFolder
from bench.scenes import MESSAGES
from bench.stats.coverage import Shape, coverage, ours, percentiles
from bench.stats.noise import LAGS, Recorded, estimate
from bench.stats.resampling import FloatArray, IntArray
from bench.stats.words import share
from bench.streams import Stream, generator
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

USUAL = "quick, 10 sessions"
TOLD_LAGS = (1, 2, 4, 8, 16, LAGS)


@dataclass(frozen=True, slots=True)
class Covered:
    """The share of experiments of a shape whose interval holds the truth: the printed one, and the percentiles of its draws."""

    shape: str
    ours: float
    percentiles: float


def recorded(path: Path) -> Mapping[str, Recorded]:
    """The noise of each contrast of a run or of windows with its baseline, the A/A pair first. One line where there is none."""
    tables: Sequence[pa.Table]
    if (path / windows_folder.RECORD).is_file():
        tables = [
            session for window in windows_folder.windows(path, windows_folder.record_of(path)) for session in _sessions(window)
        ]
    else:
        tables = [samples.read(trial / LATENCY) for trial in RunFolder.open(path).trials("latency-")]
    by_contrast: dict[str, list[tuple[FloatArray, IntArray]]] = {}
    for table in tables:
        for name, log_ratios, session in _contrasts(table):
            by_contrast.setdefault(name, []).append((log_ratios, session))
    if max(map(len, by_contrast.values()), default=0) < 2:
        raise UserError(f"{path}: fewer than two sessions with an A/A pair: give a run that has them, or windows of storebench aa")
    return {name: estimate(pairs) for name, pairs in by_contrast.items() if len(pairs) > 1}


def _sessions(window: pa.Table) -> Iterator[pa.Table]:
    for number in window["session"].unique().to_pylist():
        yield window.filter(compute.equal(window["session"], number))


def _contrasts(table: pa.Table) -> Iterator[tuple[str, FloatArray, IntArray]]:
    """Each variant of a session against the baseline that has an A/A copy, in the order of the operations; the copy first."""
    together = pooled(pair([table]), MESSAGES)
    again = next((name for name in together.variants if name.endswith(f"[{AGAIN}]")), None) if together else None
    if together is None or again is None or len(together.session) < 2 * len(together.variants):
        return
    logs, order = log_latencies(together), np.argsort(together.operation)
    own = again.removesuffix(f"[{AGAIN}]")
    baseline = together.variants.index(own)
    for name in (again, *(name for name in together.variants if name not in {again, own})):
        yield name, (logs[:, together.variants.index(name)] - logs[:, baseline])[order], together.session[order]


def simulated(found: Mapping[str, Recorded], experiments: int, seed: int) -> Iterator[Covered]:
    """So many experiments of every shape that runs have with the noise of the A/A pair; of one with that of each contrast."""
    first, *others = found
    same = found[first].noise
    asked = [(name, same, shape) for name, shape in SHAPES.items()]
    asked.append((f"{USUAL}, their effects as recorded", replace(same, effects=found[first].effects), SHAPES[USUAL]))
    asked += [(f"{USUAL}, noise of {visible(name)}", found[name].noise, SHAPES[USUAL]) for name in others]
    for number, (name, noise, shape) in enumerate(asked):
        held = (
            coverage(noise, shape, experiments, generator(seed, Stream.COVERAGE, number), bound) for bound in (ours, percentiles)
        )
        yield Covered(name, *held)


def lines(path: Path, found: Mapping[str, Recorded], experiments: int, covered: Sequence[Covered]) -> Iterator[str]:
    """The noise and the simulation in words."""
    yield f"Noise of {visible(path.name)} by contrast, and the correlation of log ratios some operations apart:"
    yield ""
    width = max(len(visible(name)) for name in found)
    apart = "".join(f"{lag:>7}" for lag in TOLD_LAGS)
    yield f"{'contrast':<{width}}  operation     slow  memory  sessions{apart}"
    for name, one in found.items():
        noise, told = one.noise, "".join(f"{one.correlation[lag - 1]:>7.3f}" for lag in TOLD_LAGS)
        sizes = f"{share(noise.operation):>9}  {share(noise.slow):>7}  {noise.memory:.4f}  {share(noise.session):>8}"
        yield f"{visible(name):<{width}}  {sizes}{told}"
    yield ""
    yield f"{experiments} simulated experiments of each shape; of 95 % intervals so many hold the truth:"
    yield ""
    width = max(len(row.shape) for row in covered)
    yield f"{'shape':<{width}}  printed interval  percentiles of its draws"
    for row in covered:
        yield f"{row.shape:<{width}}  {100 * row.ours:.1f} %            {100 * row.percentiles:.1f} %"
