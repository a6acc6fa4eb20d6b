"""The command that shows how reads are performed."""

from __future__ import annotations

from typing import Annotated

import typer

from bench.commands.options import ServerOption


def plans(
    designs: Annotated[str | None, typer.Option(help="Designs by name, with commas; ours when absent.")] = None,
    rows: Annotated[int, typer.Option(help="Messages of the large store; memberships are as many, channels a tenth.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Seeds the world.")] = 1,
    server: ServerOption = None,
) -> None:
    """Fill a large store of each design, and show the plan of every read, the rows of every table and what needs every index."""
    from bench.reads.world import Scale

    scale = Scale(rows)
    from bench import registry
    from bench.progress import teller
    from bench.reads.large import FILL_S_PER_ROW, large_stores
    from bench.reads.look import look
    from bench.reads.summary import large as large_table
    from bench.reads.telling import variant_lines
    from bench.server.phases import ServerPhase
    from bench.server.provided import provided

    names = [name.strip() for name in designs.split(",")] if designs is not None else list(registry.OURS)
    builds = registry.load(names)
    with teller() as telling, provided(server) as given:
        given.settings(ServerPhase.MEASURE)
        with (
            telling.phase("large stores", FILL_S_PER_ROW * rows * len(builds)) as advance,
            large_stores(builds, given.endpoint, scale, seed, advance) as large,
        ):
            seen = look(large)
            stores = [one.name for one in large.stores]
    for name in stores:
        for line in variant_lines(name, seen.plans, seen.indexes, seen.tables, large_table(rows)):
            typer.echo(line)
        typer.echo()
