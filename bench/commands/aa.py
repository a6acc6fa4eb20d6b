"""The command that tries the paired instrument on itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bench.commands.options import OutOption, QuietOption, ServerOption


def aa(
    windows: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Tell the tables of windows that were measured before.")
    ] = None,
    pairs: Annotated[int, typer.Option(min=1, max=1000, help="Windows, each with one A/A pair.")] = 100,
    seconds: Annotated[float, typer.Option(min=0.5, max=3600, help="Length of a window, all of its sessions together.")] = 12.0,
    sessions: Annotated[
        int, typer.Option(min=1, max=50, help="Sessions of a window, each with fresh databases and connections.")
    ] = 6,
    design: Annotated[str, typer.Option(help="The design that is held against itself.")] = "dual",
    workload: Annotated[str | None, typer.Option(help="A workload by name; messages and little else when absent.")] = None,
    agents: Annotated[
        int | None, typer.Option(min=0, max=50, help="Agents in a channel; as the workload says when absent.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=10**12, help="Seeds workloads and orders.")] = 1,
    out: OutOption = Path("results"),
    server: ServerOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the tables as JSON.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Hold a design against copies of itself, plain and with planted costs: what is called different, and what is found."""
    from bench import registry, workload_registry
    from bench.aa.run import derived, measure
    from bench.aa.tables import as_mapping
    from bench.aa.telling import lines
    from bench.aa.windows import WINDOW, Windows
    from bench.progress import teller

    folder = windows
    if folder is None:
        registry.load([design])
        if workload is not None:
            workload_registry.check(workload, None)
        with registry.watched(also=workload_registry.WATCHED), teller(quiet=quiet) as telling:
            folder = measure(Windows(design, workload or WINDOW, agents, pairs, seconds, sessions, seed), server, out, telling)
    record, tables = derived(folder)
    if as_json:
        typer.echo(json.dumps({"folder": folder.name, **as_mapping(tables)}, indent=1))
        return
    for line in lines(record, tables):
        typer.echo(line)
    typer.echo(f"\nraw rows: {folder}")
