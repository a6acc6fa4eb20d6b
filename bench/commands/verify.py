"""The command that holds a design to its contract."""

from __future__ import annotations

from typing import Annotated

import typer

from bench.commands.options import ServerOption


def verify(
    design: Annotated[str, typer.Argument(metavar="NAME", help="A registered design, ours or anybody's, or one of a ladder.")],
    stories: Annotated[int, typer.Option(min=1, max=1_000_000, help="Random stories that are told.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the random stories.")] = 1,
    limit: Annotated[float, typer.Option(min=0.1, max=3600.0, help="Seconds that one call into the design may take.")] = 10.0,
    server: ServerOption = None,
) -> None:
    """Check a design against its contract on a server; a broken property is shown by its shortest example."""
    from bench import registry
    from bench.errors import ContractBroken
    from bench.ladder import registry as ladders
    from bench.server.provided import provided
    from bench.verify.printing import Printer
    from bench.verify.suite import Suite
    from variants.contract import Design, Options

    settings = {"fsync": "off", "statement_timeout": f"{limit * 1000:.0f}"}
    printer = Printer.for_terminal()
    with printer.listening(), registry.watched(limit):
        (make,) = ladders.load([design]).values()

        def built(options: Options) -> Design:
            return registry.built(design, make, options)

        # A design without its default form is refused before a server is started.
        registry.build({design: make}, Options())
        with provided(server, settings) as given:
            Suite(built, given.endpoint, "verify", stories, seed, printer.verdict).run()
    printer.silence()
    if printer.broken:
        raise ContractBroken(printer.summary(design))
