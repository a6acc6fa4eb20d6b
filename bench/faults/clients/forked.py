"""A client in a process of its own, so that signals meet it as they meet any: a fork of the caller, with its design at hand.

The child opens its own connections and touches none of its parent's; it ends by a signal or by `os._exit`, so nothing that it
inherited is flushed or closed. It ends with its parent, however that ends: a stopped one too.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NoReturn, Self

from bench.forking import forked, held_back

DEADLINE_S = 30.0
"""How long a child may take to say something or to change its state; then it is given up."""

_POLL_S = 0.0005

Say = Callable[[str], None]
"""Told one line at a time by the child, heard by its parent."""


class Forked:
    """A running child; make it with `started`, at whose end it is killed and reaped. Used by one thread."""

    def __init__(self, pid: int, reading: int) -> None:
        self.pid = pid
        self._reading = reading
        self._heard = b""
        self._status: int | None = None

    @classmethod
    @contextmanager
    def started(cls, live: Callable[[Say], None]) -> Iterator[Self]:
        """A child that runs `live` and exits; what it raises is its last line."""
        with ExitStack() as stack:
            with held_back():
                reading, writing = os.pipe()
                pid = forked()
                if pid == 0:
                    os.close(reading)
                    _run(live, writing)
                child = cls(pid, reading)
                stack.callback(child._end)
                os.close(writing)
            yield child

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless the child is known to have ended."""
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def line(self, within_s: float = DEADLINE_S) -> str | None:
        """The next line that it says; None when it ended without one, or said none in time."""
        end_s = time.monotonic() + within_s
        while b"\n" not in self._heard:
            left_s = end_s - time.monotonic()
            if left_s <= 0 or not select.select([self._reading], [], [], left_s)[0]:
                return None
            part = os.read(self._reading, 65536)
            if not part:
                return None
            self._heard += part
        line, self._heard = self._heard.split(b"\n", 1)
        return line.decode("utf-8", "replace")

    def ended(self, within_s: float = DEADLINE_S) -> int | None:
        """Wait for its end: the signal that ended it, or None when it exited by itself or not in time."""
        self._wait(within_s, stopped=False)
        if self._status is None or not os.WIFSIGNALED(self._status):
            return None
        return os.WTERMSIG(self._status)

    def is_stopped(self, within_s: float = DEADLINE_S) -> bool:
        """Wait until a signal has stopped it; False when it ended instead, or was not stopped in time."""
        return self._wait(within_s, stopped=True)

    def _end(self) -> None:
        self.signal(signal.SIGKILL)
        self.ended()
        os.close(self._reading)

    def _wait(self, within_s: float, *, stopped: bool) -> bool:
        end_s = time.monotonic() + within_s
        while self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG | (os.WUNTRACED if stopped else 0))
            if pid:
                if os.WIFSTOPPED(status):
                    return True
                self._status = status
            elif time.monotonic() >= end_s:
                return False
            else:
                time.sleep(_POLL_S)
        return False


def _run(live: Callable[[Say], None], writing: int) -> NoReturn:
    """The child's whole life."""

    def say(line: str) -> None:
        os.write(writing, f"{line}\n".encode())

    try:
        live(say)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not unwind into what the parent had open
        say(f"{type(error).__name__}: {' '.join(str(error).split())}")
    finally:
        os._exit(1)
