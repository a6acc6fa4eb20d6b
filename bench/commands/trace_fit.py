"""The command that fits a workload to a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_FIT_S = 15.0


def fit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A trace: CSV, plain or gzip.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The workload to write; its name ends in .toml.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    pictures: Annotated[Path, typer.Option("--out", help="The folder that the picture is written to.")] = Path("traffic"),
) -> None:
    """Write a workload whose rates, kernels, channels, users, authors, lengths and replies are fitted to a trace; and draw both."""
    from bench.errors import UserError
    from bench.progress import teller
    from bench.saving import check_new, name_of, plain_name, save, save_new
    from bench.traffic.fitted_toml import as_toml
    from bench.traffic.fitting import fit as fitted
    from bench.traffic.people import people
    from bench.validating import picture_of_fit
    from bench.visible import visible
    from bench.workload_registry import read_named_trace

    if out.suffix != ".toml":
        raise UserError(f"{out}: give a name that ends in .toml, by which a workload's file is known")
    # Before the work, and again when it is done.
    check_new(out, overwrite=overwrite)
    trace = read_named_trace(file)
    own = people(trace)
    if not len(own):
        raise UserError(f"{file}: no row is of a person: give a trace of people's messages")
    with teller() as telling, telling.phase("fit", _FIT_S) as advance:
        found = fitted(trace, visible(file.name), advance)
        picture = picture_of_fit(f"{out.name}, fitted to {file.name}", own, found.spec())
    stem = name_of("fit", plain_name(file))
    drawn = save(pictures, {f"{stem}.svg": picture.svg, f"{stem}.png": picture.png})
    save_new(out, as_toml(found, visible(file.name)).encode(), overwrite=overwrite)
    typer.echo(f"{visible(str(out))}: {len(found.values)} keys fitted, {len(found.left)} left with their defaults")
    for key, why in found.left.items():
        typer.echo(f"  {key}: {why}")
    typer.echo("picture: " + ", ".join(visible(str(path)) for path in drawn))
    typer.echo(f"to score it: storebench workload validate {visible(str(out))} --against {visible(str(file))}")
