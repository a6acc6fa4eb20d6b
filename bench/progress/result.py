"""The result of a run, on standard output: where the report is."""

from __future__ import annotations

from io import TextIOBase

from bench.progress.events import RunEnded, Told
from bench.visible import visible


class Result:
    """Says one line, when there is a report."""

    name = "standard output"

    def __init__(self, stream: TextIOBase) -> None:
        self._stream = stream

    def hear(self, told: Told) -> None:
        if isinstance(told.event, RunEnded) and told.event.report is not None:
            self._stream.write(f"report: {visible(told.event.report)}\n")
            self._stream.flush()

    def close(self) -> None:
        self._stream.flush()
