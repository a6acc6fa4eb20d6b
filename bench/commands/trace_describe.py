"""The command that says what a trace is like."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def describe(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A trace: CSV, plain or gzip.")],
    out: Annotated[Path, typer.Option("--out", help="The folder that the picture is written to.")] = Path("traffic"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the statistics as JSON.")] = False,
) -> None:
    """Print what a trace is like: sizes, shares, timing, turns, replies; and draw it as SVG and PNG."""
    import json
    from dataclasses import asdict

    from bench.charts.traffic import description_chart
    from bench.commands.printing import show
    from bench.saving import name_of, plain_name, save
    from bench.traffic.description import describe as described
    from bench.traffic.tables import described as shown
    from bench.visible import visible
    from bench.workload_registry import read_named_trace

    trace = read_named_trace(file)
    found = described(trace)
    chart = description_chart(trace, found)
    stem = name_of("describe", plain_name(file))
    written = save(out, {f"{stem}.svg": chart.svg, f"{stem}.png": chart.png})
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"pictures": [str(path) for path in written]}, indent=1))
        return
    show(lambda _: shown(found))
    typer.echo("\npicture: " + ", ".join(visible(str(path)) for path in written))
