"""What `verify` prints: a line for each property, and the shortest example of each broken one."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Self

from bench.console import BreakingConsole
from bench.verify.properties import SENTENCES, Fault, Property, Verdict
from bench.verify.wording import worded
from bench.visible import visible

SHOWN_LINES = 40
"""Lines of what was found, and operations of an example, that are printed."""


class Printer:
    """Prints verdicts as they come, keeps the broken ones, and hears what the design itself prints."""

    def __init__(self, console: BreakingConsole) -> None:
        self._console = console
        self._heard = io.StringIO()
        self.broken: list[Fault] = []

    @classmethod
    def for_terminal(cls) -> Self:
        """A printer to what is standard output now, whatever a design does to it later."""
        return cls(BreakingConsole(file=sys.stdout, soft_wrap=True, highlight=False))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """What is printed meanwhile is the design's doing: it is kept from the terminal."""
        with redirect_stdout(self._heard), redirect_stderr(self._heard):
            yield

    def silence(self) -> None:
        """The verdict over what the design printed."""
        heard = self._heard.getvalue()
        fault = Fault(Property.SILENCE, "nothing printed", f"printed {heard[:200]!r}") if heard else None
        self.verdict(Verdict(Property.SILENCE, fault))

    def verdict(self, verdict: Verdict) -> None:
        """One line, and below it the example of a broken promise."""
        word = "[green]ok[/]" if verdict.holds else "[bold red]FAILED[/]" if verdict.fault else "[yellow]not checked[/]"
        rest = f": {verdict.not_checked}" if verdict.not_checked else ""
        self._console.print(f"{verdict.promise:<15} {word}{rest}  [dim]{SENTENCES[verdict.promise]}[/]")
        if verdict.fault is not None:
            self.broken.append(verdict.fault)
            self._example(verdict.fault)

    def summary(self, design: str) -> str:
        """All that is broken in one line: the first fault in full, the others by name."""
        first, *others = self.broken
        (found, *_) = first.found.splitlines() or [""]
        where = f"{worded(first.read)}: " if first.read is not None else ""
        also = f"; also broken: {', '.join(fault.promise for fault in others)}" if others else ""
        return f"{design}: {first.promise}: {where}{found:.300}; expected {first.expected:.200}{also}"

    def _example(self, fault: Fault) -> None:
        if fault.way is not None:
            self._line(f"run {fault.way}:")
        for number, write in enumerate(fault.writes[:SHOWN_LINES], start=1):
            self._line(f"{number:>3}. {worded(write)}")
        if len(fault.writes) > SHOWN_LINES:
            self._line(f"     ... and {len(fault.writes) - SHOWN_LINES} more")
        if fault.read is not None:
            self._line(f"  -> {worded(fault.read)}")
        self._line(f"expected: {fault.expected}")
        found = fault.found.splitlines()
        for place, line in enumerate(found[:SHOWN_LINES]):
            self._line(f"{'found:' if place == 0 else '':<9} {line}")
        if len(found) > SHOWN_LINES:
            self._line(f"          ... and {len(found) - SHOWN_LINES} more")

    def _line(self, text: str) -> None:
        self._console.print(f"    {visible(text)}", markup=False)
