"""A history on disk: a file of its own, outside of the database under test, that only grows; each event is one line of JSON.

What was appended durably is on the disk before anything else happens, so a server or a client that dies takes none of it along. A
writer that dies amid a line leaves it torn: without its end. That is no error; whoever reads is given the torn bytes apart, and
whoever goes on writing cuts them off. A damaged line anywhere else is an error.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from bench.errors import UserError
from bench.history.event import EVENT, Event
from bench.visible import visible

_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Lines:
    """The events of a journal, and the bytes after the last whole line."""

    events: tuple[Event, ...]
    torn: bytes


class Journal:
    """A journal that one process writes; make it with `opened`.

    `durable`: every append waits for the disk. Without it, what was appended outlives its process but not the machine, until
    somebody calls `sync` on the file: for clients that are timed, and killed by signals alone.
    """

    def __init__(self, path: Path, descriptor: int, *, durable: bool) -> None:
        self.path = path
        self._descriptor = descriptor
        self._durable = durable

    @classmethod
    @contextmanager
    def opened(cls, path: Path, *, durable: bool = True) -> Iterator[Self]:
        """Append to this file, made when it is not there. `UserError` when it cannot be written, or another process writes it."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise UserError(f"{path}: no history can be written there ({error.strerror}): give another place") from error
        try:
            _check_plain(path, descriptor)
            _claim(path, descriptor)
            _cut_torn(path, descriptor)
            sync_folder(path.parent)
            yield cls(path, descriptor, durable=durable)
        finally:
            os.close(descriptor)

    def append(self, *events: Event) -> None:
        """Write events in one go, and wait for the disk where the journal is durable. `UserError` when there is no room.

        Then none of them is there: what goes behind a line that was written in part would be damaged with it.
        """
        left = b"".join(EVENT.dump_json(event, exclude_none=True) + b"\n" for event in events)
        before = os.fstat(self._descriptor).st_size
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
            if self._durable:
                os.fsync(self._descriptor)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._descriptor, before)
            raise UserError(f"{self.path}: the history cannot be written ({error.strerror}): make room where it lies") from error


def sync(path: Path) -> None:
    """Wait until everything that was appended to this file is on the disk, whoever wrote it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the names in this folder are on the disk: a new file is not there after a power cut before that."""
    sync(folder)


def read(path: Path) -> Lines:
    """All events of a journal. `UserError` in one line for a file that cannot be read, or the first damaged line by its number."""
    try:
        # What is no plain file could keep its reader waiting, or never end.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            _check_plain(path, descriptor)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                content = file.read()
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UserError(f"{path}: the history cannot be read ({error.strerror}): give the file of a journal") from error
    whole, torn = _split(content)
    return Lines(tuple(_parsed(path, number, line) for number, line in enumerate(whole, start=1)), torn)


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    end = content.rfind(b"\n") + 1
    return content[:end].split(b"\n")[:-1], content[end:]


def _parsed(path: Path, number: int, line: bytes) -> Event:
    try:
        return EVENT.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        shown = visible(line.decode("utf-8", "replace"))[:_SHOWN_CHARACTERS]
        problem = visible(f"{where}: {first['msg']}")
        raise UserError(
            f"{path}, line {number}: it is no event of a history ({problem}): {shown}: mend or remove the line"
        ) from error


def _check_plain(path: Path, descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise UserError(f"{path}: it is no plain file: give the file of a journal")


def _claim(path: Path, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UserError(f"{path}: another process writes this history: wait for its end, or give another place") from error
    except OSError as error:
        raise UserError(f"{path}: no history can be written there ({error.strerror}): give another place") from error


def _cut_torn(path: Path, descriptor: int) -> None:
    """A line glued to a torn one would be damaged itself."""
    _, torn = _split(path.read_bytes())
    if torn:
        os.ftruncate(descriptor, os.fstat(descriptor).st_size - len(torn))
        os.fsync(descriptor)
