"""The command that measures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.commands.options import ConfigOption, JsonOption, OutOption, ProfileOption, QuietOption, ServerOption, SetOption


def run(
    resumed: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="With --resume: the run to go on with; the newest of this configuration.")
    ] = None,
    designs: Annotated[str | None, typer.Option(help="Designs by name, with commas; ours when absent.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seeds workloads, orders and bootstrap.")] = None,
    out: OutOption = Path("results"),
    trace: Annotated[Path | None, typer.Option(help="Replay this trace instead of the default run.")] = None,
    window: Annotated[str | None, typer.Option(help="START:LENGTH in seconds of the trace's time.")] = None,
    agents: Annotated[str | None, typer.Option(help="Agents of a room by activity, such as 1,50:2,top10:4.")] = None,
    reply: Annotated[float | None, typer.Option(help="Probability that an agent answers a user's message.")] = None,
    config: ConfigOption = None,
    profile: ProfileOption = None,
    settings: SetOption = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run of this configuration that did not end.")] = False,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Measure the designs and write the report; with --trace, replay a trace through all of them."""
    from bench.commands.arguments import told
    from bench.configuration import resolve
    from bench.configuration.checking import check
    from bench.errors import UserError
    from bench.progress import teller

    with teller(quiet=quiet, as_json=as_json) as telling:
        if resumed is not None and not resume:
            raise UserError(f"{resumed}: only --resume goes on with a run; to begin a new one name none")
        if resumed is not None and (profile is not None or config is not None):
            raise UserError(f"--resume {resumed}: it goes on with its own configuration; leave --profile and --config out")
        names = tuple(name.strip() for name in designs.split(",")) if designs is not None else None
        given = {"seed": seed, "designs": names, "trace": trace, "window": window, "agents": agents, "reply": reply}
        resolved = resolve(profile=profile, file=config, flags=given, settings=settings or ())
        check(resolved.configuration, resolved.origins)
        # What is refused need not wait for statistics and charts to be imported.
        from bench.campaign.measuring import Wanted, new_run, resumed_run

        wanted = Wanted(server, out, told(sys.argv[1:]))
        if resume:
            resumed_run(resolved, resumed, wanted, telling)
        else:
            new_run(resolved.configuration, wanted, telling)
