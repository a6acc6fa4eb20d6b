"""What pgbench is told."""

from __future__ import annotations

import os

from bench.pgbench.child import Asked, arguments


def test_pgbench_has_no_more_threads_than_cpus_that_it_may_use() -> None:
    usable = os.sched_getaffinity(0)
    asked = Asked("", 16, 8, {})
    try:
        os.sched_setaffinity(0, {min(usable)})
        assert "--jobs=1" in arguments(asked, "script.sql")
    finally:
        os.sched_setaffinity(0, usable)
    assert f"--jobs={min(16, len(usable))}" in arguments(asked, "script.sql")


def test_one_client_has_one_thread() -> None:
    assert {"--client=1", "--jobs=1"} <= set(arguments(Asked("", 1, 8, {}), "script.sql"))
