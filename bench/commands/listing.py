"""The command that lists what can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from bench.errors import UserError

KINDS = ("designs", "factors", "workloads", "runs")


def list_(
    what: Annotated[str, typer.Argument(help="designs, factors, workloads or runs")],
    out: Annotated[Path | None, typer.Option("--out", help="Where the folders of runs lie; results when absent.")] = None,
) -> None:
    """List what can be chosen, the designs, the factors crossed with them, the workloads; or the runs that were made."""
    from functools import partial

    from bench import listed, registry
    from bench.console import BreakingConsole
    from bench.runs.listed import listed as runs

    if what not in KINDS:
        raise UserError(f"cannot list {what!r}: known are {', '.join(KINDS)}")
    if out is not None and what != "runs":
        raise UserError(f"--out {out}: only runs lie there; leave --out out")
    console = BreakingConsole(highlight=False, soft_wrap=True)
    pages: dict[str, Callable[[], Iterable[object]]] = {
        "designs": listed.designs,
        "factors": listed.factors,
        "workloads": listed.workloads,
        "runs": partial(runs, out or Path("results")),
    }
    with registry.watched():
        lines = list(pages[what]())
    for line in lines:
        console.print(line)
