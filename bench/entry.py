"""The first thing that runs: until the command line is imported, Ctrl-C ends the program in one line."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import NoReturn


def main() -> NoReturn:
    """The entry point of `storebench`."""
    signal.signal(signal.SIGINT, _nothing_was_begun)
    from bench.cli import main as command_line  # noqa: PLC0415 - half a second, in which an interrupt would be a traceback

    command_line()


def _nothing_was_begun(number: int, frame: FrameType | None) -> None:
    del frame
    os.write(2, b"storebench: interrupted\n")
    os._exit(128 + number)
