"""The command that writes a workload's people as a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A named workload or a path that ends in .toml.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The trace to be written, packed when it ends in .gz.")],
    seed: Annotated[int, typer.Option(min=0, help="Draws the workload.")] = 1,
    messages: Annotated[
        int | None, typer.Option(min=1, max=10_000_000, help="Messages of people; as many as the workload says when absent.")
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(
            help="Take channels, messages and length from this trace's people, as `workload validate` does; no direct channels."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE when it is there already.")] = False,
) -> None:
    """Write people's messages of a workload in real time as a trace: who, where, when, how long, in reply to what."""
    from bench.errors import UserError
    from bench.traffic.people import people
    from bench.validating import sizes_of, synthetic
    from bench.workload_registry import read_named_trace, specification
    from workloads.generation.people import trace_of
    from workloads.generation.spec import WorkloadSpec
    from workloads.importing.shape import digest
    from workloads.importing.writing import check_writable, write_trace
    from workloads.trace import ROWS_MAX

    spec = specification(name).spec
    if not isinstance(spec, WorkloadSpec):
        raise UserError(f"workload {name} is the replay of a trace: export one that is generated")
    if like is not None and messages is not None:
        raise UserError(f"--messages {messages}: --like takes the number of messages from its trace; leave one of the two out")
    rows = messages if messages is not None else spec.messages + spec.preload + spec.storm_channels
    if like is None and rows > ROWS_MAX:
        raise UserError(f"workload {name} has {rows} messages, and a trace at most {ROWS_MAX}: give --messages")
    check_writable(file, replace=force)
    if like is None:
        trace = trace_of(spec, seed, messages=messages, direct=True)
    else:
        own = people(read_named_trace(like))
        if not len(own):
            raise UserError(f"--like {like}: no row is of a person: give another trace")
        trace = synthetic(spec, seed, sizes_of(own))
    write_trace(file, trace, replace=force)
    typer.echo(f"{file}: {len(trace)} messages in {len(set(trace.ch.tolist()))} channels by {len(set(trace.u.tolist()))} people")
    typer.echo(f"digest: {digest(trace)}")
