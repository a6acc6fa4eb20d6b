"""How many operations a second a generator would do for a design that does nothing, on a server that takes no time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bench.drive.drivers import Completion, Told
from bench.drive.flights import Flights
from bench.drive.loop import Ended
from bench.latency.quiet import no_collection
from bench.load.dispatcher import Dispatcher
from bench.load.feed import Listed
from bench.load.recorder import Recorder
from bench.load.stream import Step, Stream
from workloads.operations import Context
from workloads.workload import Workload

STEPS = 2_000
_LIMIT_S = 60.0
_DONE = Completion(Told.OK)


class _Nothing:
    """A design without statements: nothing is sent for a step."""

    name, retry = "nothing", 0

    def flights(self, step: Step, context: Context | None) -> Flights:
        del step, context
        return
        yield


class _Immediate:
    """Lanes on which every operation has ended as soon as it was begun."""

    spin_ns = 0

    def __init__(self, lanes: int) -> None:
        self._free = deque((lane, 0) for lane in range(lanes))
        self._ended: list[Ended] = []

    @property
    def any_free(self) -> bool:
        return bool(self._free)

    @property
    def running(self) -> int:
        return len(self._ended)

    def take(self) -> tuple[int, int]:
        return self._free.popleft()

    def give(self, lane: int, since_ns: int) -> None:
        self._free.append((lane, since_ns))

    def begin(self, lane: int, flights: Flights, token: object) -> None:
        del lane
        for _ in flights:
            pass
        self._ended.append(Ended(token, _DONE, time.perf_counter_ns()))

    def wait(self, timeout_s: float) -> list[Ended]:
        del timeout_s
        ended, self._ended = self._ended, []
        return ended


def ceiling_per_s(workload: Workload, connections: int, *, peer_delivery: bool) -> float:
    """The rate at which one generator gets through the first operations of a workload, all due at once: turns, due times and raw
    rows are as for a design, and nothing is sent. 0 for a workload without operations.
    """
    steps = _told_of_nothing(Stream(workload, frozenset(), peer_delivery=peer_delivery).take(STEPS))
    if not steps:
        return 0.0
    feed = Listed(steps, np.zeros(len(steps), np.int64), round(_LIMIT_S * 1e9))
    with no_collection():
        effort = Dispatcher(_Immediate(connections), _Nothing()).run(feed, time.perf_counter_ns(), Recorder())
    return len(steps) / (effort.wall_ns / 1e9)


def _told_of_nothing(steps: Sequence[Step]) -> list[Step]:
    """The same steps with nothing that an answer could be held against."""
    return [replace(step, refused=None, answer=None) for step in steps]
