"""Makes a data folder and starts a server on it."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import psycopg

from bench.errors import UserError
from bench.server.endpoint import Endpoint
from bench.server.placement import Placement
from bench.server.postmaster import Postmaster
from bench.server.process import Account, run, start

HOST = "127.0.0.1"
USER = "storebench"
LOG_FILE = "server.log"
_ADDRESS_SETTINGS = {"listen_addresses": HOST, "unix_socket_directories": ""}
_INITDB_TIMEOUT_S = 120.0
_START_DEADLINE_S = 30.0
_PORT_ATTEMPTS = 5
_LOG_LINES = 5
_PORT_LOST = "could not bind"
_MENDABLE = (
    "unrecognized configuration parameter",
    "invalid value for parameter",
    "is outside the valid range",
    "could not access file",
    "could not map anonymous shared memory",
    "could not create shared memory segment",
)
_NO_ROOM = "No space left on device"

# `top`, not `all`: only statements that the harness sent are counted. Lookups of foreign keys would appear under `all`
# with those of several tables merged into one row; the WAL tells them apart.
DEFAULTS: Mapping[str, str] = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track": "top",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    "max_prepared_transactions": "64",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "jit": "off",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def checked_settings(settings: Mapping[str, str]) -> dict[str, str]:
    """The settings of a server: ours, with the caller's in their place. Raises UserError for those not free to set."""
    refused = sorted(name for name in settings if name.lower() in {*_ADDRESS_SETTINGS, "port", "data_directory"})
    if refused:
        raise UserError(f"server settings: {', '.join(refused)} cannot be set, a server of our own chooses; remove it")
    return {**DEFAULTS, **settings, **_ADDRESS_SETTINGS}


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def initialise(placement: Placement, folder: Path, data: Path) -> str:
    """Makes the data folder `data`, owned by the server's account and closed to others; returns the new password.

    `folder` takes the password file for the moment that initdb needs it. Raises UserError where initdb fails.
    """
    account = placement.account
    password = secrets.token_urlsafe(24)
    data.mkdir(mode=0o700)
    _give(data, account)
    password_file = folder / "password"
    try:
        handle = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(password)
        _give(password_file, account)
        command = [placement.binaries.program("initdb"), "-D", str(data), "-U", USER, f"--pwfile={password_file}"]
        options = ["--auth=scram-sha-256", "--locale=C", "--encoding=UTF8", "--no-instructions", "--no-sync"]
        code, output = run([*command, *options], account, _INITDB_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise UserError(f"embedded server: initdb takes more than {_INITDB_TIMEOUT_S:.0f} s: see what else the disk does") from None
    finally:
        password_file.unlink(missing_ok=True)
    if code != 0:
        raise _failure(f"initdb ended with exit code {code}", output, data)
    # All settings come with the command line, and those of a phase from ALTER SYSTEM. What initdb wrote down would
    # contradict some of them, and the server would complain at every reload.
    (data / "postgresql.conf").write_text("# settings are given at the start of the server\n", encoding="utf-8")
    return password


def launch(
    placement: Placement, data: Path, password: str, settings: Mapping[str, str], ports: Callable[[], int] = free_port
) -> tuple[Postmaster, Endpoint]:
    """Starts a server on `data` and waits until it answers. Another program may take the port first: then the next.

    Raises UserError where it does not, with what the server said.
    """
    log_path = data / LOG_FILE
    handle = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    with os.fdopen(handle, "wb") as log:
        _give(log_path, placement.account)
        for _ in range(_PORT_ATTEMPTS):
            endpoint = Endpoint(HOST, ports(), USER, password)
            attempt_start = log_path.stat().st_size
            postmaster = _start_postmaster(placement, data, {**settings, "port": str(endpoint.port)}, log)
            try:
                trouble = _wait_until_it_answers(postmaster, data, endpoint)
                if trouble is None:
                    return postmaster, endpoint
            except BaseException:
                postmaster.stop()
                raise
            said = log_path.read_bytes()[attempt_start:].decode("utf-8", "replace")
            postmaster.stop()
            if _PORT_LOST not in said:
                raise _failure(trouble, said, data)
    raise _failure(f"no port stayed free in {_PORT_ATTEMPTS} attempts", said, data)


def _start_postmaster(placement: Placement, data: Path, settings: Mapping[str, str], log: IO[bytes]) -> Postmaster:
    given = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    return Postmaster(start([placement.binaries.program("postgres"), "-D", str(data), *given], placement.account, log))


def _wait_until_it_answers(postmaster: Postmaster, data: Path, endpoint: Endpoint) -> str | None:
    """None once a connection works, else what is wrong."""
    deadline = time.monotonic() + _START_DEADLINE_S
    refusal = "it does not say that it is ready"
    while time.monotonic() < deadline:
        if postmaster.exit_code() is not None:
            return f"the server ended with exit code {postmaster.exit_code()} while it started"
        # Only a server that has the port says so; before that, another program may be the one that answers there.
        if _says_ready(data):
            try:
                psycopg.connect(endpoint.conninfo(), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                refusal = str(error)
            else:
                return None
        time.sleep(0.01)
    return f"no answer in {_START_DEADLINE_S:.0f} s ({refusal})"


def _says_ready(data: Path) -> bool:
    """Whether the eighth line of the server's pid file has its status "ready" (since PostgreSQL 10)."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _failure(problem: str, log: str, data: Path) -> UserError:
    """What to raise, in one line: the cause where the log names one that the user can mend, else the end of the log."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    for line in lines:
        if _NO_ROOM in line:
            where = data.parent.parent
            return UserError(f"embedded server: {_NO_ROOM} for its data below {where}: make room there, or name another in TMPDIR")
        if any(cause in line for cause in _MENDABLE):
            cause_text = line.partition("FATAL:")[2].strip() or line
            return UserError(f"embedded server: {cause_text}; change the server settings or free what it lacks")
    words = "; ".join(lines[-_LOG_LINES:]) or "it said nothing"
    return UserError(f"embedded server: {problem}: {words}: mend that, or use another server with --server")
