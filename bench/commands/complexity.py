"""The command that counts code."""

from __future__ import annotations

from typing import Annotated

import typer

from bench.commands.options import ServerOption


def complexity(
    designs: Annotated[list[str] | None, typer.Argument(metavar="[DESIGN]...", help="By name; ours when absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    server: ServerOption = None,
) -> None:
    """Count branches, lines and statements of the write and read path of designs, as they run on a server."""
    import json

    from bench import registry
    from bench.aligning import aligned
    from bench.complexity.measure import complexity as measure
    from bench.complexity.telling import HEADING, OPERATIONS, TITLE, WORDS, operation_rows, path_rows
    from bench.server.provided import provided
    from bench.stores import install
    from variants.contract import Options

    built = registry.build(registry.load(designs or registry.OURS), Options())
    with provided(server, {"fsync": "off"}) as given:
        found = [measure(install(design, given.endpoint, f"paths_{place}")) for place, design in enumerate(built.values())]
    if as_json:
        typer.echo(json.dumps([design.model_dump(mode="json") for design in found], indent=1))
        return
    typer.echo(TITLE)
    for line in aligned([HEADING, *path_rows(found)], left=2):
        typer.echo(line)
    typer.echo(f"\n{OPERATIONS}")
    for kind, told in operation_rows(found):
        typer.echo(f"{kind:<20}  {told}")
    for words in WORDS:
        typer.echo("\n" + words.replace("\n", " "))
