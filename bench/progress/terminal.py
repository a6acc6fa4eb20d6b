"""Progress on a terminal: the whole run, the phase and the trial, each with what is left, redrawn in place."""

from __future__ import annotations

from io import TextIOBase
from typing import IO, Any, cast

from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bench.console import BreakingConsole
from bench.progress.events import (
    HowFar,
    Line,
    PhaseBegan,
    PhaseEnded,
    PhaseFailed,
    Told,
    TrialBegan,
    TrialFailed,
    TrialKept,
    TrialStored,
)
from bench.spans import duration
from bench.visible import visible


class Terminal:
    """Drawn when something is told and never by a thread, which would take turns with what is measured."""

    name = "progress"

    def __init__(self, stream: TextIOBase, **console: Any) -> None:
        self._console = BreakingConsole(
            file=cast("IO[str]", stream), soft_wrap=True, highlight=False, force_terminal=True, **console
        )
        self._live: Live | None = None
        self._phase: PhaseBegan | None = None
        self._phase_began_s = 0.0
        self._how_far: HowFar | None = None
        self._trial: str | None = None

    def hear(self, told: Told) -> None:
        match told.event:
            case PhaseBegan() as began:
                self._begin(began, told)
            case PhaseEnded(phase, budget_s, took_s):
                self._end(f"{phase}: took {took_s:.1f} s of {budget_s:.0f} s")
            case PhaseFailed(phase, _, took_s, outcome):
                self._end(f"{phase}: {outcome} after {took_s:.1f} s")
            case HowFar() as how_far:
                self._how_far = how_far
                self._draw(told)
            case TrialBegan(trial):
                self._trial = trial
                self._draw(told)
            case TrialStored() | TrialKept():
                self._trial = None
            case TrialFailed(trial, _, outcome):
                self._trial = None
                self._say(f"{trial}: {outcome}")
            case Line(text):
                self._say(text)
            case _:
                pass

    def close(self) -> None:
        """Gives the terminal back as it was."""
        live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _begin(self, began: PhaseBegan, told: Told) -> None:
        self._phase, self._how_far, self._phase_began_s = began, None, told.elapsed_s
        if self._live is None:
            self._live = Live(
                console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._live.start()
        self._draw(told)

    def _end(self, text: str) -> None:
        """Between phases nothing is drawn, so that whatever ends the program then leaves a whole terminal behind."""
        self.close()
        self._phase = self._how_far = None
        self._say(text)

    def _say(self, text: str) -> None:
        self._console.print(Text(visible(text)))

    def _draw(self, told: Told) -> None:
        if self._live is None or self._phase is None:
            return
        in_phase_s = told.elapsed_s - self._phase_began_s
        if self._how_far is None:
            done, phase_left_s, run_left_s = 0.0, max(self._phase.budget_s - in_phase_s, 0.0), self._phase.run_left_s
        else:
            done, phase_left_s, run_left_s = self._how_far.done, self._how_far.phase_left_s, self._how_far.run_left_s
        whole_s = told.elapsed_s + run_left_s
        rows = Table.grid(padding=(0, 1))
        rows.add_row(*_row("run", told.elapsed_s / whole_s if whole_s > 0 else 0.0, told.elapsed_s, run_left_s))
        rows.add_row(*_row(f"{self._phase.phase} (budget {self._phase.budget_s:.0f} s)", done, in_phase_s, phase_left_s))
        if self._trial is not None:
            rows.add_row(Text(f"trial {visible(self._trial)}", overflow="ellipsis", no_wrap=True))
        self._live.update(rows, refresh=True)


def _row(what: str, done: float, elapsed_s: float, left_s: float) -> tuple[Text | ProgressBar, ...]:
    return (
        Text(visible(what), overflow="ellipsis", no_wrap=True),
        ProgressBar(total=1.0, completed=done, width=24),
        Text(f"{done:>4.0%}"),
        Text(duration(elapsed_s)),
        Text(f"left {duration(left_s)}"),
    )
