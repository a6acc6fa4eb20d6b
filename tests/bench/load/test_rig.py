"""A variant under load on a real server: nothing overtakes, nothing is dropped, and the store ends as the model says."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import psycopg
import pytest

from bench.drive.flights import Exchange
from bench.drive.loop import Ended, Loop
from bench.errors import InvalidMeasurement
from bench.factors import DEFAULT, Levels
from bench.load import generator, judging
from bench.load.arrivals import Arrivals, compressed
from bench.load.recorder import column
from bench.load.rig import Measured, Purpose, Rig, Source, Terms
from bench.load.run_queue import RunQueue
from bench.load.stream import Stream
from bench.load.things import touched
from bench.registry import build, load
from bench.stores import Store
from bench.workload_registry import Asked, workloads
from variants.contract import Design, Options

pytestmark = pytest.mark.database

ASKED = Asked("chat", None, 400, 2)
SOURCE = Source(workloads(ASKED, [3])[0], ASKED, 3)
FreshStore = Callable[[Design], Store]


def _terms(**more: object) -> Terms:
    given: dict[str, object] = {
        "objective_ns": 100_000_000,
        "warm_s": 0.1,
        "window_s": 0.5,
        "connections": 2,
        "processes": 1,
        "exchange": Exchange.PLAIN,
        "arrivals": Arrivals.POISSON,
        "peer_delivery": True,
    }
    return Terms(**(given | more))  # type: ignore[arg-type]  # the keys are those of Terms


@contextmanager
def _rig(fresh_store: FreshStore, name: str, levels: Levels = DEFAULT, prepare: str = "", **more: object) -> Iterator[Rig]:
    """A rig of a design; `prepare` is SQL that runs once it is warm."""
    (design,) = build(load([name]), Options()).values()
    handicap = more.pop("handicap", None)
    store = fresh_store(design)
    with Rig.opened(name, levels, store, _terms(**more), SOURCE, handicap=handicap) as rig:  # type: ignore[arg-type]  # a call
        if prepare:
            with psycopg.connect(store.conninfo, autocommit=True) as connection:
                connection.execute(prepare.encode())
        yield rig


def _slow() -> None:
    until = time.perf_counter_ns() + 8_000_000
    while time.perf_counter_ns() < until:
        pass


def _point(rig: Rig, rate: float = 300.0) -> Measured:
    measured = rig.point(Purpose("rate"), rate, np.random.default_rng(5))
    assert measured is not None
    return measured


@pytest.mark.parametrize("name", ["dual_deployed", "hybrid"])
def test_every_operation_that_was_due_is_performed_and_the_store_ends_as_the_model_says(fresh_store: FreshStore, name: str) -> None:
    with _rig(fresh_store, name) as rig:
        assert rig.throughput(60) > 0
        measured = _point(rig)
        assert measured.table.num_rows == measured.point.due == 180
        assert set(measured.table["outcome"].to_pylist()) == {"ok"}
        assert len(set(measured.table["number"].to_pylist())) == 180
        assert measured.point.prepared == 0
        assert rig.proof().holds


def test_what_touches_the_same_thing_goes_one_after_another_and_the_rest_at_the_same_time(fresh_store: FreshStore) -> None:
    stream = Stream(SOURCE.workload, frozenset(), peer_delivery=True)
    operations = [step.operation for step in stream.take(150)]
    with _rig(fresh_store, "floor", connections=4, warm_s=0.0, window_s=0.03, limit_factor=10_000.0) as rig:
        # So many at once that every thing has a queue.
        measured = _point(rig, 5_000.0)
    start, end = column(measured.table, "start_ns"), column(measured.table, "end_ns")
    ended: dict[tuple[str, str], int] = defaultdict(int)
    for place, operation in enumerate(operations):
        for thing in touched(operation):
            assert start[place] >= ended[thing]
            ended[thing] = int(end[place])
    assert (start[1:] < np.maximum.accumulate(end)[:-1]).any()


def test_two_designs_have_the_same_operations_due_at_the_same_times(fresh_store: FreshStore) -> None:
    found = []
    for name in ("floor", "hybrid"):
        with _rig(fresh_store, name) as rig:
            measured = _point(rig)
            found.append((measured.point.due_digest, measured.table["kind"].to_pylist(), measured.table["due_ns"].to_pylist()))
    assert found[0] == found[1]


def test_a_generator_that_is_made_slow_is_told_to_be_late(fresh_store: FreshStore) -> None:
    with _rig(fresh_store, "floor", handicap=_slow) as rig:
        measured = _point(rig)
    assert measured.point.invalid is not None
    assert measured.point.invalid.startswith("the generator ")
    assert (judging.rows(measured.table).lag_ns >= 8_000_000).mean() > 0.9


class _LateReader(Loop):
    """Does nothing for 6 ms after each answer."""

    def wait(self, timeout_s: float | None) -> list[Ended]:
        ended = super().wait(timeout_s)
        time.sleep(0.006 * len(ended))
        return ended


def test_a_generator_that_reads_answers_late_is_told_though_the_queues_that_it_makes_hide_its_lag(
    fresh_store: FreshStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "Loop", _LateReader)
    with _rig(fresh_store, "floor", connections=8, window_s=1.0) as rig:
        measured = _point(rig, 120.0)
    found = judging.rows(measured.table)
    assert set(found.outcomes) == {"ok"}
    assert judging.mean(found.lag_ns) > 0.1 * judging.mean(found.service_ns)
    assert measured.point.invalid is not None
    assert measured.point.invalid.startswith("the generator ")


def test_a_generator_that_something_else_takes_the_cpu_from_is_not_idle(
    fresh_store: FreshStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever passes while this thread is asked how long it has waited for a CPU, it waited.
    monkeypatch.setattr(RunQueue, "waited_ns", lambda _: time.perf_counter_ns())
    with _rig(fresh_store, "floor") as rig:
        measured = _point(rig, 60.0)
    assert measured.point.busy_share > judging.BUSY_MAX
    assert measured.point.invalid is not None


def test_several_processes_do_each_operation_once_and_leave_the_same_world(fresh_store: FreshStore) -> None:
    numbers = []
    for processes in (1, 2):
        with _rig(fresh_store, "dual", processes=processes) as rig:
            measured = _point(rig)
            assert rig.proof().holds
        found = measured.table["number"].to_pylist()
        numbers.append(([number - found[0] for number in found], measured.point.due_digest))
        assert set(measured.table["process"].to_pylist()) == set(range(processes))
    assert numbers[0] == numbers[1]


_FAILS = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF abs(hashtext(NEW.{column}::text)) % 9 = 0 THEN RAISE EXCEPTION USING ERRCODE = '40P01', MESSAGE = 'planted'; END IF;
    RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"""


