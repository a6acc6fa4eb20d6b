"""The command that makes a report again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench.commands.options import JsonOption, QuietOption


def report(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A folder below results/.")],
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make summary, charts and report of a run again from its raw data."""
    from bench.progress import teller
    from bench.results.folder import RunFolder

    with teller(quiet=quiet, as_json=as_json) as telling:
        folder = RunFolder.open(run_folder)
        telling.run = str(folder.path)
        from bench.publish import publish

        publish(folder)
        telling.report = str(folder.path / "report.html")
