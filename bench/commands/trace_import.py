"""The commands that make a trace of one's own traffic, one for each kind of source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.commands.import_options import (
    REJECTED_MAX,
    RESOLUTION,
    ColumnOption,
    FileArgument,
    ForceOption,
    RejectedOption,
    ResolutionOption,
    SourceArgument,
    TimeOption,
    ZoneOption,
    place,
)
from bench.commands.options import JsonOption, QuietOption

if TYPE_CHECKING:
    from bench.importing.sources import Opening

importing = typer.Typer(name="import", help="Make a trace of your own traffic: no text, no names, no ids.", no_args_is_help=True)


@importing.command(name="csv")
def csv_(
    source: SourceArgument,
    file: FileArgument,
    column: ColumnOption = None,
    time: TimeOption = "auto",
    zone: ZoneOption = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help="One character, or tab.")] = ",",
    resolution: ResolutionOption = RESOLUTION,
    max_rejected: RejectedOption = REJECTED_MAX,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import CSV with a header; without --column it is a trace of our own format."""
    from bench.importing.options import columns_of, delimiter_of, form_of, zone_of
    from bench.importing.sources import csv_file

    opening = csv_file(source, columns_of(column), form_of(time), zone_of(zone), delimiter_of(delimiter))
    _import(opening, file, resolution, max_rejected, force=force, quiet=quiet, as_json=as_json)


@importing.command()
def jsonl(
    source: SourceArgument,
    file: FileArgument,
    column: ColumnOption = None,
    time: TimeOption = "auto",
    zone: ZoneOption = None,
    resolution: ResolutionOption = RESOLUTION,
    max_rejected: RejectedOption = REJECTED_MAX,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import JSON lines, an object a line; COLUMN is a field, or a dotted path to one, such as author.id."""
    from bench.importing.options import columns_of, form_of, zone_of
    from bench.importing.sources import jsonl_file

    opening = jsonl_file(source, columns_of(column), form_of(time), zone_of(zone))
    _import(opening, file, resolution, max_rejected, force=force, quiet=quiet, as_json=as_json)


@importing.command()
def slack(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", parser=place, help="The folder of the export, or a zip of it.")],
    file: FileArgument,
    resolution: ResolutionOption = RESOLUTION,
    max_rejected: RejectedOption = REJECTED_MAX,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import a Slack export: channels.json, users.json and a folder for each channel."""
    from bench.importing.sources import slack_export

    _import(slack_export(source), file, resolution, max_rejected, force=force, quiet=quiet, as_json=as_json)


@importing.command()
def elizaos(
    file: FileArgument,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            envvar="STOREBENCH_DATABASE",
            show_envvar=True,
            help="postgresql://...; by the variable where others may see the list of processes.",
        ),
    ] = None,
    resolution: ResolutionOption = RESOLUTION,
    max_rejected: RejectedOption = REJECTED_MAX,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import the central messages of a database of elizaOS 1.4 to 1.6.1 or 1.7; nothing is written to it."""
    from bench.errors import UserError
    from bench.importing.sources import elizaos_database

    if database is None:
        raise UserError("--database is missing: give postgresql://..., or set STOREBENCH_DATABASE")
    _import(elizaos_database(database), file, resolution, max_rejected, force=force, quiet=quiet, as_json=as_json)


def _import(source: Opening, file: Path, resolution: str, max_rejected: float, *, force: bool, quiet: bool, as_json: bool) -> None:
    from bench.importing.options import resolution_us_of, share_of
    from bench.importing.run import Wanted, run
    from bench.progress import teller

    wanted = Wanted(file, force, share_of(max_rejected), resolution_us_of(resolution))
    with teller(quiet=quiet, as_json=as_json) as telling:
        run(wanted, source, telling)
