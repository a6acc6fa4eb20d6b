"""Runs the program as a shell would, without a second of imports for each command."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

COMMAND = str(Path(sys.executable).parent / "storebench")
ROOT = Path(__file__).resolve().parents[2]


class Program:
    """Commands as forks of one warm process (`tests.command.warm`), one at a time."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """The warm process; it ends with the block."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs:
                command = [sys.executable, "-m", "tests.command.warm", str(theirs.fileno())]
                warm = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
            yield cls(ours)
        warm.wait(60)

    def run(
        self, *arguments: str, folder: Path, environment: Mapping[str, str] | None = None, timeout_s: float = 280
    ) -> subprocess.CompletedProcess[str]:
        """`storebench` with these arguments in a folder, in this process' environment or in another one, and what it printed.

        Raises `subprocess.TimeoutExpired`, and ends the command, when it takes longer.
        """
        request = {
            "arguments": [COMMAND, *arguments],
            "folder": str(folder),
            "environment": dict(os.environ if environment is None else environment),
        }
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        with os.fdopen(out, "rb", 0), os.fdopen(err, "rb", 0):
            try:
                socket.send_fds(self._channel, [json.dumps(request).encode()], [out_end, err_end])
            finally:
                os.close(out_end)
                os.close(err_end)
            pid = int(self._channel.recv(32))
            try:
                said = _read((out, err), timeout_s)
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired([COMMAND, *arguments], timeout_s) from None
            finally:
                code = int(self._channel.recv(32))
        return subprocess.CompletedProcess([COMMAND, *arguments], code, *(one.decode("utf-8") for one in said))


def without_server() -> dict[str, str]:
    """This process' environment, in which no server is chosen."""
    return {name: value for name, value in os.environ.items() if name != "STOREBENCH_SERVER"}


def _read(files: tuple[int, int], timeout_s: float) -> tuple[bytes, bytes]:
    """What comes out of both until both are closed. Raises `TimeoutError`."""
    said = {file: bytearray() for file in files}
    until = time.monotonic() + timeout_s
    with selectors.DefaultSelector() as selector:
        for file in files:
            selector.register(file, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(until - time.monotonic())
            if not ready and time.monotonic() > until:
                raise TimeoutError
            for key, _ in ready:
                piece = os.read(key.fd, 1 << 16)
                said[key.fd] += piece
                if not piece:
                    selector.unregister(key.fd)
    return bytes(said[files[0]]), bytes(said[files[1]])
