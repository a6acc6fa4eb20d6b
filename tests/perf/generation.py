"""How fast workloads are made, and in how much memory: run by hand, `python -m tests.perf.generation [TRACE]`.

Prints operations per second of the columns and of the objects, how long a year's trace takes to be prepared, and the largest memory
of a process that generates 100,000 and 10 million operations. No part of `make perf`: it takes minutes and a large trace.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from workloads import catalogue
from workloads.agent_rule import DEFAULT, AgentRule
from workloads.generation.columns import blocks
from workloads.generation.make import workload_of
from workloads.generation.spec import WorkloadSpec
from workloads.replay import replay
from workloads.trace import read_trace

NAMES = ("chat", "steady", "burst", "churn", "dm-heavy", "history-read", "fan-out:2", "edit-delete-react:k2")
MESSAGES = 200_000
OBJECT_MESSAGES = 20_000
SIZES = (100_000, 10_000_000)
MEASURE = """
import resource, sys
from workloads.generation.columns import blocks
from workloads.generation.spec import WorkloadSpec
left = int(sys.argv[1])
for block in blocks(WorkloadSpec(preload=0, messages=100_000_000, compression=43_200.0), 1):
    left -= len(block)
    if left <= 0:
        break
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def spec_of(name: str, messages: int) -> WorkloadSpec:
    """A named workload of so many messages, all of them measured."""
    spec = catalogue.load(name)
    if not isinstance(spec, WorkloadSpec):
        raise TypeError(f"{name} is a replay")
    return spec.model_copy(update={"preload": 0, "messages": messages})


def told(what: str, count: int, started: tuple[float, float]) -> None:
    """One line: how many in which time, of the clock and of the processor."""
    wall_s, cpu_s = time.perf_counter() - started[0], time.process_time() - started[1]
    sys.stdout.write(
        f"{what:<34} {count:>10,} in {wall_s:6.2f} s ({count / wall_s:>9,.0f}/s; processor {count / cpu_s:>9,.0f}/s)\n"
    )
    sys.stdout.flush()


def now() -> tuple[float, float]:
    """The clock's and the processor's seconds."""
    return time.perf_counter(), time.process_time()


def main(arguments: list[str]) -> None:
    """Print all figures."""
    for name in NAMES:
        started = now()
        told(f"columns of {name}", sum(len(block) for block in blocks(spec_of(name, MESSAGES), 1)), started)
    for name in ("chat", "steady"):
        workload = workload_of(spec_of(name, OBJECT_MESSAGES), 1)
        started = now()
        told(f"objects of {name}", sum(1 for _ in workload.operations()), started)
    if arguments:
        started = now()
        trace = read_trace(Path(arguments[0]))
        workload = replay(trace, AgentRule.parse(DEFAULT), 0.15, 1)
        told("trace prepared, rows", len(trace), started)
        started = now()
        told("trace replayed, operations", sum(1 for _ in workload.operations()), started)
    for size in SIZES:
        done = subprocess.run([sys.executable, "-c", MEASURE, str(size)], capture_output=True, text=True, check=True)
        sys.stdout.write(f"largest memory for {size:>10,} operations: {int(done.stdout) / 1024:.0f} MiB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
