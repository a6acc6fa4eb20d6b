"""What commands that measure have in common: the options of a run that goes on, and its beginning."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench.errors import UserError

if TYPE_CHECKING:
    from bench.configuration import Resolved
    from bench.progress.choose import CommandTeller


def check_resumed(run: Path | None, *, resume: bool, profile: str | None, config: Path | None) -> None:
    """Raise `UserError` when the run that was named cannot be gone on with as it was asked for."""
    if run is not None and not resume:
        raise UserError(f"{run}: only --resume goes on with a run; to begin a new one name none")
    if run is not None and (profile is not None or config is not None):
        raise UserError(f"--resume {run}: it goes on with its own configuration; leave --profile and --config out")


def names_of(designs: str | None) -> tuple[str, ...] | None:
    """The names of `--designs`; None when it was not given."""
    return tuple(name.strip() for name in designs.split(",")) if designs is not None else None


def begin(resolved: Resolved, run: Path | None, server: str | None, out: Path, telling: CommandTeller, *, resume: bool) -> None:
    """Measure what was asked for, in a new run or in one that did not end."""
    # What is refused need not wait for statistics and charts to be imported.
    from bench.campaign.measuring import Wanted, new_run, resumed_run
    from bench.commands.arguments import told

    wanted = Wanted(server, out, told(sys.argv[1:]))
    if resume:
        resumed_run(resolved, run, wanted, telling)
    else:
        new_run(resolved.configuration, wanted, telling)
