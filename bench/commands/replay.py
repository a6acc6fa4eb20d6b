"""The command that breaks one operation again."""

from __future__ import annotations

from typing import Annotated

import typer


def replay(schedule: Annotated[str, typer.Argument(help="As printed beside an outcome of the crash table.")]) -> None:
    """Break one operation at one point again, and tell what is left."""
    from bench.crash.census import replay as replay_schedule
    from bench.crash.points import parse_schedule
    from bench.registry import build, load
    from bench.server.embedded import running
    from bench.stores import install
    from variants.contract import Options

    wanted = parse_schedule(schedule)
    (design,) = build(load([wanted.design]), Options()).values()
    with running() as server:
        store = install(design, server.endpoint, "replay")
        for line in replay_schedule(store, wanted).lines:
            typer.echo(line)
