"""A console that fails like any other stream."""

from __future__ import annotations

from rich.console import Console


class BreakingConsole(Console):
    """A console that tells its writer when the other end is gone; rich's own would end the program with 1."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 - rich calls this where it handles the error
