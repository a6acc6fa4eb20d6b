"""Streams and rows for tests of runs by users."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from bench.load.recorder import Outcome, Recorder
from bench.load.stream import Step, Stream
from bench.workload_registry import Asked, workloads


def steps(count: int, seed: int = 3, messages: int = 400) -> list[Step]:
    """The first steps of a small chat."""
    (workload,) = workloads(Asked("chat", None, messages, 2), [seed])
    return Stream(workload, frozenset(), peer_delivery=True).take(count)


def rows(numbers: Sequence[int], process: int = 0, response_ns: int = 2_000_000, lag_ns: int = 1_000) -> pa.Table:
    """Rows of operations that went well, one a millisecond."""
    recorder = Recorder()
    for number in numbers:
        due = number * 1_000_000
        times = (due, due, due, due + lag_ns, due + response_ns)
        recorder.add(number, "send", times, Outcome.OK, None, 1, 0, process)
    return recorder.table(0, 0)
