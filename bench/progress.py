"""What a run tells while it goes on: phases with their budgets, how far they are, and the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.results.schema import Phase
from bench.visible import visible


class Advance(Protocol):
    """Tells how far a phase is."""

    def __call__(self, done: float, total: float) -> None:
        """`done` of `total`, in any unit."""


class Reporter(Protocol):
    """Hears of phases and lines; `took` is what the finished phases needed."""

    took: list[Phase]

    def phase(self, name: str, budget_s: float) -> AbstractContextManager[Advance]:
        """A phase begins and, with the context, ends; calling what it gives with (done, total) tells how far it is."""

    def line(self, text: str) -> None:
        """Something worth a line of its own."""


class PlainReporter:
    """Lines with the elapsed time, for logs: one when a phase begins and one when it ends, and now and then between."""

    EVERY_S = 15.0

    def __init__(self, console: Console) -> None:
        self._console = console
        self._start_s = time.monotonic()
        self.took: list[Phase] = []

    @contextmanager
    def phase(self, name: str, budget_s: float) -> Iterator[Advance]:
        """A phase, told by lines."""
        begin_s = told_s = time.monotonic()
        self.line(f"{name}: budget {budget_s:.0f} s")

        def advance(done: float, total: float) -> None:
            nonlocal told_s
            now_s = time.monotonic()
            if now_s - told_s >= self.EVERY_S and done > 0:
                told_s = now_s
                left_s = (now_s - begin_s) * (total - done) / done
                self.line(f"{name}: {done / total:.0%}, about {left_s:.0f} s left")

        yield advance
        took_s = time.monotonic() - begin_s
        self.took.append(Phase(name=name, budget_s=budget_s, took_s=round(took_s, 3)))
        self.line(f"{name}: took {took_s:.1f} s of {budget_s:.0f} s")

    def line(self, text: str) -> None:
        """The text behind the seconds since the start."""
        self._console.print(f"[{time.monotonic() - self._start_s:6.1f} s] {visible(text)}", markup=False, highlight=False)


class TerminalReporter:
    """A bar a phase, with the time left."""

    EVERY_S = 0.5

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self._console = console
        self._columns = columns
        self.took: list[Phase] = []

    @contextmanager
    def phase(self, name: str, budget_s: float) -> Iterator[Advance]:
        """A phase, drawn as a bar."""
        begin_s = drawn_s = time.monotonic()
        # Drawn only when a phase says how far it is: a thread that draws would take turns with what is measured.
        with Progress(*self._columns, console=self._console, auto_refresh=False) as progress:
            task: TaskID = progress.add_task(f"{name} (budget {budget_s:.0f} s)", total=None)
            progress.refresh()

            def advance(done: float, total: float) -> None:
                nonlocal drawn_s
                now_s = time.monotonic()
                due = now_s - drawn_s >= self.EVERY_S
                progress.update(task, completed=1000 * done / total, total=1000, refresh=due)
                drawn_s = now_s if due else drawn_s

            yield advance
        self.took.append(Phase(name=name, budget_s=budget_s, took_s=round(time.monotonic() - begin_s, 3)))

    def line(self, text: str) -> None:
        """The text, above the bars."""
        self._console.print(visible(text), markup=False, highlight=False)


def reporter() -> Reporter:
    """Bars on a terminal, lines elsewhere; both on standard error, so that standard output stays for results."""
    console = Console(file=sys.stderr, soft_wrap=True)
    return TerminalReporter(console) if console.is_terminal else PlainReporter(console)
