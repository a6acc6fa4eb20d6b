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
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import NoReturn

import psycopg

from bench.drive.drivers import Completion, Links, Told, stepping
from bench.drive.flights import Command, Exchange, Flights
from bench.errors import ServerFailed
from bench.factors import DEFAULT, Levels
from bench.forking import end, forked, held_back
from bench.server.failing import check
from bench.stores import Store
from bench.write_path import WritePath
from workloads.operations import Context, Write

DEADLINE_S = 30.0
"""How long a client may take to its death; a hanging one is killed, and its exposure is void."""

_BACKEND, _SENT, _NOTE, _FAILURE = "backend ", "sent ", "note ", "failure "


Life = Callable[[], AbstractContextManager[tuple[Links, Flights]]]
"""What a process does: it opens its connections, and these are its flights."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a write: what is run, under which context, at which levels of the factors."""

    store: Store
    operation: Write
    context: Context
    levels: Levels = DEFAULT

    def life(self) -> Life:
        """The commands of the client, on a connection of its own, which is open from the first on."""

        @contextmanager
        def begun() -> Iterator[tuple[Links, Flights]]:
            path = WritePath(self.store.design, self.levels, Exchange.PLAIN)
            with self.store.links(Exchange.PLAIN) as links:
                yield links, path.flights(self.operation, self.context)

        return begun


@dataclass(frozen=True, slots=True)
class Death:
    """How a client ended.

    `signal` killed it, or is None when it ended by itself or was ended at the deadline; `note` then says how. `backends` are the
    process ids of its connections' backends, `sent` describes the commands it sent, in order. `failure` is why the server failed
    it, None when it did not.
    """

    signal: int | None
    note: str
    backends: tuple[int, ...]
    sent: tuple[str, ...]
    failure: str | None = None


def described(command: Command) -> str:
    """A command in one line: its side and its SQL."""
    if command.statement is None:
        return f"{command.side}: {command.verb.value}"
    return f"{command.statement.side}: {' '.join(command.statement.constant.sql.split())}"


def die(attempt: Attempt, answered: int) -> Death:
    """Fork a client that runs the attempt and kills itself once `answered` commands are answered; wait for its end.

    Every command travels alone (plain exchange). A kill after a commit comes when the answer to COMMIT was read to its end.
    """
    return die_in(attempt.life(), answered)


def die_in(life: Life, answered: int) -> Death:
    """The same for any process that sends commands, such as a relay."""
    with ExitStack() as stack:
        with held_back():
            reading, writing = os.pipe()
            pid = forked()
            if pid == 0:
                os.close(reading)
                _live(life, answered, writing)
            stack.callback(os.close, reading)
            stack.callback(end, pid)
            os.close(writing)
        told, in_time = _listen(reading)
        if not in_time:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return _death(told.decode("utf-8", "replace").splitlines(), status, in_time)


def _live(life: Life, answered: int, writing: int) -> NoReturn:
    """The child's whole life."""
    try:
        _run(life, answered, writing)
        os.write(writing, f"{_NOTE}it came past the point where it should die\n".encode())
    except (ServerFailed, psycopg.OperationalError) as error:
        os.write(writing, f"{_FAILURE}{' '.join(str(error).split())}\n".encode())
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not unwind into what the parent had open
        os.write(writing, f"{_NOTE}{type(error).__name__}: {' '.join(str(error).split())}\n".encode())
    finally:
        os._exit(1)


def _run(life: Life, answered: int, writing: int) -> None:
    with life() as (links, flights):
        for backend in sorted({link.backend_pid for link in links.values()}):
            os.write(writing, f"{_BACKEND}{backend}\n".encode())
        steps = stepping(links, flights)
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
        check("a client was to die", completion)
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
    failure = "; ".join(told(_FAILURE)) or None
    if not in_time:
        return Death(None, f"it was still alive after {DEADLINE_S:.0f} s", backends, sent, failure)
    if os.WIFSIGNALED(status):
        return Death(os.WTERMSIG(status), notes, backends, sent, failure)
    return Death(None, notes or f"it exited with {os.waitstatus_to_exitcode(status)}", backends, sent, failure)
