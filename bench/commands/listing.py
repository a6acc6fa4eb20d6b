"""The command that lists what can be chosen."""

from __future__ import annotations

from typing import Annotated

import typer

from bench.errors import UserError

KINDS = ("designs", "factors", "workloads")


def list_(what: Annotated[str, typer.Argument(help="designs, factors or workloads")]) -> None:
    """List what can be chosen: the designs, the factors crossed with them, or the workloads."""
    from rich.console import Console

    from bench import listed, registry

    if what not in KINDS:
        raise UserError(f"cannot list {what!r}: known are {', '.join(KINDS)}")
    console = Console(highlight=False, soft_wrap=True)
    with registry.watched():
        lines = list({"designs": listed.designs, "factors": listed.factors, "workloads": listed.workloads}[what]())
    for line in lines:
        console.print(line)
