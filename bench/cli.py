"""The command line: arguments in, one line for every error a user can mend, an exit status for scripts.

Exit 0: done. 2: bad input. 3: a measurement or the same-work proof is invalid and results are withheld, or a design breaks its
contract. 130, 143: interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from bench.commands.complexity import complexity
from bench.commands.doctor import doctor
from bench.commands.listing import list_
from bench.commands.plans import plans
from bench.commands.replay import replay
from bench.commands.report import report
from bench.commands.run import run
from bench.commands.show import show
from bench.commands.verify import verify
from bench.drive.errors import ContractError
from bench.errors import ContractBroken, InvalidMeasurement, Terminated, UserError
from bench.visible import visible
from workloads.errors import InputError

app = typer.Typer(
    name="storebench",
    help="Choose a message-storage design on evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SHOWN_LINES = 20
"""Lines of a difference that are printed; `withheld.json` has all of them."""

app.command()(run)
app.command()(report)
app.command()(replay)
app.command()(plans)
app.command()(complexity)
app.command(name="list")(list_)
app.command()(show)
app.command()(doctor)
app.command()(verify)


def main(arguments: list[str] | None = None) -> NoReturn:
    """The entry point: runs a command and exits."""
    os.environ.setdefault("MPLCONFIGDIR", str(Path(".cache/matplotlib").absolute()))
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(".cache/hypothesis").absolute()))
    # libpq would take some of these before what a connection string says, and a session would not be in UTC.
    for variable in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[variable]
    for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(ending, _terminate)
    errors = Console(stderr=True, soft_wrap=True)
    try:
        sys.exit(typer.main.get_command(app).main(arguments, prog_name="storebench", standalone_mode=False) or 0)
    except (UserError, InputError) as error:
        _say(errors, str(error))
        sys.exit(2)
    except typer.TyperException as error:
        _say(errors, error.format_message())
        sys.exit(2)
    except ContractError as error:
        _say(errors, f"results withheld: a design breaks its contract: {error}")
        sys.exit(3)
    except ContractBroken as error:
        _say(errors, str(error))
        sys.exit(3)
    except InvalidMeasurement as error:
        _say(errors, f"results withheld: {error.reason}")
        for line in error.lines[:SHOWN_LINES]:
            errors.print(f"  {visible(line)}", markup=False, highlight=False)
        if len(error.lines) > SHOWN_LINES:
            errors.print(f"  ... and {len(error.lines) - SHOWN_LINES} more", markup=False, highlight=False)
        sys.exit(3)
    except Terminated:
        _say(errors, "interrupted")
        raise


def _say(console: Console, text: str) -> None:
    """One line, whatever the text holds: control characters are shown, not obeyed."""
    console.print(f"storebench: {visible(text)}", markup=False, highlight=False)


def _terminate(number: int, frame: object) -> NoReturn:
    """A signal ends the run like an exception, so that servers and folders are cleaned up."""
    del frame
    raise Terminated(128 + number)
