"""What a process that has users does in a run: it draws its part, warms its connections, performs, and tells what came of it.

Everything that is sent goes through `send`; who carries it does not matter here.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import Any

import gevent  # type: ignore[import-untyped]  # it has no types
from gevent.event import Event  # type: ignore[import-untyped]  # it has no types

from bench.drive.drivers import Links
from bench.drive.link import Link
from bench.load.crew import TROUBLES, trouble
from bench.load.dispatcher import Dispatcher, Effort
from bench.load.readying import warm
from bench.load.recorder import Outcome, Recorder
from bench.load.things import Thing
from bench.swarm import journal
from bench.swarm.crossing import Crossing
from bench.swarm.crowd import Crowd
from bench.swarm.dealing import Dealer
from bench.swarm.digests import Summing
from bench.swarm.drawing import drawn, places, schedule, steps
from bench.swarm.greening import give_way
from bench.swarm.plan import Plan
from bench.swarm.sampling import SAMPLE_S, sample
from bench.swarm.spool import Spool
from variants.contract import Side

FLUSH_S = 1.0
"""Rows are sent so often: a worker that dies takes no more than these with it."""

Send = Callable[[str, dict[str, Any]], None]
Tell = Callable[[str, float, bool], None]
"""Is told of each operation that was performed: its kind, its response in milliseconds, and whether it ended as it should."""


class Player:
    """One process's part of one run; make it, `go`, and `finish` it."""

    def __init__(self, plan: Plan, process: int, conninfo: str, send: Send, tell: Tell) -> None:
        """Draw the part, open its connections and warm them; that takes long, and others run meanwhile."""
        self._plan, self._process, self._send, self._tell = plan, process, send, tell
        self._stack = ExitStack()
        try:
            self._prepare(conninfo)
        except BaseException:
            self._stack.close()
            raise

    def _prepare(self, conninfo: str) -> None:
        plan = self._plan
        made = drawn(plan, give_way)
        stream = made.stream()
        self._spool = self._stack.enter_context(Spool.opened())
        dealer, own = Dealer(plan.processes), Summing()
        numbers: list[int] = []
        times_ms: list[int] = []
        behind: dict[int, list[int]] = {}
        self._followers: dict[int, dict[int, None]] = {}
        for step in steps(plan, stream, give_way):
            dealt = dealer.deal(step)
            times_ms.append(step.at_ms)
            for process, number in dealt.behind:
                if process == self._process:
                    self._followers.setdefault(number, {})[dealt.process] = None
            if dealt.process == self._process:
                own.add(step)
                self._spool.write(step)
                numbers.append(step.number)
                if dealt.behind:
                    behind[step.number] = [number for _, number in dealt.behind]
        self.part = own.part
        due_ns = schedule(plan, times_ms)
        self._spool.ready(due_ns[places(numbers, len(stream.setup))], plan.limit_ns)
        share = plan.share(self._process)
        exchange = made.variation.path.exchange
        links = [self._stack.enter_context(closing(Link(conninfo, exchange))) for _ in share.lanes]
        warm(made.variation, stream.setup, share, links)
        lanes: list[Links] = [{Side.CENTRAL: link, Side.AGENT: link} for link in links]
        self.crowd = Crowd(lanes)
        self._stack.callback(self.crowd.close)
        self._crossing = Crossing(behind, self._ended_for_others, self._followers)
        self._dispatcher = Dispatcher(self.crowd, made.variation, self._process)
        self._recorder = Recorder()
        self._sent = 0
        self._playing: Any = None
        self._over: Any = Event()
        self._is_finished = False
        gc.collect()
        # What is there now stays; the collections of the run have only its own to look through.
        gc.freeze()
        gc.disable()

    @property
    def run(self) -> int:
        """The number of the run."""
        return self._plan.run

    def tell_ready(self) -> None:
        """Tell which part of the stream was drawn."""
        self._say("prepared", operations=self.part.operations, digest=self.part.digest)

    def go(self, in_s: float) -> None:
        """Begin so long from now."""
        start_ns = time.perf_counter_ns() + round(in_s * 1e9)
        self._playing = gevent.spawn(self._play, start_ns)

    def ended_elsewhere(self, numbers: Sequence[int], things: Sequence[Thing], unread: Sequence[Thing]) -> None:
        """Steps of other processes have ended, after which these things are in a state that nobody knows."""
        self._dispatcher.lost.things.update(things)
        self._dispatcher.lost.unread.update(unread)
        self._crossing.ended(numbers)
        self.crowd.wake()

    def finish(self) -> None:
        """Begin nothing more, wait for what is under way, and send what is left to send. Twice is fine."""
        self._spool.stop()
        self._crossing.abandon()
        self.crowd.wake()
        if self._playing is not None:
            self._playing.join()
        elif not self._is_finished:
            self._end(Effort(0, 0, 0))
        if not self._is_finished:
            self._is_finished = True
            self._stack.close()
            gc.enable()
            gc.unfreeze()

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
        """What `bench.load.recorder.Recorder` is told, told to Locust's page, too."""
        self._recorder.add(number, kind, times_ns, outcome, sqlstate, attempts, lane, process)
        if times_ns[-1] >= 0:
            self._tell(kind, (times_ns[-1] - times_ns[0]) / 1e6, outcome in (Outcome.OK, Outcome.REFUSED))

    def _play(self, start_ns: int) -> None:
        flushing = gevent.spawn(self._flush_now_and_then)
        sampling = gevent.spawn(self._sample_now_and_then, start_ns)
        try:
            effort = self._dispatcher.run(self._spool, start_ns, self, self._crossing)
        except TROUBLES as error:
            told = trouble(error)
            self._flush()
            self._say("failed", kind=told.kind, text=told.text, lines=list(told.lines))
            return
        finally:
            # What is being sent is sent to its end.
            self._over.set()
            gevent.joinall([flushing, sampling])
        self._flush()
        self._end(effort)

    def _end(self, effort: Effort) -> None:
        told = {"wall_ns": effort.wall_ns, "idle_ns": effort.idle_ns, "preempted": effort.preempted}
        self._say("ended", batches=self._sent, stopped=int(self._spool.is_stopped), **told)

    def _flush_now_and_then(self) -> None:
        while not self._over.wait(FLUSH_S):
            self._flush()
            # In its own time, and not amid an operation's answers.
            gc.collect()

    def _sample_now_and_then(self, start_ns: int) -> None:
        while not self._over.wait(SAMPLE_S):
            self._say("sample", **sample(self._process, start_ns))

    def _flush(self) -> None:
        """Send the rows since the last time."""
        recorder, self._recorder = self._recorder, Recorder()
        table = recorder.table(0, 0)
        if table.num_rows:
            self._sent += 1
            self._say("rows", rows=journal.packed(table))

    def _ended_for_others(self, number: int, processes: Sequence[int]) -> None:
        # What others build on is told to be done before they do.
        self._flush()
        lost = self._dispatcher.lost
        self._say("pass", to=list(processes), numbers=[number], things=sorted(lost.things), unread=sorted(lost.unread))

    def _say(self, kind: str, /, **told: Any) -> None:
        self._send(kind, {"run": self._plan.run, "process": self._process} | told)
