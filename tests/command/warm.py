"""A process that has everything imported that a command needs, and forks itself for each command that is asked for.

A fresh interpreter spends a second on imports, far more than most commands take. The fork is a process like any: it has its own
folder, environment, output and exit code, and it begins at the program's entry point.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import pkgutil
import signal
import socket
import sys

import bench

PATCHING = ("bench.locustfile", "bench.swarm")
"""What is made of Locust, whose import alters the standard library of its process for gevent: no command imports it itself."""


def import_all() -> None:
    """Import the modules of the program, and with them the libraries that it is made of."""
    for module in pkgutil.walk_packages(bench.__path__, "bench."):
        if not module.name.endswith("__main__") and not module.name.startswith(PATCHING):
            importlib.import_module(module.name)
    assert "gevent.monkey" not in sys.modules


def serve(asked: socket.socket) -> None:
    """Fork for each command until nobody asks any more; tell its process, and when it has ended its exit code."""
    while True:
        message, files, _, _ = socket.recv_fds(asked, 1 << 20, 2)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            asked.close()
            _become(files, **json.loads(message))
            from bench.entry import main  # noqa: PLC0415 - as the program's own script does it

            main()
        for file in files:
            os.close(file)
        asked.send(str(pid).encode())
        _, status = os.waitpid(pid, 0)
        asked.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(files: list[int], arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """The process that the shell would have started: its standard streams are these files."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    importlib.invalidate_caches()
    for file, stream in zip((os.open(os.devnull, os.O_RDONLY), *files), (0, 1, 2), strict=True):
        os.dup2(file, stream)
        os.close(file)
    sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w")), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
    sys.argv = arguments


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    import_all()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        serve(channel)
