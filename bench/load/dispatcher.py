"""The open-loop generator: begins each operation when it is due and its turn has come, whatever became of those before it.

One thread, one loop over all lanes. It sleeps until shortly before the next operation is due and from then on looks for answers all
the time, since a sleep may end late.
"""

from __future__ import annotations

import resource
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bench.drive.drivers import Completion, Links, Told
from bench.drive.flights import Flights
from bench.drive.loop import Ended, Loop
from bench.errors import InvalidMeasurement
from bench.load.recorder import Outcome, Recorder
from bench.load.run_queue import RunQueue
from bench.load.stream import Step
from bench.load.things import Thing
from bench.load.turns import Turns
from bench.perform import check_answer
from bench.retrying.policy import is_tried_again, told_of
from bench.server import failing
from workloads.operations import Context, Delete, Edit, Read, Reply, Send

SPIN_NS = 250_000
"""From so long before an operation is due on nothing sleeps: a sleep of this machine's kind ends up to so much late."""

WAIT_MAX_S = 1.0
"""The longest that is waited for an answer at once."""


class Performs(Protocol):
    """What a variant sends for one attempt of a step."""

    def flights(self, step: Step, context: Context | None) -> Flights: ...

    @property
    def name(self) -> str: ...

    @property
    def retry(self) -> int: ...


@dataclass(slots=True)
class Lost:
    """What is not there because an operation failed: later ones that need it are not issued.

    `messages` are keys; `things` those whose state nobody knows; `unread` channels whose answers are not compared any more.
    """

    messages: set[str] = field(default_factory=set)
    things: set[Thing] = field(default_factory=set)
    unread: set[Thing] = field(default_factory=set)

    def add(self, other: Lost) -> None:
        """Take over what another generator lost."""
        self.messages |= other.messages
        self.things |= other.things
        self.unread |= other.unread


@dataclass(frozen=True, slots=True)
class Effort:
    """What a stretch took the generator: its length, and for how much of that it had nothing to do.

    Idle is when it slept, waited for an answer without working, or looked for one in vain; not when it could have run and the
    system ran something else. `preempted` is how often the system took the CPU from it.
    """

    wall_ns: int
    idle_ns: int
    preempted: int


@dataclass(slots=True)
class _Run:
    """A step under way; `place` is that in the stretch."""

    place: int
    step: Step
    lane: int
    times_ns: tuple[int, int, int, int]
    context: Context | None
    completions: list[Completion]


@dataclass(slots=True)
class Dispatcher:
    """Begins the steps of stretches on lanes.

    `process` is the number of this generator among several, `lost` what it knows not to be there. `handicap` is called before each
    step begins: a generator made slow, to see whether that is noticed.
    """

    loop: Loop
    lanes: Sequence[Links]
    performs: Performs
    process: int = 0
    handicap: Callable[[], None] | None = None
    lost: Lost = field(default_factory=Lost)

    def run(self, steps: Sequence[Step], due_ns: NDArray[np.int64], start_ns: int, limit_ns: int, recorder: Recorder) -> Effort:
        """Perform the steps, each due so long after `start_ns` on the clock of `time.perf_counter_ns`; returns when all ended.

        `limit_ns` after the start nothing more is begun. Raises `InvalidMeasurement` when a step ends otherwise than the model says
        and for no reason that a server gives, `ServerFailed` when the server failed.
        """
        return _Stretch(self, steps, [int(due) for due in due_ns], start_ns, limit_ns, recorder).run()


