"""The one writer of traces: whole or not at all, and the same bytes for the same columns."""

from __future__ import annotations

import gzip
import os
import stat
from collections.abc import Iterator
from itertools import starmap
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from workloads.errors import InputError
from workloads.importing.columns import MICROSECONDS, TraceColumns, microseconds
from workloads.placing import clear_left, place
from workloads.trace_columns import ANNOTATED, NEEDED

PACKED = ".gz"
LEVEL = 6
PART_ROWS = 65_536


def write_trace(path: Path, columns: TraceColumns, *, replace: bool = False) -> None:
    """Write a trace, packed when its name ends in `.gz`; times to the microsecond.

    Raises `InputError` where a file of this name is there already and `replace` is not given, or where it cannot be written: then
    what was there before is still there, and so is what another program put there meanwhile.
    """
    check_writable(path, replace=replace)
    clear_left(path.parent)

    def written(file: BinaryIO) -> None:
        _write(file, columns, packed=path.name.endswith(PACKED))
        check_writable(path, replace=replace)

    try:
        place(path, written, replace=replace)
    except FileExistsError:
        raise _there(path) from None
    except OSError as error:
        raise _unwritable(path, error) from None


def check_writable(path: Path, *, replace: bool) -> None:
    """Say before any work is done that a trace may not be written there; raises `InputError`."""
    try:
        folder = path.parent.stat()
        there = _found(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    except ValueError as error:
        raise InputError(f"{str(path)!r}: {error}: give the name of a file to be written") from None
    if not stat.S_ISDIR(folder.st_mode):
        raise InputError(f"{path}: what should be its folder is none: give the name of a file to be written")
    if there is None:
        return
    if not replace:
        raise _there(path)
    if not stat.S_ISREG(there.st_mode):
        raise InputError(f"{path}: it is no file and is not replaced: give another name")


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path}: it cannot be written ({error.strerror}): mend that or make room, or give another name")


def _there(path: Path) -> InputError:
    return InputError(f"{path}: it is there already: give another name, or --force to replace it")


def _write(file: BinaryIO, columns: TraceColumns, *, packed: bool) -> None:
    if not packed:
        file.writelines(_parts(columns))
        return
    # Neither the time nor the name of the file: equal columns are equal bytes.
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0) as inside:
        cast("BinaryIO", inside).writelines(_parts(columns))


def _parts(columns: TraceColumns) -> Iterator[bytes]:
    names = [*NEEDED, *([] if columns.annotated is None else [ANNOTATED])]
    yield (",".join(names) + "\n").encode()
    line = (",".join(["{}"] * len(names)) + "\n").format
    for start in range(0, len(columns.t_s), PART_ROWS):
        part = slice(start, start + PART_ROWS)
        values = [
            map(_seconds, microseconds(columns.t_s[part]).tolist()),
            columns.ch[part].tolist(),
            columns.u[part].tolist(),
            columns.text_bytes[part].tolist(),
            ["" if row < 0 else row for row in columns.reply_to[part].tolist()],
            columns.bot[part].astype(np.int64).tolist(),
            *([] if columns.annotated is None else [columns.annotated[part].astype(np.int64).tolist()]),
        ]
        yield "".join(starmap(line, zip(*values, strict=True))).encode()


def _seconds(t_us: int) -> str:
    """Seconds without trailing zeros."""
    sign = "-" if t_us < 0 else ""
    whole, rest = divmod(abs(t_us), MICROSECONDS)
    return f"{sign}{whole}.{rest:06d}".rstrip("0") if rest else f"{sign}{whole}"
