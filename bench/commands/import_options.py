"""The arguments and options that the commands of an import share; typer reads them from each command's own signature."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RESOLUTION = "1us"
REJECTED_MAX = 0.01


def place(text: str) -> Path:
    """The path of a file."""
    from bench.importing.options import place_of

    return place_of(text)


SourceArgument = Annotated[Path, typer.Argument(metavar="SOURCE", parser=place, help="The file to be read, plain or gzip.")]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", parser=place, help="The trace to be written, packed when it ends in .gz.")
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="MEANING=COLUMN",
        help="t, channel, user, text or bytes, bot, id, reply_to (an id) or reply_row (a row from 0), annotated; repeatable.",
    ),
]
TimeOption = Annotated[
    str, typer.Option("--time", help="auto, seconds, milliseconds, microseconds (since 1970), iso, or relative.")
]
ZoneOption = Annotated[str | None, typer.Option("--zone", help="Of ISO times that name none: UTC or such as +02:00.")]
ResolutionOption = Annotated[str, typer.Option("--resolution", help="Cut times to multiples of this, such as 60s.")]
RejectedOption = Annotated[float, typer.Option("--max-rejected", help="Share of rows that may be rejected, 0 to 1.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace FILE when it is there already.")]