class _Stretch:
    def __init__(
        self, of: Dispatcher, steps: Sequence[Step], due_ns: Sequence[int], start_ns: int, limit_ns: int, recorder: Recorder
    ) -> None:
        self._loop, self._lanes, self._performs, self._lost = of.loop, of.lanes, of.performs, of.lost
        self._process, self._handicap = of.process, of.handicap
        self._steps, self._due, self._recorder = steps, due_ns, recorder
        self._start_ns, self._limit_ns = start_ns, limit_ns
        self._turns = Turns()
        self._ready: deque[tuple[int, int]] = deque()
        self._free = deque((lane, 0) for lane in range(len(self._lanes)))
        self._idle_ns = 0
        self._queue = RunQueue()

    def run(self) -> Effort:
        with self._queue:
            return self._run()

    def _run(self) -> Effort:
        time.sleep(max(0, -self._now()) / 1e9)
        preempted = _preempted()
        arrived, count = 0, len(self._steps)
        while True:
            now = self._now()
            while arrived < count and self._due[arrived] <= now:
                if self._turns.arrive(arrived, self._steps[arrived].things):
                    self._ready.append((arrived, self._due[arrived]))
                arrived += 1
            if self._ready and self._free:
                self._begin()
                # Each beginning takes a while: what became due meanwhile must not wait for the others.
                self._settle(self._loop.wait(0) if self._loop.running else [])
            elif arrived == count and not self._loop.running:
                break
            else:
                self._wait(self._due[arrived] if arrived < count else None)
        return Effort(self._now(), self._idle_ns, _preempted() - preempted)

    def _now(self) -> int:
        return time.perf_counter_ns() - self._start_ns

    def _wait(self, next_due: int | None) -> None:
        """Until an operation ends, or the next one is due."""
        now = self._now()
        left_ns = round(WAIT_MAX_S * 1e9) if next_due is None else next_due - SPIN_NS - now
        if left_ns > 0:
            not_idle_ns = time.thread_time_ns() + self._queue.waited_ns()
            ended = self._blocked(min(left_ns / 1e9, WAIT_MAX_S))
            not_idle_ns = time.thread_time_ns() + self._queue.waited_ns() - not_idle_ns
            self._idle_ns += max(0, self._now() - now - not_idle_ns)
            self._settle(ended)
            return
        cpu_ns = time.thread_time_ns()
        ended = self._loop.wait(0) if self._loop.running else []
        if ended:
            self._settle(ended)
        else:
            # By the CPU's clock: what the system took meanwhile was not ours to look for answers in.
            self._idle_ns += time.thread_time_ns() - cpu_ns

    def _blocked(self, seconds: float) -> list[Ended]:
        if self._loop.running:
            return self._loop.wait(seconds)
        time.sleep(seconds)
        return []

    def _begin(self) -> None:
        place, ready_ns = self._ready.popleft()
        step = self._steps[place]
        cut = self._now() > self._limit_ns
        if cut or not self._may(step):
            outcome = Outcome.CUT if cut else Outcome.NOT_ISSUED
            times_ns = self._due[place], ready_ns, -1, -1, -1
            self._recorder.add(step.number, step.kind, times_ns, outcome, None, 0, -1, self._process)
            self._lose(step, unknown=False)
            self._pass_turn(place, ready_ns)
            return
        lane, free_ns = self._free.popleft()
        if self._handicap is not None:
            self._handicap()
        begun_ns = self._now()
        begun = self._due[place], ready_ns, max(ready_ns, free_ns), begun_ns
        self._send(_Run(place, step, lane, begun, step.context, []))

    def _send(self, run: _Run) -> None:
        self._loop.begin(self._lanes[run.lane], self._performs.flights(run.step, run.context), run)

    def _settle(self, ended: Sequence[Ended]) -> None:
        for one in ended:
            self._end(cast(_Run, one.token), one.completion, one.end_ns - self._start_ns)

    def _end(self, run: _Run, completion: Completion, end_ns: int) -> None:
        run.completions.append(completion)
        step = run.step
        if completion.told is not Told.OK:
            failing.check(f"{self._performs.name} performed {step.kind}", completion)
            if run.context is not None and is_tried_again(run.completions, self._performs.retry):
                run.context = replace(run.context, attempt=len(run.completions) + 1)
                self._send(run)
                return
        told = told_of(run.completions)
        outcome = self._outcome(step, told)
        self._recorder.add(
            step.number, step.kind, (*run.times_ns, end_ns), outcome, told.sqlstate, len(run.completions), run.lane, self._process
        )
        if outcome in (Outcome.FAIL, Outcome.INFO):
            self._lose(step, unknown=outcome is Outcome.INFO)
        self._free.append((run.lane, end_ns))
        self._pass_turn(run.place, end_ns)

    def _pass_turn(self, place: int, at_ns: int) -> None:
        self._ready.extend((following, max(at_ns, self._due[following])) for following in self._turns.leave(place))

    def _may(self, step: Step) -> bool:
        lost = self._lost
        if not lost.messages and not lost.things:
            return True
        return not lost.messages.intersection(step.needs) and not lost.things.intersection(step.things)

    def _lose(self, step: Step, *, unknown: bool) -> None:
        """What follows from an operation that did not happen, or of which nobody knows whether it did."""
        operation = step.operation
        if isinstance(operation, (Send, Reply)):
            self._lost.messages.add(operation.key)
        elif isinstance(operation, Edit):
            # Without the change the message is as it was; one that may be there in part makes all later ones unsure.
            self._lost.messages.update(step.needs if unknown else ())
        elif isinstance(operation, Delete):
            # Whatever comes later takes the message to be gone.
            self._lost.messages.update(step.needs)
        elif step.context is not None:
            self._lost.things.update(step.things)
        if step.context is not None:
            self._lost.unread.update(step.things)

    def _outcome(self, step: Step, told: Completion) -> Outcome:
        if told.told is Told.OK:
            if step.refused is not None:
                raise InvalidMeasurement(f"{self._performs.name}: {step.kind} {step.number} should be refused ({step.refused})")
            asked = step.operation
            if isinstance(asked, Read) and step.answer is not None and not self._lost.unread.intersection(step.things):
                check_answer(self._performs.name, asked, told, step.answer)
            return Outcome.OK
        if step.refused is not None and told.told is Told.FAIL:
            return Outcome.REFUSED
        if told.sqlstate is None:
            raise InvalidMeasurement(f"{self._performs.name}: {step.kind} {step.number} ended {told.told}: {told.reason}")
        return Outcome.INFO if told.told is Told.INFO else Outcome.FAIL


def _preempted() -> int:
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
