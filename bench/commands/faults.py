"""The command that breaks operations on purpose, and measures nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench.commands.options import ConfigOption, JsonOption, OutOption, QuietOption, ServerOption, SetOption


def faults(
    resumed: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="With --resume: the run to go on with; the newest of this configuration.")
    ] = None,
    designs: Annotated[str | None, typer.Option(help="Designs by name, with commas; ours when absent.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seeds kills and streams.")] = None,
    out: OutOption = Path("results"),
    config: ConfigOption = None,
    profile: Annotated[str | None, typer.Option("--profile", help="quick (the default), standard or full.")] = None,
    settings: SetOption = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run of this configuration that did not end.")] = False,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Cut connections at every message, kill clients, lose messages of the bus; tell what every design leaves behind."""
    from bench.commands.beginning import begin, check_resumed, names_of
    from bench.configuration import TraceConfiguration, resolve
    from bench.configuration.checking import check
    from bench.configuration.profiles import FAULTS, SIZES
    from bench.errors import UserError
    from bench.foreign import shown
    from bench.progress import teller
    from bench.suggesting import nearest

    with teller(quiet=quiet, as_json=as_json) as telling:
        check_resumed(resumed, resume=resume, profile=profile, config=config)
        size = SIZES[0] if profile is None else profile
        if size not in SIZES:
            raise UserError(f"--profile {shown(size)}: unknown; known are {', '.join(SIZES)}{nearest(size, SIZES)}")
        resolved = resolve(
            profile=f"{FAULTS}{size}", file=config, flags={"seed": seed, "designs": names_of(designs)}, settings=settings or ()
        )
        check(resolved.configuration, resolved.origins)
        if isinstance(resolved.configuration, TraceConfiguration):
            raise UserError("trace: faults meet scenes of their own, and no trace; leave it out, or replay it with storebench run")
        if not resolved.configuration.faults_cells:
            raise UserError("faults_cells: it names no cell, so nothing would be broken; name one or leave it out")
        begin(resolved, resumed, server, out, telling, resume=resume)
