"""The operations of a generated workload as columns of numbers, in blocks. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from workloads.generation.rows import Row
from workloads.generation.spec import WorkloadSpec
from workloads.generation.story import Story

Ints = NDArray[np.int64]
WIDTH = 7


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some operations in their order, all of them measured or none: a column for each number of a `Row`."""

    measured: bool
    kind: Ints
    at_ms: Ints
    channel: Ints
    actor: Ints
    number: Ints
    target: Ints
    text_bytes: Ints

    def __len__(self) -> int:
        return len(self.kind)

    def rows(self) -> Iterator[Row]:
        """The operations one by one."""
        columns = (self.kind, self.at_ms, self.channel, self.actor, self.number, self.target, self.text_bytes)
        return zip(*(column.tolist() for column in columns), strict=True)


def blocks(spec: WorkloadSpec, seed: int) -> Iterator[Block]:
    """All operations of a workload, those that are not measured first; no block is empty."""
    for measured, rows in Story(spec, seed).parts():
        if rows:
            table = np.fromiter(chain.from_iterable(rows), np.int64, WIDTH * len(rows)).reshape(-1, WIDTH)
            yield Block(measured, *(np.ascontiguousarray(table[:, place]) for place in range(WIDTH)))
