"""From what the reads' trial stored to its part of the summary. Pure, given the random generator of the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from bench.charts.palette import design_of
from bench.latency.samples import pair
from bench.latency.summary import quantiles, ratios
from bench.latency.variants import AGAIN, Contrast, base
from bench.results.schema import IndexUse, ReadPlan, ReadsSummary, TableRows
from variants.contract import Indexes

DESIGNS, INDEXES = "designs, advised indexes", "own indexes to advised"
"""The families: designs against the baseline with the indexes that each is advised, and a design against itself so."""

LARGE_SHARE, LARGE_MIN = 20, 1_000
"""A table is large when it has more rows than one in this many of the world's messages, 5,000 of 100,000, and more than these: a
table of a few pages is read as a whole for good reason.
"""


def summarise(
    raw: pa.Table,
    plans: Sequence[ReadPlan],
    indexes: Sequence[IndexUse],
    tables: Sequence[TableRows],
    *,
    rows: int,
    rng: np.random.Generator,
    draws: int,
) -> ReadsSummary:
    """Ratios, quantiles, plans, indexes and sizes of the reads on stores of `rows` messages."""
    paired = pair([raw])
    names = list(dict.fromkeys(name for sample in paired for name in sample.variants))
    return ReadsSummary(
        rows=rows,
        large=large(rows),
        ratios=ratios(paired, contrasts(names), rng, draws),
        quantiles=quantiles(paired, rng, draws),
        plans=list(plans),
        indexes=list(indexes),
        tables=list(tables),
    )


def large(rows: int) -> int:
    """How many rows a table may have in a world of so many messages before it counts as large."""
    return max(LARGE_MIN, rows // LARGE_SHARE)


def contrasts(names: Sequence[str]) -> list[Contrast]:
    """The A/A pair, each design against the baseline with advised indexes, and each with its own indexes against its advised."""
    variants = [name for name in names if AGAIN not in name]
    advised = {design: advised_name(design, variants) for design in dict.fromkeys(map(design_of, variants))}
    reference = advised[base(list(advised))] if advised else ""
    same = [Contrast("a/a", name, reference) for name in names if AGAIN in name]
    designs = [Contrast(DESIGNS, name, reference) for name in advised.values() if name != reference]
    own = [Contrast(INDEXES, design, name) for design, name in advised.items() if name != design]
    return [*same, *designs, *own]


def advised_name(design: str, variants: Sequence[str]) -> str:
    """The variant of a design with the advised indexes: the plain one, when that is how it runs anyway."""
    marked = f"{design}[indexes={Indexes.ADVISED}]"
    return marked if marked in variants else design
