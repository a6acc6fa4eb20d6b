"""The command that measures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.errors import UserError


def run(
    designs: Annotated[str | None, typer.Option(help="Designs by name, with commas; ours when absent.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seeds workloads, orders and bootstrap.")] = None,
    out: Annotated[Path, typer.Option(help="Where the run's folder is made.")] = Path("results"),
    trace: Annotated[Path | None, typer.Option(help="Replay this trace instead of the default run.")] = None,
    window: Annotated[str | None, typer.Option(help="START:LENGTH in seconds of the trace's time.")] = None,
    agents: Annotated[str | None, typer.Option(help="Agents of a room by activity, such as 1,50:2,top10:4.")] = None,
    reply: Annotated[float | None, typer.Option(help="Probability that an agent answers a user's message.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="key=value of the configuration; repeatable.")] = None,
) -> None:
    """Measure the designs and write the report; with --trace, replay a trace through all of them."""
    from bench import campaign, registry, workload_registry
    from bench.configuration import Configuration, TraceConfiguration, resolve
    from bench.progress import reporter
    from bench.summarise import publish

    names = tuple(name.strip() for name in designs.split(",")) if designs is not None else None
    common = {"seed": seed, "designs": names}
    telling = reporter()
    # Where a trace lies on this machine is nobody's business; its name and the digest of what it held are kept.
    arguments = [word if trace is None else word.replace(str(trace), trace.name) for word in sys.argv[1:]]
    if trace is None:
        for flag, value in (("--window", window), ("--agents", agents), ("--reply", reply)):
            if value is not None:
                raise UserError(f"{flag} belongs to a replay: give --trace too")
        configuration = resolve(Configuration, common, settings or ())
        with registry.watched(also=workload_registry.WATCHED):
            builds = registry.load(configuration.designs)
            folder = campaign.run_default(configuration, builds, out, arguments, telling)
    else:
        given = common | {"trace": trace, "window": window, "agents": agents, "reply": reply}
        replayed = resolve(TraceConfiguration, given, settings or ())
        with registry.watched():
            builds = registry.load(replayed.designs)
            folder = campaign.run_trace(replayed, builds, out, arguments, telling)
    with telling.phase("report", 20.0):
        publish(folder)
    typer.echo(f"report: {folder.path / 'report.html'}")
