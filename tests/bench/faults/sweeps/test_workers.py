from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.errors import InvalidMeasurement, ServerFailed
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.workers import by_workers
from bench.stores import Store
from variants.contract import Design, Options
from variants.floor import Floor


@pytest.fixture
def store(fresh_store: Callable[[Design], Store]) -> Store:
    return fresh_store(Floor(Options()))


def never(_: object) -> bool:
    return False


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_work_comes_back_in_the_order_of_the_items_however_many_do_it(store: Store, workers: int) -> None:
    found = list(by_workers(store, list(range(7)), lambda _, item: item * item, workers, never))
    assert found == [number * number for number in range(7)]


def test_several_workers_are_several_processes_and_items_that_are_to_be_alone_are_done_by_one(store: Store) -> None:
    items = list(range(12))
    found = list(by_workers(store, items, lambda _, item: (item, os.getpid()), 2, lambda item: item % 3 == 0))
    assert os.getpid() not in {pid for _, pid in found}
    assert len({pid for item, pid in found if item % 3 == 0}) == 1


def test_an_error_of_the_work_is_raised_as_itself(store: Store) -> None:
    def work(_: Ground, item: int) -> int:
        if item == 2:
            raise InvalidMeasurement("it did other work", ["one line"])
        return item

    with pytest.raises(InvalidMeasurement, match="it did other work") as caught:
        list(by_workers(store, list(range(4)), work, 2, never))
    assert caught.value.lines == ("one line",)


def test_a_worker_that_is_killed_is_told_and_leaves_no_process_behind(store: Store, tmp_path: Path) -> None:
    def work(_: Ground, item: int) -> int:
        (tmp_path / str(os.getpid())).touch()
        if item == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(ServerFailed, match="ended without a word"):
        list(by_workers(store, list(range(6)), work, 2, never))
    seen = [int(path.name) for path in tmp_path.iterdir()]
    assert seen
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_whoever_stops_asking_leaves_no_process_behind(store: Store) -> None:
    work = by_workers(store, list(range(6)), lambda _, __: os.getpid(), 2, never)
    pid = next(work)
    work.close()  # type: ignore[attr-defined]  # it is a generator
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_no_work_needs_no_connection(store: Store) -> None:
    gone = Store(store.design, store.endpoint, "no_such_database")
    assert list(by_workers(gone, [], lambda _, item: item, 2, never)) == []
