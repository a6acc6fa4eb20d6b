"""The client that dies: a process of its own that runs an operation step by step and kills itself at one point.

The one place of the crash census that makes processes. The child is a fork of the caller, so that it has the design at hand; it
opens its own connection and touches none of its parent's. It ends by SIGKILL or by `os._exit`, so nothing that it inherited is
flushed or closed. A caller with other threads is fine: the child takes no lock of theirs.
"""

from __future__ import annotations

import os
import select
import signal
import time
import warnings
from dataclasses import dataclass
from typing import NoReturn

from bench.drive.drivers import Completion, Told, stepping
from bench.drive.flights import Atomicity, Command, Exchange, operation_flights
from bench.stores import Store
from workloads.operations import Context, Write

DEADLINE_S = 30.0
"""How long a client may take to its death; a hanging one is killed, and its exposure is void."""

_BACKEND, _SENT, _NOTE = "backend ", "sent ", "note "


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a write: what is run, under which context, with which boundaries of transactions."""

    store: Store
    operation: Write
    context: Context
    atomicity: Atomicity


@dataclass(frozen=True, slots=True)
class Death:
    """How a client ended.

    `signal` killed it, or is None when it ended by itself or was ended at the deadline; `note` then says how. `backends` are the
    process ids of its connections' backends, `sent` describes the commands it sent, in order.
    """

    signal: int | None
    note: str
    backends: tuple[int, ...]
    sent: tuple[str, ...]


def described(command: Command) -> str:
    """A command in one line: its side and its SQL."""
    if command.statement is None:
        return f"{command.side}: {command.verb.value}"
    return f"{command.statement.side}: {' '.join(command.statement.constant.sql.split())}"


def die(attempt: Attempt, answered: int) -> Death:
    """Fork a client that runs the attempt and kills itself once `answered` commands are answered; wait for its end.

    Every command travels alone (plain exchange). A kill after a commit comes when the answer to COMMIT was read to its end.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Newer Pythons warn of forks beside threads; see the module's docstring.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(reading)
        _live(attempt, answered, writing)
    os.close(writing)
    try:
        told, in_time = _listen(reading)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        os.close(reading)
    if not in_time:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return _death(told.decode("utf-8", "replace").splitlines(), status, in_time)


def _live(attempt: Attempt, answered: int, writing: int) -> NoReturn:
    """The child's whole life."""
    try:
        _run(attempt, answered, writing)
        os.write(writing, f"{_NOTE}it came past the point where it should die\n".encode())
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not unwind into what the parent had open
        os.write(writing, f"{_NOTE}{type(error).__name__}: {' '.join(str(error).split())}\n".encode())
    finally:
        os._exit(1)


def _run(attempt: Attempt, answered: int, writing: int) -> None:
    with attempt.store.links(Exchange.PLAIN) as links:
        for backend in sorted({link.backend_pid for link in links.values()}):
            os.write(writing, f"{_BACKEND}{backend}\n".encode())
        tasks = attempt.store.design.write(attempt.operation, attempt.context)
        steps = stepping(links, operation_flights(tasks, attempt.atomicity, Exchange.PLAIN))
        sent = 0
        while True:
            try:
                flight = next(steps)
            except StopIteration as stop:
                completion: Completion = stop.value
                break
            # All that was sent is answered by now, and this flight is not sent yet.
            if sent == answered:
                kill_self()
            os.write(writing, "".join(f"{_SENT}{described(command)}\n" for command in flight).encode())
            sent += 1
        if completion.told is not Told.OK:
            raise RuntimeError(f"its operation ended {completion.told} ({completion.reason}) before the point where it should die")
        if sent == answered:
            kill_self()


def kill_self() -> None:
    """End this process as a crash would: nothing is flushed, closed or rolled back by it."""
    os.kill(os.getpid(), signal.SIGKILL)


def _listen(reading: int) -> tuple[bytes, bool]:
    """All that the child tells until it ends, and whether it ended in time."""
    told = b""
    end_s = time.monotonic() + DEADLINE_S
    while (left_s := end_s - time.monotonic()) > 0:
        if select.select([reading], [], [], left_s)[0]:
            part = os.read(reading, 65536)
            if not part:
                return told, True
            told += part
    return told, False


def _death(lines: list[str], status: int, in_time: bool) -> Death:
    def told(prefix: str) -> tuple[str, ...]:
        return tuple(line.removeprefix(prefix) for line in lines if line.startswith(prefix))

    backends, sent, notes = tuple(int(pid) for pid in told(_BACKEND)), told(_SENT), "; ".join(told(_NOTE))
    if not in_time:
        return Death(None, f"it was still alive after {DEADLINE_S:.0f} s", backends, sent)
    if os.WIFSIGNALED(status):
        return Death(os.WTERMSIG(status), notes, backends, sent)
    return Death(None, notes or f"it exited with {os.waitstatus_to_exitcode(status)}", backends, sent)
