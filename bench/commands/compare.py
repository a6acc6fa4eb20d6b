"""The command that puts two runs beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="A folder below results/: the run before.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another one: the run after.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Compare two runs of the same work: counts, latency ratios and verdicts, as Markdown. Runs of other work are refused."""
    import json

    from bench.compare.comparison import compare as compared
    from bench.compare.plain import plain
    from bench.compare.telling import markdown
    from bench.runs.side import side

    before = side(a)
    found = compared(before, before if a.resolve() == b.resolve() else side(b))
    typer.echo(json.dumps(plain(found), indent=1) if as_json else markdown(found), nl=as_json)
