"""The command line, called without a process of its own, and what it may say to an input that is wrong."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import IO

from bench.cli import main

LINE_CHARACTERS_MAX = 1_100


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it printed."""

    status: int
    output: str
    errors: str


def call(*arguments: str) -> Said:
    """Run a command as the shell would."""
    with _stream() as output, _stream() as errors:
        with _as_it_was(), redirect_stdout(output), redirect_stderr(errors):
            try:
                main(list(arguments))
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else int(end.code is not None)
        return Said(status, _content(output), _content(errors))


def _stream() -> IO[str]:
    """A true file: progress is written to its descriptor."""
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape")


def _content(stream: IO[str]) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def refused(said: Said) -> bool:
    """Whether the input was refused; it must be in one line, and nothing may have gone wrong in the program itself."""
    assert "Traceback" not in said.errors, said.errors
    assert said.status in {0, 2, 3}, said
    if said.status == 2:
        lines = said.errors.splitlines()
        assert len(lines) == 1, said.errors
        assert lines[0].startswith("storebench: "), said.errors
        assert len(lines[0]) < LINE_CHARACTERS_MAX
        assert lines[0].isprintable(), said.errors
    return said.status != 0


@contextmanager
def _as_it_was() -> Iterator[None]:
    """What the command line does with signals, and with the descriptors of a stream that failed, is undone."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    kept = [os.dup(1), os.dup(2)]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        for descriptor, copy in enumerate(kept, start=1):
            os.dup2(copy, descriptor)
            os.close(copy)
