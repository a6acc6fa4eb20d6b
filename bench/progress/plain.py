"""Progress as lines with the elapsed time, for logs and wherever there is no terminal."""

from __future__ import annotations

from io import TextIOBase

from bench.progress.events import HowFar, Line, PhaseBegan, PhaseEnded, PhaseFailed, RunEnded, Told, TrialFailed
from bench.spans import duration
from bench.visible import visible


class Plain:
    """A line when a phase begins and when it ends, and now and then between; each behind the seconds since the start."""

    EVERY_S = 15.0
    name = "progress"

    def __init__(self, stream: TextIOBase) -> None:
        self._stream = stream
        self._told_s = 0.0

    def hear(self, told: Told) -> None:
        match told.event:
            case PhaseBegan(phase, budget_s, _):
                self._told_s = told.elapsed_s
                self._line(told, f"{phase}: budget {budget_s:.0f} s")
            case PhaseEnded(phase, budget_s, took_s):
                self._line(told, f"{phase}: took {took_s:.1f} s of {budget_s:.0f} s")
            case PhaseFailed(phase, _, took_s, outcome):
                self._line(told, f"{phase}: {outcome} after {took_s:.1f} s")
            case TrialFailed(trial, _, outcome):
                self._line(told, f"{trial}: {outcome}")
            case HowFar(phase, done, phase_left_s, run_left_s) if told.elapsed_s - self._told_s >= self.EVERY_S:
                self._told_s = told.elapsed_s
                left = f"about {phase_left_s:.0f} s left, of the run {duration(run_left_s)}"
                self._line(told, f"{phase}: {done:.0%}, {left}")
            case Line(text):
                self._line(told, text)
            case RunEnded():
                self._stream.flush()
            case _:
                pass

    def close(self) -> None:
        self._stream.flush()

    def _line(self, told: Told, text: str) -> None:
        self._stream.write(f"[{told.elapsed_s:6.1f} s] {visible(text)}\n")
