"""The command that lets users loose on a store: Locust spawns and shows them, what they do is measured as all else is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.commands.options import OutOption, QuietOption, ServerOption


def load(
    design: Annotated[str, typer.Option(help="A design or a variant, several with commas between, or all.")] = "dual",
    workload: Annotated[str, typer.Option(help="A named workload or a file of TOML.")] = "chat",
    users: Annotated[int, typer.Option(help="Users of the busiest phase, all workers' together.")] = 8,
    spawn_rate: Annotated[float, typer.Option(help="Users that come in a second.")] = 8.0,
    run_time: Annotated[str, typer.Option(help="How long operations are due, such as 20s or 30m.")] = "20s",
    rate: Annotated[float, typer.Option(help="Operations due in a second, the mean of the run.")] = 50.0,
    shape: Annotated[str, typer.Option(help="workload: its phases; flat: one rate.")] = "workload",
    objective: Annotated[float, typer.Option(help="Milliseconds that the p99 of the response is held against.")] = 50.0,
    messages: Annotated[int | None, typer.Option(min=1, help="Size of the workload; as many as operations are due.")] = None,
    agents: Annotated[int | None, typer.Option(min=0, max=50, help="Agents of a channel; as the workload says.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=10**9, help="Seeds the workload and the due times.")] = 1,
    steady: Annotated[bool, typer.Option("--steady", help="With autovacuum and checkpoints as PostgreSQL does them.")] = False,
    agree: Annotated[
        bool, typer.Option("--agree", help="Measure the same by the open-loop instrument, twice, and hold both together.")
    ] = False,
    web: Annotated[bool, typer.Option("--web", help="Show Locust's page and wait for its start button.")] = False,
    web_port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the page.")] = 8089,
    workers: Annotated[int, typer.Option(min=0, max=64, help="Processes beside the one that leads; 0: it has the users.")] = 0,
    master: Annotated[int, typer.Option("--master", min=0, max=64, help="Lead, and wait for so many workers elsewhere.")] = 0,
    worker: Annotated[str | None, typer.Option("--worker", metavar="HOST", help="Follow the master at HOST.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The master's port; any free one when there are only our own.")] = 0,
    bind: Annotated[str, typer.Option(help="The address that the master listens on.")] = "127.0.0.1",
    out: OutOption = Path("results"),
    server: ServerOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print records and figures as JSON.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Let users perform a workload on designs, by Locust: with its page or without, on one machine or several."""
    import json

    from bench import registry, workload_registry
    from bench.commands.arguments import told
    from bench.errors import InvalidMeasurement, UserError
    from bench.progress import teller
    from bench.swarm import launching, performing
    from bench.swarm.choosing import variants
    from bench.swarm.options import Options, checked, seconds, shape_of
    from bench.swarm.telling import agreeing, growing, lines

    launching.available()
    if worker is not None:
        if workers or master or web:
            raise UserError("--worker: it follows a master elsewhere, and takes no --master, --workers or --web")
        launching.follow(worker, port or launching.PORT, server)
        return
    if web and agree:
        raise UserError("--agree: with --web the runs are asked for on the page, so nothing is measured beside them; leave one out")
    place = launching.Place(workers, master, bind, port or (launching.PORT if master else 0), web_port if web else None)
    options = checked(
        Options(
            workload=workload,
            messages=messages,
            agents=agents,
            seed=seed,
            shape=shape_of(shape),
            users=users,
            spawn_rate=spawn_rate,
            rate_per_s=rate,
            run_s=seconds(run_time),
            objective_ms=objective,
            steady=steady,
        )
    )
    chosen = variants(design, alone=web)
    workload_registry.check(workload, None)
    launching.checked(place, users)
    with registry.watched(also=workload_registry.WATCHED), teller(quiet=quiet or as_json) as telling:
        command = performing.Command(place, out, server, agree, told(sys.argv[1:]), telling)
        done = performing.perform(chosen, options, command)
    if as_json:
        typer.echo(json.dumps(performing.as_mapping(done), indent=1))
    else:
        for line in lines([one.record for one in done.runs], [one.level for one in done.runs]):
            typer.echo(line)
        for line in (line for one in done.runs if one.grown for line in growing(one.record.variant, one.grown)):
            typer.echo(line)
        for line in agreeing(done.agreement, rate) if done.agreement else []:
            typer.echo(line)
        typer.echo(f"\nraw rows, Locust's reports and logs: {done.folder}")
    wrong = [f"{one.record.variant}: {why}" for one in done.runs for why in one.record.why if not one.record.is_whole]
    if wrong:
        raise InvalidMeasurement("a run is not to be believed", wrong)
