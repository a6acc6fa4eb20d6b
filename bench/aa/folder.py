"""The folder of windows: their record and raw rows, each file whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from bench.aa.record import WindowsRecord
from bench.errors import UserError
from bench.latency import samples
from bench.results.files import pretty, read_record, unwritable, write_file
from bench.results.raw_rows import write_rows

RECORD = "windows.json"
_WINDOW = "window-{:04d}.parquet"


def create(root: Path, name: str) -> Path:
    """A new folder below `root`; one line when it cannot be made."""
    path = root / name
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        raise UserError(f"{path} is there already: wait a second, or give another folder with --out") from None
    except OSError as error:
        raise UserError(f"{path} cannot be made ({error.strerror}): choose another folder with --out") from error
    return path


def store(path: Path, number: int, window: pa.Table) -> None:
    """Put a window's raw rows into the folder."""
    final = path / _WINDOW.format(number)
    partial = path / f".partial-{final.name}"
    try:
        write_rows(window, partial)
        partial.replace(final)
    except OSError as error:
        raise unwritable(final, error) from error


def describe(path: Path, record: WindowsRecord) -> None:
    """Put the record into the folder: it says that all windows are there."""
    write_file(path / RECORD, pretty(record))


def record_of(path: Path) -> WindowsRecord:
    """What was measured. One line for a folder that has no windows."""
    if not (path / RECORD).is_file():
        raise UserError(f"{path} holds no windows ({RECORD} is missing): give a folder that storebench aa made")
    return read_record(path / RECORD, WindowsRecord)


def windows(path: Path, record: WindowsRecord) -> Iterator[pa.Table]:
    """The raw rows of each window, in order."""
    return (samples.read(path / _WINDOW.format(number)) for number in range(record.pairs))
