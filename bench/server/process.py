"""Programs run under an unprivileged account, with an end that is tied to ours."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

_PR_SET_PDEATHSIG = 1
_ACCOUNT_NAMES = ("postgres", "nobody")
_END_DEADLINE_S = 10.0
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the machine that a program can be run as."""

    name: str
    uid: int
    gid: int


def unprivileged_accounts() -> tuple[Account, ...]:
    """The accounts that root may hand a server to, best first. A bare number will not do: initdb looks its name up."""
    found = []
    for name in _ACCOUNT_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            found.append(Account(name, entry.pw_uid, entry.pw_gid))
    return tuple(found)


def start(arguments: Sequence[str], account: Account | None, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Starts a program as our direct child; `account` None means as ourselves. Both its outputs go to `output`.

    It has a session of its own, so that Ctrl-C at a terminal reaches only us, who then stop it in good order. On Linux
    it receives SIGQUIT as soon as the thread that called this ends, however it ends: call it from a thread that lives
    as long as the program is wanted.

    Raises OSError where the program cannot be executed.
    """
    return subprocess.Popen(
        list(arguments),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=_environment(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGQUIT),  # noqa: PLW1509 - the kernel offers no other place; it takes no lock
    )


def run(arguments: Sequence[str], account: Account | None, timeout_s: float) -> tuple[int, str]:
    """Runs a program to its end, and the end of all that it started; returns its exit code and all that was printed.

    Raises OSError where it cannot be executed, subprocess.TimeoutExpired after `timeout_s`.
    """
    process = start(arguments, account, subprocess.PIPE)
    try:
        output, _ = process.communicate(timeout=timeout_s)
    except BaseException:
        _end_all(process)
        raise
    return process.returncode, output.decode("utf-8", "replace").strip()


def _end_all(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and what it started, and waits for all of them.

    Only the program itself is asked: initdb then waits for the server that it started, which would not clear up its
    shared memory if it were interrupted, or if its folder were removed while it works. All of them hold the pipe of
    their output, so its end is the end of the last one.
    """
    process.terminate()
    try:
        process.communicate(timeout=_END_DEADLINE_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _environment() -> dict[str, str]:
    """Little is passed on: PGDATA, PGOPTIONS or a time zone of the caller would change what is measured."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **kept}


def die_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """What a child does at its beginning: ask the kernel to send it this signal when the thread that made it is gone.

    Nothing of ours runs after a SIGKILL, so only the kernel can stop the child then. It must be asked in the child
    and after a change of account, which clears the request; that is the point at which `preexec_fn` runs. SIGQUIT is
    PostgreSQL's immediate shutdown: the postmaster takes its backends and shared memory with it. None where no kernel offers it.
    """
    return _asking(os.getpid(), by)


def end_with(parent_pid: int, by: signal.Signals) -> None:
    """The same, done by a child that is a program of its own and was told its parent's process id."""
    ask = _asking(parent_pid, by)
    if ask is not None:
        ask()


def _asking(parent: int, by: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong]

    def ask() -> None:
        # A kernel that refuses costs us this net only: what stays behind is then cleared at the next start.
        prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
        if os.getppid() != parent:  # The parent ended before the request was made: nobody would send the signal.
            os._exit(1)

    return ask
