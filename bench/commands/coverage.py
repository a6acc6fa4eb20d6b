"""The command that simulates whether intervals cover."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def coverage(
    recorded: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A run, or windows of storebench aa: whose noise is simulated.")
    ],
    experiments: Annotated[int, typer.Option(min=10, max=100_000, help="Simulated experiments of each shape.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="Seeds the simulation.")] = 1,
) -> None:
    """Simulate experiments with the noise of recorded contrasts: how often 95 % intervals hold the truth."""
    from bench.aa.coverage import lines, simulated
    from bench.aa.coverage import recorded as noise_of

    found = noise_of(recorded)
    for line in lines(recorded, found, experiments, list(simulated(found, experiments, seed))):
        typer.echo(line)
