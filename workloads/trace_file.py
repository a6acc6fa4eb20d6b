"""A trace's file: what may be opened, and its rows as text, a part at a time.

Whatever the file is, it is read to its first fault at the most, with a bound on what is held: a part has at most `PART_LINES` lines
and about `PART_CHARACTERS` characters, a line at most `LINE_CHARACTERS_MAX`. A packed file is never unpacked as a whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from workloads.errors import InputError

PART_LINES = 32_768
PART_CHARACTERS = 4_000_000
LINE_CHARACTERS_MAX = 10_000
GZIP_MAGIC = b"\x1f\x8b"

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


class Problem(Exception):
    """What is wrong in a line of the file: `line N: what: what to do`; `after` when it lies somewhere behind that line."""

    def __init__(self, line: int, what: str, *, after: bool = False) -> None:
        super().__init__(f"{'after ' if after else ''}line {line}: {what}")


@contextmanager
def opened(path: Path, called: str | None = None) -> Iterator[io.BufferedReader]:
    """The bytes of a regular file that nobody writes to meanwhile. A pipe or a device is never waited for.

    Raises `InputError`, which names the file as it is `called` where its path may not be told.
    """
    name = called or str(path)
    try:
        # Without O_NONBLOCK the opening of a pipe would wait for somebody to write to it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                kind = _KINDS.get(stat.S_IFMT(before.st_mode), "no file")
                raise InputError(f"{name}: it is {kind}: give a trace as a file, plain or gzip")
            with os.fdopen(handle, "rb", closefd=False) as raw:
                yield raw
            after = os.fstat(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}: give a trace file that can be read") from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name!r}: {error}: give the name of a trace file") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputError(f"{name}: it changed while it was read: give a file that nobody writes to")


def parts(raw: io.BufferedReader) -> Iterator[list[list[str]]]:
    """The rows of the file, the header's first, one for each line; raises `Problem` behind the last row that can be read."""
    packed = raw.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
    data = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
    # A byte that is no UTF-8 becomes a lone surrogate, so that its line can be told.
    with io.TextIOWrapper(data, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        before = 0
        while lines := _lines(text, before):
            yield from _rows(lines, before)
            before += len(lines)


def _lines(text: TextIO, before: int) -> list[str]:
    """The next lines of the file, none at its end."""
    lines, characters = list[str](), 0
    try:
        while len(lines) < PART_LINES and characters < PART_CHARACTERS and (line := text.readline(LINE_CHARACTERS_MAX + 1)):
            lines.append(line)
            characters += len(line)
            if len(line) > LINE_CHARACTERS_MAX:
                break
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Problem(before + len(lines), f"broken gzip data ({error}): copy it again", after=True) from None
    return lines


def _rows(lines: Sequence[str], before: int) -> Iterator[list[list[str]]]:
    rows = _parsed(lines)
    if rows is not None:
        yield rows
        return
    whole = list[list[str]]()
    for number, line in enumerate(lines, start=before + 1):
        if (what := _complaint(line)) is not None:
            # Rows before this one may be wrong too, and come first.
            if whole:
                yield whole
            raise Problem(number, what)
        whole += csv.reader([line], strict=True)
    raise AssertionError(f"lines {before + 1} to {before + len(lines)} are right one by one, but not together")


def _parsed(lines: Sequence[str]) -> list[list[str]] | None:
    """A row for each line; None when one of them is no row."""
    text = "".join(lines)
    if "\0" in text or not (text.isascii() or _is_utf8(text)) or max(map(len, lines)) > LINE_CHARACTERS_MAX:
        return None
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error:
        return None
    return rows if len(rows) == len(lines) else None


def _complaint(line: str) -> str | None:
    """Why the line is no row, or None."""
    if not _is_utf8(line):
        return "not UTF-8 text: give CSV, plain or gzip"
    if "\0" in line:
        return "binary data: give CSV, plain or gzip"
    if len(line) > LINE_CHARACTERS_MAX:
        return f"longer than {LINE_CHARACTERS_MAX} characters: give one message a line, its length and not its text"
    try:
        list(csv.reader([line], strict=True))
    except csv.Error as error:
        return f"no CSV ({error}): give CSV, plain or gzip, each message in a line of its own"
    return None


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
