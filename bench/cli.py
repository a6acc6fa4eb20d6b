"""The command line: arguments in, one line for every error a user can mend, an exit status for scripts.

Exit 0: done. 1: a check that the user asked for fails. 2: bad input, or a server, a disk or a connection that failed. 3: a
measurement or the same-work proof is invalid and results are withheld, or a design breaks its contract. 70: a fault of this
program. 129, 130, 143: interrupted by a signal.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import typer

from bench.commands.aa import aa
from bench.commands.compare import compare
from bench.commands.complexity import complexity
from bench.commands.coverage import coverage
from bench.commands.doctor import doctor
from bench.commands.faults import faults
from bench.commands.listing import list_
from bench.commands.load import load
from bench.commands.plans import plans
from bench.commands.replay import replay
from bench.commands.report import report
from bench.commands.rerun import rerun
from bench.commands.run import run
from bench.commands.show import show
from bench.commands.trace_describe import describe
from bench.commands.trace_fit import fit
from bench.commands.trace_import import importing
from bench.commands.validity import validity
from bench.commands.verify import verify
from bench.commands.workload_export import export
from bench.commands.workload_ranking import ranking
from bench.commands.workload_show import show as show_workload
from bench.commands.workload_validate import validate
from bench.errors import InvalidMeasurement, Terminated, UserError
from bench.progress.ending import ending
from bench.visible import visible

app = typer.Typer(
    name="storebench",
    help="Choose a message-storage design on evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s)]*")

SHOWN_LINES = 20
"""Lines of a difference that are printed; `withheld.json` has all of them."""

SHOWN_CHARACTERS = 1_000
"""A longer line of an error is cut in its middle."""

app.command()(run)
app.command()(rerun)
app.command()(faults)
app.command()(load)
app.command()(report)
app.command()(compare)
app.command()(aa)
app.command()(coverage)
app.command()(replay)
app.command()(plans)
app.command()(complexity)
app.command(name="list")(list_)
app.command()(show)
app.command()(doctor)
app.command()(verify)
app.command()(validity)

trace = typer.Typer(name="trace", help="Real traffic as files.")
workload = typer.Typer(name="workload", help="What is asked of a store.")
app.add_typer(trace)
app.add_typer(workload)
trace.add_typer(importing)
trace.command()(describe)
trace.command()(fit)
workload.command()(ranking)
workload.command(name="show")(show_workload)
workload.command()(export)
workload.command()(validate)


def main(arguments: list[str] | None = None) -> NoReturn:
    """The entry point: runs a command and exits."""
    os.environ.setdefault("MPLCONFIGDIR", str(Path(".cache/matplotlib").absolute()))
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(".cache/hypothesis").absolute()))
    # libpq would take some of these before what a connection string says, and a session would not be in UTC.
    for variable in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[variable]
    interrupts = _Interrupts()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupts.hear)
    try:
        status = _command(arguments)
        # What waits in the buffer must fail here, where it can be told, and not when the interpreter ends.
        if sys.stdout is not None:
            sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the last place where an exception can be told in one line
        _leave(error)
    sys.exit(status)


def _command(arguments: list[str] | None) -> int:
    try:
        return typer.main.get_command(app).main(arguments, prog_name="storebench", standalone_mode=False) or 0
    except typer.TyperException as error:
        # An address where no word is wanted may hold a password.
        raise UserError(_ADDRESS.sub("URL", error.format_message())) from error
    except SystemExit as end:
        # Typer makes an exit with 1 of a reader that is gone, which scripts could not tell from a gate that failed.
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        raise


class _Interrupts:
    """A signal ends the run like an exception, so that servers and folders are cleaned up.

    A second one may come while that is going on, which it must not cut short: it is told how things stand. A third is obeyed, so
    that no lost exception can make the program unstoppable.
    """

    def __init__(self) -> None:
        self._heard = 0

    def hear(self, number: int, frame: object) -> None:
        del frame
        self._heard += 1
        if self._heard == 2:
            with suppress(OSError):
                os.write(2, b"storebench: ending: the server is stopped and what was measured is kept\n")
            return
        raise Terminated(128 + number)


def _leave(error: BaseException) -> NoReturn:
    """Say in one line what a user can mend, and exit with the status that belongs to it."""
    end = ending(error)
    if end.internal and (not end.logged or os.environ.get("STOREBENCH_TRACEBACK")):
        traceback.print_exception(error)
    try:
        if end.error is not None:
            _say(end.error)
        if isinstance(error, InvalidMeasurement):
            for line in error.lines[:SHOWN_LINES]:
                _say(line, before="  ")
            if len(error.lines) > SHOWN_LINES:
                _say(f"... and {len(error.lines) - SHOWN_LINES} more", before="  ")
    except OSError:
        # Nobody listens any more; the exit status still tells.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if isinstance(error, OSError):
        # Whatever standard output still holds cannot be written either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(end.exit_code)


def _say(text: str, before: str = "storebench: ") -> None:
    """One line, whatever the text holds: control characters are shown, not obeyed."""
    shown = visible(text)
    if len(shown) > SHOWN_CHARACTERS:
        shown = f"{shown[: SHOWN_CHARACTERS // 2]} ... {shown[-SHOWN_CHARACTERS // 2 :]}"
    if sys.stderr is not None:
        sys.stderr.write(f"{before}{shown}\n".encode(sys.stderr.encoding, "backslashreplace").decode(sys.stderr.encoding))
        sys.stderr.flush()
