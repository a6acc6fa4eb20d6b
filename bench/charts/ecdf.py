"""The distribution of latencies: what share of operations took at most so long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.charts.chart import Table
from bench.charts.palette import design_of, in_order, levels_of
from bench.scenes import MESSAGES

STEPS = 200
"""Points of a curve at most; a curve of fewer values shows each of them."""
SHOWN_SHARE = 0.995
"""The axis ends where the slowest variant has this share behind it; the rest is in the raw data."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One variant: `share` of its `n` operations took at most `latency_ns`."""

    variant: str
    n: int
    latency_ns: NDArray[np.int64]
    share: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Distribution:
    """One chart: a kind of operation with one atomicity."""

    kind: str
    atomicity: str
    curves: tuple[Curve, ...]


def distributions(latencies: Mapping[str, Mapping[str, NDArray[np.int64]]]) -> list[Distribution]:
    """Charts of messages, per side and joined; where there are none, of the kind with most operations.

    Variants that differ from their design in another factor are left out: a curve's colour and line tell no more levels apart.
    `latencies` are raw, in nanoseconds, by kind of operation and variant.
    """
    kinds = [kind for kind in MESSAGES if _any(latencies.get(kind, {}))]
    if not kinds:
        filled = [kind for kind, by_variant in latencies.items() if _any(by_variant)]
        kinds = sorted(filled, key=lambda kind: (-max(map(len, latencies[kind].values())), kind))[:1]
    found = []
    for kind in kinds:
        for atomicity in ("per_side", "joined"):
            variants = _ordered(v for v, values in latencies[kind].items() if len(values) and _atomicity(v) == atomicity)
            if variants:
                found.append(Distribution(kind, atomicity, tuple(_curve(v, latencies[kind][v]) for v in variants)))
    return found


def _any(by_variant: Mapping[str, NDArray[np.int64]]) -> bool:
    return any(len(values) for values in by_variant.values())


def _atomicity(variant: str) -> str | None:
    levels = set(levels_of(variant)) - {"again"}
    return {frozenset(): "per_side", frozenset({"joined"}): "joined"}.get(frozenset(levels))


def _ordered(variants: Iterable[str]) -> list[str]:
    names = list(variants)
    order = in_order(map(design_of, names))
    return sorted(names, key=lambda name: (order.index(design_of(name)), name))


def _curve(variant: str, values: NDArray[np.int64]) -> Curve:
    ordered = np.sort(values)
    n = len(ordered)
    ranks = np.unique(np.ceil(np.linspace(0, n, min(n, STEPS) + 1)[1:]).astype(np.int64))
    return Curve(variant, n, ordered[ranks - 1], ranks / n)


def as_table(distribution: Distribution) -> Table:
    """The drawn points of every curve."""
    return Table(
        ("kind", "variant", "n", "share", "latency_ns"),
        tuple(
            (distribution.kind, curve.variant, curve.n, round(float(share), 6), int(latency))
            for curve in distribution.curves
            for share, latency in zip(curve.share, curve.latency_ns, strict=True)
        ),
    )
