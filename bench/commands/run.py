"""The command that measures."""

from __future__ import annotations

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
    from bench.commands.beginning import begin, check_resumed, names_of
    from bench.configuration import resolve
    from bench.configuration.checking import check
    from bench.progress import teller

    with teller(quiet=quiet, as_json=as_json) as telling:
        check_resumed(resumed, resume=resume, profile=profile, config=config)
        given = {"seed": seed, "designs": names_of(designs), "trace": trace, "window": window, "agents": agents, "reply": reply}
        resolved = resolve(profile=profile, file=config, flags=given, settings=settings or ())
        check(resolved.configuration, resolved.origins)
        begin(resolved, resumed, server, out, telling, resume=resume)
