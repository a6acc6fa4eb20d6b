"""Options that several commands share, each with one name and one meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server",
        envvar="STOREBENCH_SERVER",
        show_envvar=True,
        help="embedded (the default), embedded=VERSION, embedded=BINDIR, container=IMAGE, or url=postgresql://...",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Say nothing but the result and errors.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Tell progress and result as JSON lines on standard output.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Configuration as TOML.")]
ProfileOption = Annotated[str | None, typer.Option("--profile", help="quick (the default), standard or full.")]
SetOption = Annotated[list[str] | None, typer.Option("--set", help="key=value of the configuration; repeatable.")]
OutOption = Annotated[Path, typer.Option("--out", help="Where the folders of runs lie.")]
