"""What the disk takes to keep a page, without a server: the same that `pg_test_fsync` asks, beside the server's data."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from bench.server.endpoint import Endpoint

PAGE_BYTES = 8_192
WRITES, LIMIT_S = 200, 2.0
_FILE_BYTES = 64 * PAGE_BYTES

_FOLDER = "SELECT current_setting('data_directory', true)"


def folder_beside(endpoint: Endpoint, server_pid: int | None) -> Path | None:
    """The folder that holds the data folder of a server of our own; None where that is not on this machine's disks.

    A server in a container tells a folder of another tree. The pid in its lock file says whether it is the one that is meant.
    """
    if server_pid is None:
        return None
    with suppress(psycopg.errors.InsufficientPrivilege), psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        row = connection.execute(_FOLDER).fetchone()
        data = None if row is None or not row[0] else Path(row[0])
        with suppress(OSError):
            if data is not None and (data / "postmaster.pid").read_text().split("\n", 1)[0] == str(server_pid):
                return data.parent
    return None


def flushes_ns(folder: Path) -> list[int]:
    """How long each of some writes of a page, in a file that has its size already, takes with fdatasync; two seconds at the most.

    Empty where no file can be made in the folder. Nothing of it stays.
    """
    page, found = b"\0" * PAGE_BYTES, []
    with suppress(OSError), tempfile.TemporaryFile(dir=folder) as file:
        handle = file.fileno()
        os.pwrite(handle, b"\0" * _FILE_BYTES, 0)
        os.fsync(handle)
        end_ns = time.perf_counter_ns() + round(LIMIT_S * 1e9)
        for _ in range(WRITES):
            start_ns = time.perf_counter_ns()
            os.pwrite(handle, page, 0)
            os.fdatasync(handle)
            found.append(time.perf_counter_ns() - start_ns)
            if start_ns > end_ns:
                break
    return found
