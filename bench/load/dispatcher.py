"""The open-loop generator: begins each operation when it is due and its turn has come, whatever became of those before it.

It sleeps until shortly before the next operation is due and from then on looks for answers all the time, since a sleep may end
late. Where steps come from, who performs them and whose turn it is are given to it (`bench.load.lanes`, `feed`, `turns`).
"""

from __future__ import annotations

import resource
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

from bench.drive.drivers import Completion, Told
from bench.drive.flights import Flights
from bench.drive.loop import Ended
from bench.errors import InvalidMeasurement
from bench.load.feed import Feed
from bench.load.lanes import Lanes
from bench.load.recorder import Outcome
from bench.load.run_queue import RunQueue
from bench.load.stream import Step
from bench.load.things import Thing
from bench.load.turns import Turning, Turns
from bench.perform import check_answer
from bench.retrying.policy import is_tried_again, told_of
from bench.server import failing
from workloads.operations import Context, Delete, Edit, Read, Reply, Send

WAIT_MAX_S = 1.0
"""The longest that is waited for an answer at once."""


class Performs(Protocol):
    """What a variant sends for one attempt of a step."""

    def flights(self, step: Step, context: Context | None) -> Flights: ...

    @property
    def name(self) -> str: ...

    @property
    def retry(self) -> int: ...


class Records(Protocol):
    """Who is told of every operation that was due: `bench.load.recorder.Recorder`."""

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
    ) -> None: ...


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
class _Held:
    """A step that was due and has not ended; from `ready_ns` on its turn had come."""

    step: Step
    due_ns: int
    ready_ns: int = -1


@dataclass(slots=True)
class _Run:
    """A step under way."""

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

    lanes: Lanes
    performs: Performs
    process: int = 0
    handicap: Callable[[], None] | None = None
    lost: Lost = field(default_factory=Lost)

    def run(self, feed: Feed, start_ns: int, recorder: Records, turns: Turning | None = None) -> Effort:
        """Perform the steps, each due so long after `start_ns` on the clock of `time.perf_counter_ns`; returns when all ended.

        `turns` says whose turn it is; absent, those of this stretch alone. Raises `InvalidMeasurement` when a step ends otherwise
        than the model says and for no reason that a server gives, `ServerFailed` when the server failed.
        """
        return _Stretch(self, feed, start_ns, recorder, Turns() if turns is None else turns).run()


class _Stretch:
    def __init__(self, of: Dispatcher, feed: Feed, start_ns: int, recorder: Records, turns: Turning) -> None:
        self._lanes, self._performs, self._lost = of.lanes, of.performs, of.lost
        self._process, self._handicap = of.process, of.handicap
        self._feed, self._recorder = feed, recorder
        self._start_ns = start_ns
        self._turns = turns
        self._held: dict[int, _Held] = {}
        self._ready: deque[int] = deque()
        self._idle_ns = 0
        self._queue = RunQueue()

    def run(self) -> Effort:
        with self._queue:
            return self._run()

    def _run(self) -> Effort:
        time.sleep(max(0, -self._now()) / 1e9)
        preempted = _preempted()
        while True:
            now = self._now()
            due_ns = self._feed.due_ns
            while due_ns is not None and due_ns <= now:
                step = self._feed.take()
                self._held[step.number] = _Held(step, due_ns)
                if self._turns.arrive(step.number, step.things):
                    self._is_ready(step.number, due_ns)
                due_ns = self._feed.due_ns
            for number in self._turns.released():
                self._is_ready(number, now)
            if self._ready and (self._lanes.any_free or self._feed.is_cut(now)):
                self._begin()
                # Each beginning takes a while: what became due meanwhile must not wait for the others.
                self._settle(self._lanes.wait(0) if self._lanes.running else [])
            elif due_ns is None and not self._held:
                break
            else:
                self._wait(due_ns)
        return Effort(self._now(), self._idle_ns, _preempted() - preempted)

    def _now(self) -> int:
        return time.perf_counter_ns() - self._start_ns

    def _is_ready(self, number: int, at_ns: int) -> None:
        held = self._held[number]
        held.ready_ns = max(at_ns, held.due_ns)
        self._ready.append(number)

    def _wait(self, next_due: int | None) -> None:
        """Until an operation ends, or the next one is due."""
        now = self._now()
        left_ns = round(WAIT_MAX_S * 1e9) if next_due is None else next_due - self._lanes.spin_ns - now
        if left_ns > 0:
            if not self._lanes.running:
                # Whoever is answered meanwhile would have to wait; so would the server, for a CPU that it could have.
                self._feed.look_ahead()
            not_idle_ns = time.thread_time_ns() + self._queue.waited_ns()
            ended = self._lanes.wait(min(left_ns / 1e9, WAIT_MAX_S))
            not_idle_ns = time.thread_time_ns() + self._queue.waited_ns() - not_idle_ns
            self._idle_ns += max(0, self._now() - now - not_idle_ns)
            self._settle(ended)
            return
        cpu_ns = time.thread_time_ns()
        ended = self._lanes.wait(0)
        if ended:
            self._settle(ended)
        else:
            # By the CPU's clock: what the system took meanwhile was not ours to look for answers in.
            self._idle_ns += time.thread_time_ns() - cpu_ns

    def _begin(self) -> None:
        held = self._held[self._ready.popleft()]
        step = held.step
        cut = self._feed.is_cut(self._now())
        if cut or not self._may(step):
            outcome = Outcome.CUT if cut else Outcome.NOT_ISSUED
            times_ns = held.due_ns, held.ready_ns, -1, -1, -1
            self._recorder.add(step.number, step.kind, times_ns, outcome, None, 0, -1, self._process)
            self._lose(step, unknown=False)
            self._pass_turn(step, held.ready_ns)
            return
        lane, free_ns = self._lanes.take()
        if self._handicap is not None:
            self._handicap()
        begun_ns = self._now()
        # A lane that was free before the stretch began was free when the step was ready.
        begun = held.due_ns, held.ready_ns, max(held.ready_ns, free_ns - self._start_ns), begun_ns
        self._send(_Run(step, lane, begun, step.context, []))

    def _send(self, run: _Run) -> None:
        self._lanes.begin(run.lane, self._performs.flights(run.step, run.context), run)

    def _settle(self, ended: Sequence[Ended]) -> None:
        for one in ended:
            self._end(cast(_Run, one.token), one.completion, one.end_ns)

    def _end(self, run: _Run, completion: Completion, ended_ns: int) -> None:
        run.completions.append(completion)
        step, end_ns = run.step, ended_ns - self._start_ns
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
        self._lanes.give(run.lane, ended_ns)
        self._pass_turn(step, end_ns)

    def _pass_turn(self, step: Step, at_ns: int) -> None:
        del self._held[step.number]
        for following in self._turns.leave(step.number):
            self._is_ready(following, at_ns)

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
