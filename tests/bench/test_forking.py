"""A fork that a signal meets: the caller has the child in hand, and the child goes on until its parent ends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from bench.forking import end, forked, held_back


class Asked(Exception):
    """A signal asked this process to end."""


@pytest.fixture
def asked() -> Iterator[None]:
    """A signal that ends a run is an exception."""

    def hear(number: int, frame: object) -> None:
        del frame
        raise Asked(number)

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_heard_once_the_child_is_in_hand(number: signal.Signals) -> None:
    reached = False
    with pytest.raises(Asked):  # noqa: PT012 - what is reached inside is what is tested
        with held_back():
            os.kill(os.getpid(), number)
            os.kill(os.getpid(), number)
            reached = True
        pytest.fail("it was never heard")
    assert reached
    with pytest.raises(Asked):
        os.kill(os.getpid(), number)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def _echoing() -> tuple[int, int, int]:
    """A child that gives back each byte that it is given: its process id, and the ends to talk to it."""
    heard, to_child = os.pipe()
    from_child, saying = os.pipe()
    with held_back():
        pid = forked()
        if pid == 0:
            os.close(to_child)
            while byte := os.read(heard, 1):
                os.write(saying, byte)
            os._exit(0)
    os.close(heard)
    os.close(saying)
    return pid, to_child, from_child


@pytest.mark.usefixtures("asked")
def test_a_child_goes_on_at_ctrl_c_and_at_a_hang_up_for_its_parent_hears_them_too() -> None:
    pid, to_child, from_child = _echoing()
    try:
        for number in (signal.SIGINT, signal.SIGHUP):
            os.kill(pid, number)
            os.write(to_child, b"x")
            assert os.read(from_child, 1) == b"x"
    finally:
        end(pid)
        os.close(to_child)
        os.close(from_child)


@pytest.mark.usefixtures("asked")
def test_a_child_that_is_told_to_end_does_so_at_once_and_unwinds_nothing_of_its_parent() -> None:
    pid, to_child, from_child = _echoing()
    os.write(to_child, b"x")
    assert os.read(from_child, 1) == b"x"
    os.kill(pid, signal.SIGTERM)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGTERM
    # It was reaped: its number is nobody's now, or another's.
    end(pid)
    os.close(to_child)
    os.close(from_child)


def test_a_stopped_child_is_ended_and_reaped() -> None:
    pid, to_child, from_child = _echoing()
    os.kill(pid, signal.SIGSTOP)
    end(pid)
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    os.close(to_child)
    os.close(from_child)
