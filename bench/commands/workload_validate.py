"""The command that asks whether a workload looks like real traffic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_SEED_S = 1.0
_WIDE = 130
"""Columns that a table with every column takes."""


def validate(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A workload of the catalogue, or a file that ends in .toml.")],
    against: Annotated[Path, typer.Option("--against", metavar="TRACE", help="The real trace.")],
    annotated: Annotated[
        Path | None,
        typer.Option("--annotated", metavar="TRACE", help="A trace with annotated reply links; the real one when absent."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How many seeds, from 1 on.")] = 20,
    out: Annotated[Path, typer.Option("--out", help="The folder that pictures and the table are written to.")] = Path("traffic"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> None:
    """Hold a workload against a real trace: eleven checks with threshold, noise and every seed. Exit status 1: a check fails."""
    import json

    from bench.commands.printing import show
    from bench.errors import UserError
    from bench.progress import teller
    from bench.saving import save
    from bench.traffic import verdicts
    from bench.traffic.acceptance import Verdict, checks, lasting, yardstick
    from bench.traffic.people import people
    from bench.traffic.tables import checked
    from bench.validating import files_of, generated, measured, sizes_of
    from bench.visible import visible
    from bench.workload_registry import read_named_trace
    from workloads.errors import InputError

    try:
        spec = generated(name)
        real = read_named_trace(against)
        linked = None if annotated is None else read_named_trace(annotated)
    except InputError as error:
        raise UserError(str(error)) from error
    own = people(real)
    if not len(own):
        raise UserError(f"{against}: no row is of a person: give a trace of people's messages")
    stick = yardstick(real, linked)
    found = []
    if not stick.carries_nothing:
        with teller(quiet=as_json) as telling, telling.phase("seeds", _SEED_S * seeds) as advance:
            found = measured(spec, stick, sizes_of(own), seeds, advance)
    lines = checks(stick, [each.measured for each in found], lasting(spec.kernels))
    # Before anything is printed: who reads only the first lines has the pictures too.
    title = f"{Path(name).name} against {against.name}, {seeds} {'seed' if seeds == 1 else 'seeds'}"
    linked_as = "" if linked is None else f"; replies against {linked.name}"
    written = [] if stick.carries_nothing else save(out, files_of((name, against.name), title, stick, own, linked, lines, found))
    if as_json:
        typer.echo(json.dumps(verdicts.plain(title, lines), indent=1))
    else:
        show(lambda width: checked(f"{title}{linked_as}", lines, wide=width >= _WIDE))
    if stick.carries_nothing:
        raise UserError(f"{against}: it can carry none of the eleven checks, for the reasons above: give a longer trace")
    if not as_json:
        typer.echo("\nwritten: " + ", ".join(visible(str(path)) for path in written))
    if any(line.verdict is Verdict.FAILED for line in lines):
        raise typer.Exit(1)