def test_conflicts_are_counted_by_sqlstate_and_what_needs_a_failed_message_is_not_issued(fresh_store: FreshStore) -> None:
    planted = _FAILS.format(table="root_messages", column="id")
    with _rig(fresh_store, "dual", prepare=planted) as rig:
        measured = _point(rig, 600.0)
        found = judging.rows(measured.table)
        assert found.sqlstates.keys() == {"40P01"}
        assert found.outcomes["fail"] + found.outcomes.get("info", 0) == found.sqlstates["40P01"] > 0
        assert found.outcomes["not_issued"] > 0
        assert found.n == sum(found.outcomes.values())
        assert not measured.point.kept
        assert rig.proof().holds


def test_a_message_of_which_a_part_is_stored_is_unknown_and_the_proof_excuses_it_alone(fresh_store: FreshStore) -> None:
    planted = _FAILS.format(table="memories", column="id")
    with _rig(fresh_store, "dual", prepare=planted) as rig:
        measured = _point(rig, 600.0)
        assert judging.rows(measured.table).outcomes["info"] > 0
        assert rig.proof().holds
        with psycopg.connect(rig.store.conninfo, autocommit=True) as connection:
            connection.execute(
                "UPDATE root_messages SET content = 'altered' WHERE id = (SELECT min(id::text) FROM root_messages)::text"
            )
        assert not rig.proof().holds


def test_a_failure_that_may_pass_is_tried_again_as_often_as_the_variant_says(fresh_store: FreshStore) -> None:
    planted = _FAILS.format(table="root_messages", column="id")
    with _rig(fresh_store, "dual", Levels(retry=2), prepare=planted) as rig:
        measured = _point(rig, 600.0)
    rows = [row for row in measured.table.to_pylist() if row["sqlstate"] is not None and row["kind"] == "send"]
    assert rows
    assert {row["attempts"] for row in rows} == {3}


def test_an_answer_that_is_not_the_models_ends_the_measurement(fresh_store: FreshStore) -> None:
    planted = """
        CREATE FUNCTION alter_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.content := NEW.content || '!'; RETURN NEW; END $$;
        CREATE TRIGGER alter_text BEFORE INSERT ON root_messages FOR EACH ROW EXECUTE FUNCTION alter_text()"""
    with (
        _rig(fresh_store, "dual", prepare=planted) as rig,
        pytest.raises(InvalidMeasurement, match="another answer than the model"),
    ):
        _point(rig, 600.0)


def test_a_point_that_its_limit_cuts_counts_all_that_was_due_and_says_so(fresh_store: FreshStore) -> None:
    with _rig(fresh_store, "floor", limit_factor=1.5, handicap=_slow) as rig:
        # Some hundred times as many as any machine bears.
        measured = _point(rig)
        assert rig.proof().holds
    assert set(measured.table["outcome"].to_pylist()) == {"ok", "cut"}
    assert measured.table.num_rows == measured.point.due
    assert not measured.point.kept
    assert measured.point.cut == measured.table["outcome"].to_pylist().count("cut") > 0
    assert rig.cut == ["the limit of 0.9 s cut 300 operations a second short"]


def test_a_stream_without_enough_operations_gives_no_point(fresh_store: FreshStore) -> None:
    with _rig(fresh_store, "floor") as rig:
        assert rig.point(Purpose("rate"), 1e6, np.random.default_rng(1)) is None
        assert rig.proof().holds


def test_a_workloads_own_times_are_kept_on_another_scale(fresh_store: FreshStore) -> None:
    stream = Stream(SOURCE.workload, frozenset(), peer_delivery=True)
    times = [step.at_ms for step in stream.take(180)]
    with _rig(fresh_store, "floor", arrivals=Arrivals.WORKLOAD) as rig:
        measured = _point(rig)
    assert measured.table["due_ns"].to_pylist() == compressed(times, 300.0).tolist()
