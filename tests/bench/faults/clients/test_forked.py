"""Processes that signals meet: what they say, how they end, and that none is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from bench.faults.clients.forked import Forked, Say
from bench.faults.clients.pulse import Pulse
from bench.history.entry import Phase


def waits(say: Say) -> None:
    say("here")
    time.sleep(60)


def says_and_ends(say: Say) -> None:
    say("one\ntwo")


def raises(_say: Say) -> None:
    raise RuntimeError("no\nreason")


def stops(say: Say) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    say("resumed")


def test_a_child_speaks_line_by_line_and_is_killed() -> None:
    with Forked.started(waits) as child:
        assert child.line() == "here"
        child.signal(signal.SIGKILL)
        assert child.ended() == signal.SIGKILL
        assert child.line() is None


def test_a_child_that_ends_by_itself_was_ended_by_no_signal() -> None:
    with Forked.started(says_and_ends) as child:
        assert [child.line(), child.line(), child.line()] == ["one", "two", None]
        assert child.ended() is None


def test_what_a_child_raises_is_its_last_line() -> None:
    with Forked.started(raises) as child:
        assert child.line() == "RuntimeError: no reason"


def test_a_child_that_says_nothing_in_time_is_not_waited_for() -> None:
    with Forked.started(waits) as child:
        assert child.line() == "here"
        assert child.line(within_s=0.01) is None
        assert child.ended(within_s=0.01) is None


def test_a_stopped_child_goes_on_when_it_is_told_to() -> None:
    with Forked.started(stops) as child:
        assert child.is_stopped()
        child.signal(signal.SIGCONT)
        assert child.line() == "resumed"
        assert not child.is_stopped()


@pytest.mark.parametrize("life", [waits, says_and_ends, raises, stops])
def test_no_child_is_left_behind(life: object) -> None:
    with Forked.started(life) as child:  # type: ignore[arg-type]  # every one of them is a life
        pid = child.pid
    assert not psutil.pid_exists(pid)


_HARNESS = """
import time
from bench.faults.clients.forked import Forked
from tests.bench.faults.clients.test_forked import {life}
with Forked.started({life}) as child:
    {until}
    print(child.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
@pytest.mark.parametrize(
    ("life", "until"), [pytest.param("waits", "child.line()", marks=pytest.mark.full), ("stops", "child.is_stopped()")]
)
def test_a_child_ends_with_a_harness_that_is_killed_even_when_it_is_stopped(life: str, until: str) -> None:
    with subprocess.Popen([sys.executable, "-c", _HARNESS.format(life=life, until=until)], stdout=subprocess.PIPE) as harness:
        assert harness.stdout is not None
        child = psutil.Process(int(harness.stdout.readline()))
        harness.kill()
        harness.wait()
    # Its new parent may take its time to reap it.
    _, alive = psutil.wait_procs([child], timeout=10)
    assert not alive or child.status() == psutil.STATUS_ZOMBIE


def test_a_pulse_outlives_the_process_that_beats() -> None:
    def beats(pulse: Pulse) -> None:
        pulse.beats(Phase.COMMIT, 3)
        pulse.beats(Phase.COMMIT, 1000)

    with Pulse.shared() as pulse:
        assert pulse.last == (Phase.CONNECT, 0)
        with Forked.started(lambda _say: beats(pulse)) as child:
            child.ended()
        assert pulse.last == (Phase.COMMIT, 255)
