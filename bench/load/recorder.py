"""What a point of load records: a column for each fact, a row for each operation that was due. Nothing is dropped."""

from __future__ import annotations

import enum
from array import array
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.results.files import damaged
from bench.results.raw_rows import read_rows


class Outcome(enum.StrEnum):
    """How an operation ended.

    REFUSED: as the model says it must. FAIL: an error, and nothing of it is stored. INFO: an error, and a part of it may be stored.
    NOT_ISSUED: what it is about is not there, because an earlier operation failed. CUT: the limit of the point was over before it
    could begin.
    """

    OK = "ok"
    REFUSED = "refused"
    FAIL = "fail"
    INFO = "info"
    NOT_ISSUED = "not_issued"
    CUT = "cut"


DONE = (Outcome.OK, Outcome.REFUSED)
"""Outcomes of operations that ended as they should."""

NEVER_BEGUN = (Outcome.NOT_ISSUED, Outcome.CUT)
"""Outcomes of operations that have neither start nor end."""

_TEXT = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("point", pa.int32()),
        ("warm", pa.bool_()),
        ("number", pa.int64()),
        ("kind", _TEXT),
        ("due_ns", pa.int64()),
        ("ready_ns", pa.int64()),
        ("lane_ns", pa.int64()),
        ("start_ns", pa.int64()),
        ("end_ns", pa.int64()),
        ("outcome", _TEXT),
        ("sqlstate", _TEXT),
        ("attempts", pa.int16()),
        ("lane", pa.int16()),
        ("process", pa.int16()),
    ]
)
"""Times are nanoseconds after the beginning of the point. `due_ns` was fixed before it. `ready_ns` is when it was due and what it
touches was free, `lane_ns` when a connection was free for it, too, `start_ns` when it was begun, `end_ns` when its last answer was
read. So `ready - due` is waiting for its channel, `lane - ready` for a connection, `start - lane` the generator's own lag,
`end - start` the service, and `end - due` the response: all of them together. Where both are free when an operation
is due, its lag is `start - due`. `warm` is false for the first stretch of a point, which is not analysed. What was never begun has
nothing after `ready_ns`, and 0 attempts."""

_TIMES = ("due_ns", "ready_ns", "lane_ns", "start_ns", "end_ns")
_SMALL = ("attempts", "lane", "process")


class Recorder:
    """Appends rows while a point is measured; cheap, since it stands between two operations."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._kinds: list[str] = []
        self._outcomes: list[str] = []
        self._sqlstates: list[str | None] = []
        self._times = {name: array("q") for name in _TIMES}
        self._small = {name: array("h") for name in _SMALL}

    def add(
        self,
        number: int,
        kind: str,
        times_ns: tuple[int, int, int, int, int],
        outcome: Outcome,
        sqlstate: str | None,
        attempts: int,
        lane: int,
        process: int,
    ) -> None:
        """One operation: `times_ns` are due, ready, lane, start and end; the last three are -1 for what was never begun."""
        self._numbers.append(number)
        self._kinds.append(kind)
        self._outcomes.append(outcome.value)
        self._sqlstates.append(sqlstate)
        for column, value in zip(self._times.values(), times_ns, strict=True):
            column.append(value)
        for small, value in zip(self._small.values(), (attempts, lane, process), strict=True):
            small.append(value)

    def table(self, point: int, warm_from_ns: int) -> pa.Table:
        """The rows as an Arrow table; what was due before `warm_from_ns` is warm-up."""
        n = len(self._numbers)
        times = {name: np.array(column, np.int64) for name, column in self._times.items()}
        columns = [
            pa.array(np.full(n, point, np.int32)),
            pa.array(times["due_ns"] >= warm_from_ns),
            pa.array(np.array(self._numbers, np.int64)),
            pa.array(self._kinds, pa.string()).dictionary_encode(),
            *(pa.array(values, mask=values < 0) for values in times.values()),
            pa.array(self._outcomes, pa.string()).dictionary_encode(),
            pa.array(self._sqlstates, pa.string()).dictionary_encode(),
            *(pa.array(np.array(values, np.int16)) for values in self._small.values()),
        ]
        return pa.Table.from_arrays(columns, schema=SCHEMA)


def joined(tables: list[pa.Table]) -> pa.Table:
    """The rows of several points or processes as one table; none give an empty one."""
    if not tables:
        return SCHEMA.empty_table()
    return pa.concat_tables([table.unify_dictionaries() for table in tables]).unify_dictionaries()


def read(path: Path) -> pa.Table:
    """Raw rows of a trial. Raises `UserError`, one line, when the file holds anything else."""
    table = read_rows(path, SCHEMA)
    _check(path, table)
    return table


def _check(path: Path, table: pa.Table) -> None:
    whole = (name for name in SCHEMA.names if name not in {"lane_ns", "start_ns", "end_ns", "sqlstate"})
    empty = [name for name in whole if table[name].null_count]
    if empty:
        raise damaged(path, f"column {empty[0]} has empty fields")
    unknown = set(table["outcome"].unique().to_pylist()) - set(Outcome)
    if unknown:
        raise damaged(path, f"outcome {min(unknown)!r:.60} is none of {', '.join(Outcome)}")
    issued = begun(table)
    times = [column(table, name) for name in _TIMES]
    if any((later[issued] < earlier[issued]).any() for earlier, later in pairwise(times)):
        raise damaged(path, "an operation ends before it begins, or begins before it is due")


def begun(table: pa.Table) -> NDArray[np.bool_]:
    """Which rows are of operations that were begun."""
    return ~np.isin(np.asarray(table["outcome"].to_pylist(), dtype=str), [outcome.value for outcome in NEVER_BEGUN])


def column(table: pa.Table, name: str) -> NDArray[np.int64]:
    """A column of times; what is not there is -1."""
    return np.asarray(table[name].fill_null(-1).to_numpy(), np.int64)
