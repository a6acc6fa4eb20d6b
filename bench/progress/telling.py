"""The teller: hands what happens to whoever listens, and keeps a listener that fails from hurting a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Protocol

from bench.progress.events import (
    Event,
    HowFar,
    Line,
    Outcome,
    PhaseBegan,
    PhaseEnded,
    PhaseFailed,
    PlannedPhase,
    RunDescribed,
    RunPlanned,
    Told,
    TrialBegan,
    TrialFailed,
    TrialKept,
    TrialStored,
)
from bench.progress.remaining import Remaining
from bench.results.run_record import RunRecord
from bench.results.schema import Phase

EVERY_S = 0.5
"""How often a phase that says how far it is gets a hearing: listeners take time from what is measured."""


class Advance(Protocol):
    """Tells how far a phase is."""

    def __call__(self, done: float, total: float) -> None:
        """`done` of `total`, in any unit."""


class Reporter(Protocol):
    """What those who measure see of a teller."""

    took: list[Phase]

    def phase(self, name: str, budget_s: float) -> AbstractContextManager[Advance]:
        """A phase begins and, with the context, ends; calling what it gives with (done, total) tells how far it is."""

    def trial(self, name: str) -> AbstractContextManager[None]:
        """A trial begins and, with the context, is stored."""

    def kept(self, name: str) -> None:
        """A trial of an earlier attempt is not measured again."""

    def line(self, text: str, logged: str | None = None) -> None:
        """Something worth a line of its own; the run log holds `logged` of it: our own words and figures alone."""


class Listener(Protocol):
    """Hears every event. What it raises as OSError or ValueError (a closed stream) ends its listening, not the run.

    `name` says what the user loses then.
    """

    @property
    def name(self) -> str:
        """Such as `the run log`."""

    def hear(self, told: Told) -> None:
        """One event."""

    def close(self) -> None:
        """Nothing more will be told."""


class Teller:
    """Tells events to listeners in the order in which they came.

    `took` is what the phases that came to an end needed; `current` names the trial that goes on, or that failed.
    """

    def __init__(
        self,
        *listeners: Listener,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.took: list[Phase] = []
        self.current: str | None = None
        self._listeners = list(listeners)
        self._clock = clock
        self._now = now
        self._start_s = clock()
        self._kept: list[Told] = []
        self._remaining = Remaining()

    def listen(self, listener: Listener) -> None:
        """One more listens; it hears first what was told before, but how far phases were."""
        self._listeners.append(listener)
        for told in tuple(self._kept):
            if listener in self._listeners:
                self._hand(listener, told)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """One more listens for as long as the block lasts."""
        self.listen(listener)
        try:
            yield
        finally:
            if listener in self._listeners:
                self._listeners.remove(listener)
            with suppress(OSError, ValueError):
                listener.close()

    def hears(self, listener: Listener) -> bool:
        """Whether it still listens: one that failed does not."""
        return listener in self._listeners

    def plan(
        self,
        phases: Mapping[str, float],
        result_bytes: int | None = None,
        database_bytes: int | None = None,
        disk_free_bytes: int | None = None,
    ) -> None:
        """Phases to come with their budgets in seconds; the bytes are upper bounds, and what is free below the results."""
        planned = tuple(PlannedPhase(name, budget_s) for name, budget_s in phases.items())
        self.tell(RunPlanned(planned, result_bytes, database_bytes, disk_free_bytes))

    def describe(self, record: RunRecord) -> None:
        """What is measured, where and by what."""
        told = RunDescribed(record.code, record.seed, tuple(record.designs), record.configuration, record.machine, record.server)
        self.tell(told)

    def tell(self, event: Event) -> None:
        """Hand an event to all listeners; one that fails is left out from then on, and the others are told."""
        told = Told(event, self._now(), self._clock() - self._start_s)
        if isinstance(event, RunPlanned):
            self._remaining.plan(event.phases)
        if not isinstance(event, HowFar):
            self._kept.append(told)
        for listener in tuple(self._listeners):
            self._hand(listener, told)

    def close(self) -> None:
        """Nothing more is told; every listener puts away what it holds."""
        for listener in self._listeners:
            with suppress(OSError, ValueError):
                listener.close()
        self._listeners.clear()

    @contextmanager
    def phase(self, name: str, budget_s: float) -> Iterator[Advance]:
        """A phase; one that an exception ends is told as failed or interrupted, and is not among those that `took`."""
        begin_s = heard_s = self._clock()
        self._remaining.began(name)
        self.tell(PhaseBegan(name, budget_s, self._left_s(budget_s, 0.0, 0.0)[1]))

        def advance(done: float, total: float) -> None:
            nonlocal heard_s
            now_s = self._clock()
            if now_s - heard_s >= EVERY_S and total > 0:
                heard_s = now_s
                self._how_far(name, budget_s, now_s - begin_s, min(max(done / total, 0.0), 1.0))

        try:
            yield advance
        except BaseException as error:
            self.tell(PhaseFailed(name, budget_s, self._since(begin_s), ended_by(error)))
            raise
        took_s = self._since(begin_s)
        self._remaining.ended(budget_s, took_s)
        self.took.append(Phase(name=name, budget_s=budget_s, took_s=took_s))
        self.tell(PhaseEnded(name, budget_s, took_s))

    @contextmanager
    def trial(self, name: str) -> Iterator[None]:
        """A trial; it is told as stored only when the block ends without an exception."""
        begin_s = self._clock()
        self.current = name
        self.tell(TrialBegan(name))
        try:
            yield
        except BaseException as error:
            self.tell(TrialFailed(name, self._since(begin_s), ended_by(error)))
            raise
        self.current = None
        self.tell(TrialStored(name, self._since(begin_s)))

    def kept(self, name: str) -> None:
        """A trial of an earlier attempt is not measured again."""
        self.tell(TrialKept(name))

    def line(self, text: str, logged: str | None = None) -> None:
        """Words for people; the run log holds `logged` of it: our own words and figures alone."""
        self.tell(Line(text, logged))

    def _how_far(self, name: str, budget_s: float, elapsed_s: float, done: float) -> None:
        self.tell(HowFar(name, round(done, 4), *self._left_s(budget_s, elapsed_s, done)))

    def _left_s(self, budget_s: float, elapsed_s: float, done: float) -> tuple[float, float]:
        """Of the phase and of the run."""
        phase_s = self._remaining.phase_s(budget_s, elapsed_s, done)
        return round(phase_s, 1), round(self._remaining.run_s(phase_s), 1)

    def _since(self, begin_s: float) -> float:
        return round(self._clock() - begin_s, 3)

    def _hand(self, listener: Listener, told: Told) -> None:
        """A listener that fails is left out from then on, and the others hear of it."""
        if listener not in self._listeners:
            return
        try:
            listener.hear(told)
        except (OSError, ValueError) as error:
            self._listeners.remove(listener)
            with suppress(OSError, ValueError):
                listener.close()
            why = error.strerror if isinstance(error, OSError) and error.strerror else "it is closed"
            self.line(f"{listener.name} goes no further ({why}); the run goes on", f"{listener.name} goes no further")


def ended_by(error: BaseException) -> Outcome:
    """An Exception is a failure; what is none, such as a signal, interrupts."""
    return Outcome.FAILED if isinstance(error, Exception) else Outcome.INTERRUPTED
