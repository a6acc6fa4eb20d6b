"""Wall time against messages: a stream of messages is driven to its end, with all that the harness does for each of them.

Several lanes run at a time on one thread, a channel always on the same lane. What is kept of a message is what the reference model
and the raw rows keep of it, and nothing else; the cyclic collector looks at what is new alone. So the time of a message must not
depend on how many were before it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

import psutil
import pyarrow as pa

from bench.drive.drivers import Links
from bench.drive.flights import Exchange
from bench.drive.loop import Ended, Loop
from bench.factors import DEFAULT
from bench.growth.stores import Ground
from bench.growth.stream import Stream
from bench.growth.world import SEND
from bench.latency.quiet import no_collection
from bench.latency.samples import Recorder
from bench.perform import check_outcome
from bench.progress import Advance
from bench.results.growth_schema import WallRow
from bench.write_path import WritePath
from workloads.operations import Context, Send

LANES = 10
"""Connections; the hundred channels are dealt out among them evenly."""

_COLLECTED_EVERY = 500
_TENTHS = 10
_BLOCKS = 20


@dataclass(frozen=True, slots=True)
class _Begun:
    operation: Send
    context: Context
    start_ns: int
    lane: int


class _Driver:
    """Begins an operation in each lane, and the next one where one ended."""

    def __init__(self, ground: Ground, stream: Stream, recorder: Recorder) -> None:
        (self._store,) = ground.stores.values()
        self._path = WritePath(self._store.design, DEFAULT, Exchange.SHARED)
        self._ground, self._stream, self._recorder = ground, stream, recorder
        self._kind = recorder.kind_index(SEND)
        self._left = [self._messages(lane) for lane in range(LANES)]
        self.ended = 0

    def drive(self, advance: Advance) -> Iterator[int]:
        """Yields the time of day, in nanoseconds, after each tenth of the messages."""
        tenth = -(-self._stream.messages // _TENTHS)
        with ExitStack() as stack:
            lanes = [stack.enter_context(self._store.links(Exchange.SHARED)) for _ in range(LANES)]
            loop = stack.enter_context(Loop())
            for lane in range(LANES):
                self._begin(loop, lanes, lane)
            while loop.running:
                for ended in loop.wait(None):
                    self._end(ended)
                    self._begin(loop, lanes, _begun(ended).lane)
                    if self.ended % tenth == 0 or self.ended == self._stream.messages:
                        advance(self.ended, self._stream.messages)
                        yield time.perf_counter_ns()

    def _messages(self, lane: int) -> Iterator[Send]:
        """The messages of a lane: its channels in turn, each message made when it is due."""
        ground = self._ground
        rooms = ground.world.all_rooms[lane::LANES]
        for number in range(lane, self._stream.messages, LANES):
            yield ground.speech.send(rooms[number // LANES % len(rooms)], *ground.clock.next())

    def _begin(self, loop: Loop, lanes: list[Links], lane: int) -> None:
        operation = next(self._left[lane], None)
        if operation is not None:
            context = self._ground.model.context(operation)
            start_ns = time.perf_counter_ns()
            loop.begin(lanes[lane], self._path.flights(operation, context), _Begun(operation, context, start_ns, lane))

    def _end(self, ended: Ended) -> None:
        begun = _begun(ended)
        check_outcome(self._stream.design, begun.operation, ended.completion, None)
        self._ground.applied(begun.operation, begun.context)
        block = self.ended * _BLOCKS // self._stream.messages
        self._recorder.add(self.ended, block, True, self._kind, 0, begun.lane, ended.end_ns - begun.start_ns)
        self.ended += 1
        if self.ended % _COLLECTED_EVERY == 0:
            gc.collect(0)


def drive(ground: Ground, stream: Stream, advance: Advance) -> tuple[WallRow, pa.Table]:
    """Drive the stream through the one store of a ground without messages; the proof of it is for the caller.

    Raises `InvalidMeasurement` when a message does not end as the model says.
    """
    recorder, process = Recorder([stream.design]), psutil.Process()
    with no_collection():
        driver = _Driver(ground, stream, recorder)
        memory_before, cpu_start_s, start_ns = process.memory_info().rss, time.process_time(), time.perf_counter_ns()
        marks = [start_ns, *driver.drive(advance)]
        cpu_s, memory_after = time.process_time() - cpu_start_s, process.memory_info().rss
    row = WallRow(
        design=stream.design,
        messages=driver.ended,
        repetition=stream.repetition,
        lanes=LANES,
        exchange=str(Exchange.SHARED),
        wall_s=(marks[-1] - marks[0]) / 1e9,
        tenths_s=[(after - before) / 1e9 for before, after in pairwise(marks)],
        cpu_s=cpu_s,
        memory_before_bytes=memory_before,
        memory_after_bytes=memory_after,
    )
    return row, recorder.table(0)


def _begun(ended: Ended) -> _Begun:
    if not isinstance(ended.token, _Begun):
        raise TypeError(f"{ended.token!r} is no token of ours")
    return ended.token
