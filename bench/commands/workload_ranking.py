"""The command that holds the ranking of designs on generated traffic against that on a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_PLAIN_WIDTH = 200
"""Columns where there is no terminal, so that no line of a table is broken."""


def ranking(
    synthetic: Annotated[
        Path, typer.Argument(metavar="RUN_SYNTHETIC", help="A folder below results/: a run of generated traffic.")
    ],
    replay: Annotated[Path, typer.Argument(metavar="RUN_REPLAY", help="Another one: a replay of a trace, of the same designs.")],
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every figure.")] = False,
) -> None:
    """Say for every pair of designs whether both runs put it in the same order; an inversion is a finding, no error."""
    import json
    from dataclasses import asdict

    from bench.console import BreakingConsole
    from bench.errors import UserError
    from bench.ranking.ranking import rank
    from bench.ranking.showing import shown
    from bench.ranking.telling import markdown
    from bench.runs.side import side

    if as_json and as_markdown:
        raise UserError("--json and --markdown: give one of them")
    found = rank(side(synthetic), side(replay))
    if as_json:
        rows = [asdict(row) | {"order": row.order} for row in found.rows]
        left_out = {measure: [one.model_dump() for one in reasons] for measure, reasons in found.left_out.items()}
        runs = {"synthetic": asdict(found.synthetic), "replay": asdict(found.replay)}
        typer.echo(json.dumps(runs | {"designs": found.designs, "rows": rows, "left_out": left_out}, indent=1))
    elif as_markdown:
        typer.echo(markdown(found), nl=False)
    else:
        console = BreakingConsole(highlight=False)
        if not console.is_terminal:
            console.width = _PLAIN_WIDTH
        for part in shown(found):
            console.print(part)
