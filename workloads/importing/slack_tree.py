"""The files of a Slack export, in a folder or in a zip of it, by their places: names of folders are names of channels."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from workloads.errors import InputError
from workloads.trace_file import opened

FILE_BYTES_MAX = 256 << 20
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.json", re.ASCII)
_UTF8 = 0x800
"""The flag of a zip's entry whose name is UTF-8; without it the name is read as of code page 437."""
GIVE = "give the folder of a Slack export, or a zip of it"


class Tree(Protocol):
    """Folders are known by their names in composed form, since some file systems take them apart."""

    @property
    def top(self) -> Collection[str]:
        """The names of the files that lie in no folder."""

    @property
    def days(self) -> Mapping[str, Sequence[str]]:
        """The files of days in each folder, in the order of names."""

    @property
    def others(self) -> int:
        """Files in folders that are not of a day."""

    def read(self, folder: str | None, name: str, called: str) -> bytes:
        """A whole file; raises `InputError`, which names it as it is `called`."""


@contextmanager
def tree_of(path: Path) -> Iterator[Tree]:
    """The export at this path; raises `InputError` when there is none."""
    if path.is_dir():
        yield _Folder(path)
    elif path.is_file():
        with _zip(path) as found:
            yield _Zip(found)
    else:
        raise InputError(f"it is neither a folder nor a file: {GIVE}")


class _Folder:
    """An export that was unpacked."""

    def __init__(self, path: Path) -> None:
        try:
            here = sorted(path.iterdir())
            self.top = [entry.name for entry in here if not entry.is_dir()]
            within = {entry.name: sorted(file.name for file in entry.iterdir()) for entry in here if entry.is_dir()}
        except OSError as error:
            raise InputError(f"it cannot be listed ({error.strerror}): {GIVE}") from None
        self._path = path
        self._folders = {composed(folder): folder for folder in within}
        self.days, self.others = _days(within)

    def read(self, folder: str | None, name: str, called: str) -> bytes:
        place = self._path if folder is None else self._path / self._folders[folder]
        with opened(place / name, called) as raw:
            return _bounded(raw.read(FILE_BYTES_MAX + 1), called)


class _Zip:
    """An export as it is downloaded."""

    def __init__(self, found: zipfile.ZipFile) -> None:
        self._zip = found
        self.top, within = list[str](), dict[str, list[str]]()
        self._entries = {_named(entry): entry for entry in found.infolist()}
        for name in sorted(self._entries):
            folder, slash, file = name.partition("/")
            if not slash:
                self.top.append(name)
            elif file:
                within.setdefault(folder, []).append(file)
        self._folders = {composed(folder): folder for folder in within}
        self.days, self.others = _days(within)

    def read(self, folder: str | None, name: str, called: str) -> bytes:
        try:
            with self._zip.open(self._entries[name if folder is None else f"{self._folders[folder]}/{name}"]) as file:
                return _bounded(file.read(FILE_BYTES_MAX + 1), called)
        except _BROKEN as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{called}: it cannot be unpacked ({type(error).__name__}): {GIVE}") from None


# What a broken, locked or strangely packed zip raises; the words may hold names of entries.
_BROKEN = (OSError, EOFError, RuntimeError, ValueError, NotImplementedError, struct.error, zlib.error, zipfile.BadZipFile)


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BROKEN as error:
        raise InputError(f"it is no zip that can be read ({type(error).__name__}): {GIVE}") from None


def _named(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; many programs write it as UTF-8 without the flag that says so."""
    with suppress(UnicodeError):
        if not entry.flag_bits & _UTF8:
            return entry.filename.encode("cp437").decode()
    return entry.filename


def composed(name: str) -> str:
    """A name in the form in which equal names are equal."""
    return unicodedata.normalize("NFC", name)


def _days(within: Mapping[str, Sequence[str]]) -> tuple[dict[str, list[str]], int]:
    days = {composed(folder): [name for name in names if DAY.fullmatch(name)] for folder, names in within.items()}
    return days, sum(map(len, within.values())) - sum(map(len, days.values()))


def _bounded(content: bytes, called: str) -> bytes:
    if len(content) > FILE_BYTES_MAX:
        raise InputError(f"{called}: it is longer than {FILE_BYTES_MAX} bytes: {GIVE}")
    return content
