"""The command that makes a run once more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.commands.options import JsonOption, OutOption, QuietOption, ServerOption


def rerun(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder below results/.")],
    trace: Annotated[Path | None, typer.Option(help="Of a replay: where its trace lies now.")] = None,
    out: OutOption = Path("results"),
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Do the work of a stored run again, and say first what differs in machine, server and code."""
    import shlex

    from bench.campaign.again import rerun as again
    from bench.campaign.measuring import Wanted
    from bench.commands.arguments import told
    from bench.progress import teller
    from bench.results.folder import RunFolder

    with teller(quiet=quiet, as_json=as_json) as telling:
        stored = RunFolder.open(run)
        folder = again(stored, trace, Wanted(server, out, told(sys.argv[1:])), telling)
        telling.line(f"compare: storebench compare {shlex.quote(str(stored.path))} {shlex.quote(str(folder.path))}", "compare")
