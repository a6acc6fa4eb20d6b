"""The command that answers a hostile reviewer from a stored run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def validity(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Folders below results/; what the first lacks is taken from the next.")
    ],
    point: Annotated[int | None, typer.Option("--point", min=1, max=31, help="One of the questions; all when absent.")] = None,
) -> None:
    """Answer the 31 questions of docs/validity.md from what runs stored; what they did not measure is named."""
    from bench.results.folder import RunFolder
    from bench.validity.answering import evidence_of, point_of, told
    from bench.validity.points import POINTS
    from bench.visible import visible

    wanted = POINTS if point is None else (point_of(point),)
    evidence = evidence_of([RunFolder.open(run) for run in runs])
    pages = ["\n".join(visible(line) for line in told(each, evidence)) for each in wanted]
    typer.echo("\n\n".join(pages))
