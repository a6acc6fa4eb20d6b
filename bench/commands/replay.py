"""The command that breaks one operation again."""

from __future__ import annotations

from typing import Annotated

import typer

from bench.commands.options import ServerOption


def replay(
    schedule: Annotated[str, typer.Argument(help="As printed beside an outcome.")],
    shortest: Annotated[
        str | None,
        typer.Option(
            metavar="INVARIANT", help="First find the shortest schedule of the same operation that breaks this, such as I4."
        ),
    ] = None,
    server: ServerOption = None,
) -> None:
    """Break one operation again, at the same point or message, and tell what is left."""
    from bench.bus.replaying import replay as replay_stream
    from bench.checker.catalogue import INVARIANTS
    from bench.crash.census import replay as replay_death
    from bench.crash.points import Schedule as Death
    from bench.crash.points import parse_schedule as parse_death
    from bench.errors import UserError
    from bench.faults.clients.replaying import replay as replay_interruption
    from bench.faults.other_schedules import Interrupted, Streamed, TakenOver, parse
    from bench.faults.schedule import Schedule as Cuts
    from bench.faults.schedule import parse_schedule as parse_cuts
    from bench.faults.schedule_text import is_schedule
    from bench.faults.sweeps.replaying import replay as replay_cuts
    from bench.faults.sweeps.shorten import shortest as shortest_of
    from bench.registry import build, load
    from bench.server.provided import provided
    from bench.stores import Store, install
    from bench.suggesting import unknown
    from variants.contract import Options

    def lines_of(store: Store, wanted: Cuts | Interrupted | TakenOver | Streamed | Death) -> tuple[str, ...]:
        match wanted:
            case Cuts():
                return replay_cuts(store, wanted)
            case Interrupted() | TakenOver():
                return replay_interruption(store, wanted)
            case Streamed():
                return replay_stream(store, wanted)
            case Death():
                return replay_death(store, wanted).lines

    wanted = parse(schedule) if is_schedule(schedule) else parse_death(schedule)
    if shortest is not None and shortest not in INVARIANTS:
        raise UserError(f"--shortest: {unknown('invariant', shortest, INVARIANTS)}")
    if shortest is not None and not isinstance(wanted, Cuts):
        what = "a client's death" if isinstance(wanted, Death) else "no cut"
        raise UserError(f"--shortest: {schedule!r} is {what}, which has nothing to shorten; give cuts of messages")
    (design,) = build(load([wanted.design]), Options()).values()
    with provided(server) as given:
        store = install(design, given.endpoint, "replay")
        if shortest is not None:
            wanted = parse_cuts(shortest_of(store, schedule, shortest))
            typer.echo(f"the shortest that breaks {shortest}: {wanted}")
        for line in lines_of(store, wanted):
            typer.echo(line)
