"""Tables on a terminal, and as plain lines where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

PLAIN_WIDTH = 220
"""Columns where there is no terminal, so that no line of a table is broken."""


def show(page: Callable[[int], Iterable[RenderableType]]) -> None:
    """Print the parts of a page, made for a width in columns; plain lines end with their last letter."""
    from bench.console import BreakingConsole

    console = BreakingConsole(highlight=False)
    if console.is_terminal:
        for part in page(console.width):
            console.print(part)
        return
    console.width = PLAIN_WIDTH
    with console.capture() as captured:
        for part in page(PLAIN_WIDTH):
            console.print(part)
    typer.echo("\n".join(line.rstrip() for line in captured.get().split("\n")), nl=False)
