"""What a paired session records: a column for each fact, a row for each performed operation."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from bench.errors import UserError
from bench.results.files import damaged
from bench.results.raw_rows import read_rows

SCHEMA = pa.schema(
    [
        ("session", pa.int32()),
        ("operation", pa.int64()),
        ("block", pa.int32()),
        ("warm", pa.bool_()),
        ("kind", pa.dictionary(pa.int32(), pa.string())),
        ("variant", pa.dictionary(pa.int32(), pa.string())),
        ("position", pa.int16()),
        ("latency_ns", pa.int64()),
    ]
)
"""`operation` counts the operations of a session, `block` stretches of equally many operations, `position` the place in the round;
`warm` is false for the first messages, which are recorded and not analysed."""


@dataclass(slots=True)
class Recorder:
    """Appends rows while a session runs; cheap, since it stands between two timed operations."""

    variants: Sequence[str]
    kinds: list[str] = field(default_factory=list)
    operation: array[int] = field(default_factory=lambda: array("q"))
    block: array[int] = field(default_factory=lambda: array("i"))
    warm: array[int] = field(default_factory=lambda: array("b"))
    kind: array[int] = field(default_factory=lambda: array("i"))
    variant: array[int] = field(default_factory=lambda: array("i"))
    position: array[int] = field(default_factory=lambda: array("h"))
    latency_ns: array[int] = field(default_factory=lambda: array("q"))

    def kind_index(self, kind: str) -> int:
        """The number that stands for a kind of operation in the column."""
        if kind not in self.kinds:
            self.kinds.append(kind)
        return self.kinds.index(kind)

    def add(self, operation: int, block: int, warm: bool, kind: int, variant: int, position: int, latency_ns: int) -> None:
        """One performed operation."""
        self.operation.append(operation)
        self.block.append(block)
        self.warm.append(warm)
        self.kind.append(kind)
        self.variant.append(variant)
        self.position.append(position)
        self.latency_ns.append(latency_ns)

    def table(self, session: int) -> pa.Table:
        """The rows as an Arrow table."""
        n = len(self.latency_ns)
        columns = [
            pa.array(np.full(n, session, np.int32)),
            pa.array(np.frombuffer(self.operation, np.int64) if n else [], pa.int64()),
            pa.array(np.frombuffer(self.block, np.int32) if n else [], pa.int32()),
            pa.array((np.frombuffer(self.warm, np.int8) != 0) if n else [], pa.bool_()),
            pa.DictionaryArray.from_arrays(pa.array(self.kind, pa.int32()), pa.array(self.kinds, pa.string())),
            pa.DictionaryArray.from_arrays(pa.array(self.variant, pa.int32()), pa.array(self.variants, pa.string())),
            pa.array(np.frombuffer(self.position, np.int16) if n else [], pa.int16()),
            pa.array(np.frombuffer(self.latency_ns, np.int64) if n else [], pa.int64()),
        ]
        return pa.Table.from_arrays(columns, schema=SCHEMA)


@dataclass(frozen=True, slots=True)
class Paired:
    """Latencies of one kind of operation with one row an operation and one column a variant; warm rows only.

    `position` is the place of each variant in the round, `operation` the number of the operation in its session.
    """

    kind: str
    variants: tuple[str, ...]
    session: NDArray[np.int64]
    block: NDArray[np.int64]
    latency_ns: NDArray[np.int64]
    position: NDArray[np.int64]
    operation: NDArray[np.int64]


def pair(tables: Sequence[pa.Table]) -> list[Paired]:
    """The rows of all sessions, paired by operation; one `Paired` for each kind, in alphabetical order."""
    if not tables:
        return []
    table = pa.concat_tables([t.unify_dictionaries() for t in tables], promote_options="none").unify_dictionaries()
    table = table.filter(table["warm"])
    variants = sorted(set(table["variant"].to_pylist()))
    kinds = np.array(table["kind"].to_pylist(), dtype=object)
    names = np.array(table["variant"].to_pylist(), dtype=object)
    session, operation = table["session"].to_numpy().astype(np.int64), table["operation"].to_numpy()
    block, latency = table["block"].to_numpy().astype(np.int64), table["latency_ns"].to_numpy()
    position = table["position"].to_numpy().astype(np.int64)
    columns = {variant: place for place, variant in enumerate(variants)}
    place = np.array([columns[name] for name in names], dtype=np.int64)
    paired: list[Paired] = []
    for kind in sorted(set(kinds)):
        of_kind = np.flatnonzero(kinds == kind)
        order = of_kind[np.lexsort((place[of_kind], operation[of_kind], session[of_kind]))]
        _check_pairs(kind, len(variants), place[order], session[order], operation[order])
        shape = (len(order) // len(variants), len(variants))
        first = order.reshape(shape)[:, 0]
        latencies, positions = (column[order].reshape(shape) for column in (latency, position))
        paired.append(Paired(kind, tuple(variants), session[first], block[first], latencies, positions, operation[first]))
    return paired


def _check_pairs(kind: str, variants: int, place: NDArray[np.int64], *keys: NDArray[np.int64]) -> None:
    """Raise `UserError` unless every operation was performed by each variant once; rows are in order of operation and variant."""
    whole = len(place) % variants == 0
    rows = [key.reshape(-1, variants) for key in keys] if whole else []
    if not whole or (place.reshape(-1, variants) != np.arange(variants)).any() or any((row != row[:, :1]).any() for row in rows):
        raise UserError(f"raw rows of {kind!r:.60}: not every operation has each variant once: restore the trials or run again")


def read(path: Path) -> pa.Table:
    """The raw rows of a session. Raises `UserError`, one line, when the file holds anything else."""
    table = read_rows(path, SCHEMA)
    nulls = [name for name in SCHEMA.names if table[name].null_count]
    if nulls:
        raise damaged(path, f"column {nulls[0]} has empty fields")
    if table.num_rows and compute.min(table["latency_ns"]).as_py() < 1:
        raise damaged(path, "latency_ns is below 1")
    return table
