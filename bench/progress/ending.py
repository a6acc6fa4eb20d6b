"""How a command ends: the outcome, the exit status and the one line that belong to an exception. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from bench.drive.errors import ContractError
from bench.errors import ContractBroken, InvalidMeasurement, Terminated, UserError
from bench.progress.events import Outcome
from bench.progress.faults import fault_of
from workloads.errors import InputError

INTERNAL = 70
"""The exit status of an error in this program itself; `EX_SOFTWARE` of sysexits.h."""

_LOGGED = "the run log: "


@dataclass(frozen=True, slots=True)
class Ending:
    """`error` is the line for the user, None when there is nothing to say.

    `internal`: the program itself is at fault; `logged`: its traceback stands in the log of the run.
    """

    outcome: Outcome
    exit_code: int
    error: str | None = None
    internal: bool = False
    logged: bool = False


def ending(error: BaseException | None) -> Ending:
    """What the command line makes of an exception; None: the command came to its end."""
    match error:
        case None:
            return Ending(Outcome.FINISHED, 0)
        case UserError() | InputError():
            return Ending(Outcome.FAILED, 2, str(error))
        case ContractError():
            return Ending(Outcome.WITHHELD, 3, f"results withheld: a design breaks its contract: {error}")
        case InvalidMeasurement():
            return Ending(Outcome.WITHHELD, 3, f"results withheld: {error.reason}")
        case ContractBroken():
            return Ending(Outcome.FAILED, 3, str(error))
        case Terminated():
            return Ending(Outcome.INTERRUPTED, error.code if isinstance(error.code, int) else 1, "interrupted")
        case KeyboardInterrupt():
            return Ending(Outcome.INTERRUPTED, 130, "interrupted")
        case SystemExit():
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
            return Ending(Outcome.FAILED if code else Outcome.FINISHED, code)
        case BrokenPipeError():
            return Ending(Outcome.FAILED, 128 + signal.SIGPIPE)
        case OSError():
            where = error.filename if isinstance(error.filename, str) else "a file"
            return Ending(Outcome.FAILED, 2, f"{where}: {error.strerror or error}: make room there, or choose another folder")
        case MemoryError():
            return Ending(Outcome.FAILED, 2, "out of memory: choose a smaller configuration, or fewer designs")
        case RecursionError():
            return Ending(Outcome.FAILED, 2, "the input is nested too deeply: make it flatter")
        case _:
            return _internal(error)


def remember_log(error: BaseException, path: str) -> None:
    """An internal error whose traceback stands in a run's log says so from now on."""
    error.add_note(_LOGGED + path)


def _internal(error: BaseException) -> Ending:
    notes = [note for note in vars(error).get("__notes__", ()) if isinstance(note, str)]
    log = next((note.removeprefix(_LOGGED) for note in notes if note.startswith(_LOGGED)), None)
    place = fault_of(error, causes=0).where or "a library"
    report = "please report it with the traceback" if log is None else f"please report it with {log}, which holds the traceback"
    line = f"internal error: {type(error).__name__} at {place}: {report}"
    return Ending(Outcome.FAILED, INTERNAL, line, internal=True, logged=log is not None)
