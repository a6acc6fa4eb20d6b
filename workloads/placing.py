"""The one way in which a file gets its place: whole or not at all, whoever else writes there."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PARTIAL = ".partial-"
"""What the name of everything that is not yet whole begins with."""
_OURS = re.compile(re.escape(PARTIAL) + "[0-9a-f]{16}")
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What a file system says that has no hard links."""
_TRIES = 10


def place(path: Path, write: Callable[[BinaryIO], None], *, replace: bool) -> None:
    """Write a file under a name of its own, on disk, and only then give it its name.

    Raises FileExistsError where one of this name is there and `replace` is not given, also when it came there meanwhile; OSError
    where it cannot be written; and what `write` raises. Then nothing of it stays, and what was there before is still there.
    """
    partial, file = _created(path.parent)
    with file:
        try:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            if replace:
                partial.replace(path)
            else:
                _name(partial, path)
        finally:
            with suppress(OSError):
                partial.unlink()


def clear_left(folder: Path) -> None:
    """Remove what writers that were killed left half written in a folder.

    A writer holds a lock on its file as long as it lives. What others called alike, what is no file and what cannot be looked at
    are left alone.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                _remove_if_left(Path(entry.path))


def _remove_if_left(partial: Path) -> None:
    with suppress(OSError):
        handle = os.open(partial, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            partial.unlink()
        finally:
            os.close(handle)


def _created(folder: Path) -> tuple[Path, BinaryIO]:
    """A locked file that was not there before, neither as a link nor as a pipe, and its name."""
    for _ in range(_TRIES):
        partial = folder / f"{PARTIAL}{secrets.token_hex(8)}"
        file = _new(partial)
        with suppress(OSError):  # A file system without locks: then nobody finds this file left either.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Until the lock was there, it may have been taken for left.
        if os.fstat(file.fileno()).st_nlink:
            return partial, file
        file.close()
    raise OSError(errno.EAGAIN, "other programs remove what is written there")


def _new(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o666), "wb")


def _name(partial: Path, path: Path) -> None:
    """Give a whole file its name; raises FileExistsError where a file got that name meanwhile."""
    try:
        path.hardlink_to(partial)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Taken first, so that what is replaced is an empty file of our own.
        _new(path).close()
        partial.replace(path)
