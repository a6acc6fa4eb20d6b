"""The command line: arguments in, one line for every error a user can mend, an exit status for scripts.

Exit 0: done. 2: bad input. 3: a measurement or the same-work proof is invalid and results are withheld. 130, 143: interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from bench.drive.errors import ContractError
from bench.errors import InvalidMeasurement, UserError
from bench.visible import visible
from workloads.errors import InputError

app = typer.Typer(
    name="storebench",
    help="Choose a message-storage design on evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SHOWN_LINES = 20
"""Lines of a difference that are printed; `withheld.json` has all of them."""


@app.command()
def run(
    designs: Annotated[str | None, typer.Option(help="Designs by name, with commas; all of ours when absent.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seeds workloads, orders and bootstrap.")] = None,
    out: Annotated[Path, typer.Option(help="Where the run's folder is made.")] = Path("results"),
    trace: Annotated[Path | None, typer.Option(help="Replay this trace instead of the default run.")] = None,
    window: Annotated[str | None, typer.Option(help="START:LENGTH in seconds of the trace's time.")] = None,
    agents: Annotated[str | None, typer.Option(help="Agents of a room by activity, such as 1,50:2,top10:4.")] = None,
    reply: Annotated[float | None, typer.Option(help="Probability that an agent answers a user's message.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="key=value of the configuration; repeatable.")] = None,
) -> None:
    """Measure the designs and write the report; with --trace, replay a trace through all of them."""
    from bench import campaign, registry
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
        builds = registry.load(configuration.designs)
        folder = campaign.run_default(configuration, builds, out, arguments, telling)
    else:
        given = common | {"trace": trace, "window": window, "agents": agents, "reply": reply}
        replayed = resolve(TraceConfiguration, given, settings or ())
        builds = registry.load(replayed.designs)
        folder = campaign.run_trace(replayed, builds, out, arguments, telling)
    with telling.phase("report", 20.0):
        publish(folder)
    typer.echo(f"report: {folder.path / 'report.html'}")


@app.command()
def report(run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A folder below results/.")]) -> None:
    """Make summary, charts and report of a run again from its raw data."""
    from bench.results.folder import RunFolder
    from bench.summarise import publish

    folder = RunFolder.open(run_folder)
    publish(folder)
    typer.echo(f"report: {folder.path / 'report.html'}")


@app.command()
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


@app.command(name="list")
def list_(what: Annotated[str, typer.Argument(help="designs")]) -> None:
    """List what can be chosen."""
    from bench.registry import known

    if what != "designs":
        raise UserError(f"cannot list {what!r}: known is designs")
    for name, entry in known().items():
        typer.echo(f"{name}  ({entry.value})")


@app.command()
def doctor() -> None:
    """Start the server, and say what this machine and it can and cannot do."""
    from bench import machine
    from bench.server.capabilities import as_record, probe
    from bench.server.embedded import running

    console = Console()
    with running() as server:
        facts = {"machine": machine.describe(), "server": as_record(probe(server.endpoint))}
    for group, values in facts.items():
        console.print(f"[bold]{group}[/bold]")
        for key, value in values.items():
            console.print(f"  {escape(str(key))}: {escape(str(value))}", highlight=False)


def main(arguments: list[str] | None = None) -> NoReturn:
    """The entry point: runs a command and exits."""
    os.environ.setdefault("MPLCONFIGDIR", str(Path(".cache/matplotlib").absolute()))
    # libpq would take some of these before what a connection string says, and a session would not be in UTC.
    for variable in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[variable]
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _terminate)
    errors = Console(stderr=True, soft_wrap=True)
    try:
        sys.exit(typer.main.get_command(app).main(arguments, prog_name="storebench", standalone_mode=False) or 0)
    except (UserError, InputError) as error:
        _say(errors, str(error))
        sys.exit(2)
    except typer.TyperException as error:
        _say(errors, error.format_message())
        sys.exit(2)
    except ContractError as error:
        _say(errors, f"results withheld: a design breaks its contract: {error}")
        sys.exit(3)
    except InvalidMeasurement as error:
        _say(errors, f"results withheld: {error.reason}")
        for line in error.lines[:SHOWN_LINES]:
            errors.print(f"  {visible(line)}", markup=False, highlight=False)
        if len(error.lines) > SHOWN_LINES:
            errors.print(f"  ... and {len(error.lines) - SHOWN_LINES} more", markup=False, highlight=False)
        sys.exit(3)
    except (KeyboardInterrupt, typer.Abort):
        _say(errors, "interrupted")
        sys.exit(130)


def _say(console: Console, text: str) -> None:
    """One line, whatever the text holds: control characters are shown, not obeyed."""
    console.print(f"storebench: {visible(text)}", markup=False, highlight=False)


def _terminate(number: int, frame: object) -> NoReturn:
    """A signal ends the run like an exception, so that servers and folders are cleaned up."""
    del frame
    sys.exit(128 + number)
