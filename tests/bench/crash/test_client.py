from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence

import psutil
import pytest

from bench.crash import client, rig
from bench.crash.census import census
from bench.crash.client import Attempt, die
from bench.crash.rig import Rig
from bench.errors import InvalidMeasurement
from bench.stores import Store
from variants.contract import Begin, Commit, Design, Options, Side, Task, Writing
from variants.floor import Floor
from workloads.operations import Context, Write

ALL = 3
"""A join of a user is BEGIN, one INSERT and COMMIT in `floor`."""


@pytest.fixture
def store(fresh_store: Callable[[Design], Store]) -> Store:
    return fresh_store(Floor(Options()))


def join(bench: Rig) -> Attempt:
    scene, model = bench.new_scene("join", 1)
    (operation,) = scene.target
    return Attempt(bench.store, operation, model.context(operation))


@pytest.mark.parametrize("answered", range(ALL + 1))
def test_a_client_dies_by_signal_9_once_so_many_commands_are_answered(store: Store, answered: int) -> None:
    with Rig.opened(store) as bench:
        death = die(join(bench), answered)
        assert death.signal == signal.SIGKILL
        assert [command.split()[1] for command in death.sent] == ["BEGIN", "INSERT", "COMMIT"][:answered]
        assert all(command.startswith("central: ") for command in death.sent)


def test_a_dead_client_s_backend_is_gone_and_its_open_transaction_with_it(store: Store) -> None:
    with Rig.opened(store) as bench:
        scene, model = bench.new_scene("join", 1)
        (operation,) = scene.target
        before = bench.observe(scene)
        death = die(Attempt(store, operation, model.context(operation)), 2)
        assert len(death.backends) == 1
        assert os.getpid() not in death.backends
        assert bench.wait_until_gone(death.backends)
        assert bench.observe(scene) == before


def test_a_client_that_comes_to_the_end_of_its_operation_tells_so_and_is_not_killed(store: Store) -> None:
    with Rig.opened(store) as bench:
        death = die(join(bench), ALL + 1)
        assert (death.signal, death.note) == (None, "it came past the point where it should die")


def test_a_client_whose_operation_fails_early_tells_why(store: Store) -> None:
    with Rig.opened(store) as bench:
        scene, model = bench.new_scene("send", 1)
        operation = scene.setup[-1]
        assert bench.observe(scene).c_message
        attempt = Attempt(store, operation, model.context(operation))
        death = die(attempt, ALL)
        assert death.signal is None
        assert "ended fail (ERROR 23505" in death.note


def test_a_death_leaves_no_child_behind(store: Store) -> None:
    before = psutil.Process().children(recursive=False)
    with Rig.opened(store) as bench:
        die(join(bench), 1)
        die(join(bench), ALL + 1)
    assert psutil.Process().children(recursive=False) == before


def first_row(store: Store) -> None:
    next(census(store, ["join"], [1], lambda _done, _total: None))


def test_a_client_that_does_not_die_makes_its_exposure_void(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "kill_self", lambda: None)
    void = "floor/per_side/join/k=1/before-step-1: the exposure is void: its client ended by itself, not by signal 9"
    with pytest.raises(InvalidMeasurement, match=void) as caught:
        first_row(store)
    assert caught.value.lines == ("it came past the point where it should die",)


def test_a_client_that_dies_of_something_else_makes_its_exposure_void(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "kill_self", lambda: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(InvalidMeasurement, match="its client ended by signal 15, not by signal 9"):
        first_row(store)


def test_a_client_that_hangs_is_ended_and_makes_its_exposure_void(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "kill_self", lambda: time.sleep(60))
    monkeypatch.setattr(client, "DEADLINE_S", 0.5)
    with pytest.raises(InvalidMeasurement, match="its client ended by itself, not by signal 9") as caught:
        first_row(store)
    assert "still alive after" in caught.value.lines[0]


def test_a_backend_that_stays_makes_its_exposure_void(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig, "BACKEND_DEADLINE_S", 0.0)
    with pytest.raises(InvalidMeasurement, match="the server did not end the dead client's backend"):
        first_row(store)


class Fickle(Floor):
    """`floor`, but every operation has one more transaction than the one before."""

    name = "fickle"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.count = 0

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        self.count += 1
        return [*(Task("nothing", "central", nothing()) for _ in range(self.count)), *super().write(operation, context)]


def nothing() -> Writing:
    yield Begin(Side.CENTRAL)
    yield Commit(Side.CENTRAL)
    return None


def test_a_client_that_sends_other_commands_than_rehearsed_makes_its_exposure_void(
    fresh_store: Callable[[Design], Store],
) -> None:
    rows = census(fresh_store(Fickle(Options())), ["create_server"], [], lambda _done, _total: None)
    with pytest.raises(InvalidMeasurement, match="its client sent other commands than rehearsed") as caught:
        list(rows)
    assert set(caught.value.lines) == {"central: BEGIN", "central: COMMIT"}
