"""The command that breaks one operation again."""

from __future__ import annotations

from typing import Annotated

import typer

from bench.commands.options import ServerOption


def replay(
    schedule: Annotated[str, typer.Argument(help="As printed beside an outcome: a client's death, or cuts of messages.")],
    shortest: Annotated[
        str | None,
        typer.Option(
            metavar="INVARIANT", help="First find the shortest schedule of the same operation that breaks this, such as I4."
        ),
    ] = None,
    server: ServerOption = None,
) -> None:
    """Break one operation again, at the same point or message, and tell what is left."""
    from bench.checker.catalogue import INVARIANTS
    from bench.crash.census import replay as replay_death
    from bench.crash.points import parse_schedule as parse_death
    from bench.errors import UserError
    from bench.faults.schedule import Schedule as Cuts
    from bench.faults.schedule import is_schedule
    from bench.faults.schedule import parse_schedule as parse_cuts
    from bench.faults.sweeps.replaying import replay as replay_cuts
    from bench.faults.sweeps.shorten import shortest as shortest_of
    from bench.registry import build, load
    from bench.server.provided import provided
    from bench.stores import install
    from bench.suggesting import unknown
    from variants.contract import Options

    wanted = parse_cuts(schedule) if is_schedule(schedule) else parse_death(schedule)
    if shortest is not None and shortest not in INVARIANTS:
        raise UserError(f"--shortest: {unknown('invariant', shortest, INVARIANTS)}")
    if shortest is not None and not isinstance(wanted, Cuts):
        raise UserError(f"--shortest: {schedule!r} is a client's death, which has nothing to shorten; give cuts of messages")
    (design,) = build(load([wanted.design]), Options()).values()
    with provided(server) as given:
        store = install(design, given.endpoint, "replay")
        if shortest is not None:
            wanted = parse_cuts(shortest_of(store, schedule, shortest))
            typer.echo(f"the shortest that breaks {shortest}: {wanted}")
        lines = replay_cuts(store, wanted) if isinstance(wanted, Cuts) else replay_death(store, wanted).lines
        for line in lines:
            typer.echo(line)
