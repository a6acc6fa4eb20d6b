"""Children that no signal meets half made: the caller has them in hand, or there are none.

A signal that ends a run is an exception at any instant. Amid a fork it would leave a child that nobody knows of, or, in the child,
unwind into all that the parent has open. So it waits until the child is in hand. The child hears neither Ctrl-C nor a hang-up, for
its parent does and ends it; and it ends with its parent, however that ends.
"""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from bench.server.process import die_with_parent

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_UNHEARD = (signal.SIGINT, signal.SIGHUP)


@contextmanager
def held_back() -> Iterator[None]:
    """Signals that end a run are heard when the block is left; who is made inside never hears Ctrl-C or a hang-up.

    Only Python's main thread hears signals, so in any other one nothing is to be done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        del frame
        heard.append(number)

    before: dict[signal.Signals, Any] = {}
    # A block of signals is inherited, also by a program that is started; but another thread may take a signal meanwhile.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _UNHEARD)
    try:
        for number in _ENDING:
            before[number] = signal.signal(number, hold)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for held in heard:
            signal.raise_signal(held)


def forked() -> int:
    """A fork that ends with its parent: 0 in the child, the child's process id in the caller. Call it inside `held_back`.

    The child must end by a signal or by `os._exit`, and touch no connection that it inherited.
    """
    become = child_of_this()
    with warnings.catch_warnings():
        # Newer Pythons warn of forks beside threads; the child takes no lock of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        become()
    return pid


def child_of_this() -> Callable[[], None]:
    """What a child that is forked in another way, inside `held_back`, does first."""
    tie = die_with_parent(signal.SIGKILL)

    def become() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if tie is not None:
            tie()

    return become


def end(pid: int) -> None:
    """Kill a child, stopped or not, and reap it; one that was reaped before is fine."""
    # The number of one that was reaped may be another process's by now.
    with suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG) == (0, 0):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
