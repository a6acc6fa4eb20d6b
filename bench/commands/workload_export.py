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
    force: Annotated[bool, typer.Option("--force", help="Replace FILE when it is there already.")] = False,
) -> None:
    """Write people's messages of a workload in real time as a trace: who, where, when, how long, in reply to what."""
    from bench.errors import UserError
    from bench.workload_registry import specification
    from workloads.generation.people import trace_of
    from workloads.generation.spec import WorkloadSpec
    from workloads.importing.shape import digest
    from workloads.importing.writing import check_writable, write_trace
    from workloads.trace import ROWS_MAX

    spec = specification(name).spec
    if not isinstance(spec, WorkloadSpec):
        raise UserError(f"workload {name} is the replay of a trace: export one that is generated")
    rows = messages if messages is not None else spec.messages + spec.preload + spec.storm_channels
    if rows > ROWS_MAX:
        raise UserError(f"workload {name} has {rows} messages, and a trace at most {ROWS_MAX}: give --messages")
    check_writable(file, replace=force)
    trace = trace_of(spec, seed, messages=messages, direct=True)
    write_trace(file, trace, replace=force)
    typer.echo(f"{file}: {len(trace)} messages in {len(set(trace.ch.tolist()))} channels by {len(set(trace.u.tolist()))} people")
    typer.echo(f"digest: {digest(trace)}")
