"""The command that breaks one operation again."""

from __future__ import annotations

from typing import Annotated

import typer

from bench.commands.options import ServerOption


def replay(
    schedule: Annotated[str, typer.Argument(help="As printed beside an outcome of the crash table.")],
    server: ServerOption = None,
) -> None:
    """Break one operation at one point again, and tell what is left."""
    from bench.crash.census import replay as replay_schedule
    from bench.crash.points import parse_schedule
    from bench.registry import build, load
    from bench.server.provided import provided
    from bench.stores import install
    from variants.contract import Options

    wanted = parse_schedule(schedule)
    (design,) = build(load([wanted.design]), Options()).values()
    with provided(server) as given:
        store = install(design, given.endpoint, "replay")
        for line in replay_schedule(store, wanted).lines:
            typer.echo(line)
