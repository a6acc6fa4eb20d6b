"""The command that prints a design."""

from __future__ import annotations

from typing import Annotated

import typer


def show(design: Annotated[str, typer.Argument(metavar="DESIGN", help="A registered design, ours or anybody's.")]) -> None:
    """Print a design: its tables, and for each operation its tasks, transactions and statements in order."""
    from rich.console import Console

    from bench import registry
    from bench.showing import shown
    from variants.contract import Options

    with registry.watched():
        (built,) = registry.build(registry.load([design]), Options()).values()
        # A design that breaks its contract at the last operation leaves nothing half printed.
        pages = list(shown(built))
    console = Console(highlight=False, soft_wrap=True)
    for line in pages:
        console.print(line)
