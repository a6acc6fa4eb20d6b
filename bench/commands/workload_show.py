"""The command that prints a workload."""

from __future__ import annotations

from typing import Annotated

import typer


def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A named workload or a path that ends in .toml, with :POINT where it is a family.")
    ],
) -> None:
    """Print every parameter of a workload as TOML, with value, meaning, unit, default and source.

    What is printed can be changed and given back: storebench run --set workload=FILE.toml
    """
    from bench.workload_page import as_toml
    from bench.workload_registry import specification
    from workloads import catalogue

    found = specification(name)
    typer.echo(as_toml(found.spec, found.name, catalogue.points(name)).encode(), nl=False)
