"""The command that makes a report again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A folder below results/.")]) -> None:
    """Make summary, charts and report of a run again from its raw data."""
    from bench.results.folder import RunFolder
    from bench.summarise import publish

    folder = RunFolder.open(run_folder)
    publish(folder)
    typer.echo(f"report: {folder.path / 'report.html'}")
