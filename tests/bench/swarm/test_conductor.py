"""Who leads a run hears its workers, and nobody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from bench.errors import UserError
from bench.server.server import Server
from bench.swarm.conductor import Conductor, Heard
from bench.swarm.digests import Part
from bench.swarm.journal import Journal, packed
from bench.swarm.options import Options
from tests.bench.swarm.made_up import rows

NOBODY = cast(Server, None)


class Played:
    """Workers of whom a test says who is there."""

    def __init__(self, alive: Collection[int], connected: Collection[int]) -> None:
        self._alive, self._connected = alive, connected
        self.asked: list[tuple[int, str, int]] = []

    def ask(self, process: int, kind: str, data: Mapping[str, Any]) -> None:
        self.asked.append((process, kind, data["run"]))

    def alive(self) -> Collection[int]:
        return self._alive

    def connected(self) -> Collection[int]:
        return self._connected


def conductor(folder: Path, workers: Played, processes: int = 2, number: int = 3) -> Conductor:
    made = Conductor(Options(users=4), NOBODY, workers, processes, number, folder)
    made.heard = [Heard() for _ in range(processes)]
    made.journal = Journal(folder / "rows")
    return made


def test_what_a_worker_says_of_another_run_is_not_heard(tmp_path: Path) -> None:
    made = conductor(tmp_path, Played((0, 1), (0, 1)))
    for run, number in ((2, 8), (3, 9)):
        made.hear("rows", {"run": run, "process": 1, "rows": packed(rows([number]))})
    made.hear("failed", {"run": 2, "process": 0, "kind": "user", "text": "too late", "lines": []})
    assert made.journal.rows()["number"].to_pylist() == [9]
    assert made.heard[1].batches == 1
    assert not made.is_over


def test_what_one_ended_is_passed_on_to_those_who_wait_for_it(tmp_path: Path) -> None:
    workers = Played((0, 1), (0, 1))
    conductor(tmp_path, workers).hear("pass", {"run": 3, "process": 0, "to": [1], "numbers": [7], "things": [], "unread": []})
    assert workers.asked == [(1, "passed", 3)]


def test_before_a_run_a_silent_worker_is_waited_for_and_one_that_left_is_not(tmp_path: Path) -> None:
    assert not conductor(tmp_path, Played(alive=(0,), connected=(0, 1))).is_over
    left = tmp_path / "left"
    left.mkdir()
    made = conductor(left, Played(alive=(0,), connected=(0,)))
    assert made.is_over
    assert made.gone == {1}


def test_a_run_is_over_when_all_have_ended_and_nobody_who_ended_is_gone(tmp_path: Path) -> None:
    made = conductor(tmp_path, Played(alive=(0,), connected=(0,)))
    effort = {"wall_ns": 1, "idle_ns": 1, "preempted": 0, "batches": 0, "stopped": 0}
    for process in (1, 0):
        made.hear("ended", {"run": 3, "process": process} | effort)
    assert made.is_over
    assert made.gone == set()


def test_what_a_worker_met_is_raised_once_it_is_waited_for(tmp_path: Path) -> None:
    made = conductor(tmp_path, Played((0, 1), (0, 1)))
    made.hear("prepared", {"run": 3, "process": 0, "operations": 2, "digest": "d"})
    made.hear("failed", {"run": 3, "process": 1, "kind": "user", "text": "no such workload", "lines": []})
    assert made.heard[0].part == Part(2, "d")
    assert made.is_over
    with pytest.raises(UserError, match="no such workload"):
        made.end()


def test_a_run_with_fewer_users_than_workers_is_refused(tmp_path: Path) -> None:
    made = conductor(tmp_path, Played(range(5), range(5)), processes=5)
    with pytest.raises(UserError, match="--users 4: each of 5 workers needs a user"):
        made.prepare()
