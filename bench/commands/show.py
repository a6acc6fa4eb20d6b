"""The command that prints a design, a configuration or a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench.commands.options import ConfigOption, ProfileOption, SetOption
from bench.errors import UserError


def show(
    what: Annotated[str, typer.Argument(metavar="DESIGN|RUN|config", help="A registered design, the folder of a run, or config.")],
    config: ConfigOption = None,
    profile: ProfileOption = None,
    settings: SetOption = None,
    trace: Annotated[Path | None, typer.Option(help="Show the configuration of a replay of this trace.")] = None,
) -> None:
    """Print a design with the statements of each operation, a run with how it came about, or a configuration as TOML.

    The configuration is the one that `storebench run` would take with the same options; its output can be given to --config.
    """
    from bench import registry

    if what == registry.TAKEN:
        _configuration(config, profile, settings or [], trace)
        return
    for flag, value in (("--config", config), ("--profile", profile), ("--set", settings), ("--trace", trace)):
        if value:
            raise UserError(f"{flag} belongs to a configuration: write storebench show config, or leave {flag} out")
    if what not in registry.known() and ("/" in what or Path(what).is_dir()):
        _run(Path(what))
    else:
        _design(what)


def _configuration(file: Path | None, profile: str | None, settings: list[str], trace: Path | None) -> None:
    from bench.configuration import TraceConfiguration, as_toml, check, resolve

    resolved = resolve(profile=profile, file=file, flags={"trace": trace}, settings=settings)
    configuration = resolved.configuration
    check(configuration, resolved.origins)
    if isinstance(configuration, TraceConfiguration):
        # A relative path in a file counts from the file's folder, and where this output goes is not known here.
        configuration = configuration.model_copy(update={"trace": configuration.trace.absolute()})
    typer.echo(as_toml(configuration, resolved.origins).encode(), nl=False)


def _run(path: Path) -> None:
    from bench.console import BreakingConsole
    from bench.runs.shown import shown

    # A run that turns out to be damaged leaves nothing half printed.
    pages = list(shown(path))
    console = BreakingConsole(highlight=False, soft_wrap=True)
    for line in pages:
        console.print(line)


def _design(name: str) -> None:
    from bench import registry
    from bench.console import BreakingConsole
    from bench.ladder import registry as ladders
    from bench.showing import shown
    from variants.contract import Options

    with registry.watched():
        (built,) = registry.build(ladders.load([name]), Options()).values()
        # A design that breaks its contract at the last operation leaves nothing half printed.
        pages = list(shown(built))
    console = BreakingConsole(highlight=False, soft_wrap=True)
    for line in pages:
        console.print(line)
