"""Every question has an answer from what a run stored, and what was not measured is named."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from bench.errors import UserError
from bench.results.cost_schema import CostRow, CostSummary, Estimate
from bench.results.isolated_schema import IsolatedRatio, IsolatedSummary, IsolatedTrial, PairOrder
from bench.results.load_schema import LoadFigure, LoadLevel, LoadSummary
from bench.results.run_record import TrialRecord
from bench.results.schema import AnatomyCell, CheckpointCell, Summary
from bench.validity.answering import WIDTH, evidence_of, point_of, told
from bench.validity.point import INSTRUMENTS, AbsentError, Evidence, Point
from bench.validity.points import POINTS
from tests.bench.latency.made import paired
from tests.bench.report import made_up
from tests.bench.results.stored import stored_run

NOTHING: dict[str, object] = {"anatomy": [], "latency": [], "quantiles": [], "crash": [], "proofs": [], "totals": []}


def evidence(**changes: object) -> Evidence:
    summary = made_up.summary(**changes)
    return Evidence(made_up.run(), summary, [], [])


def lines(number: int, given: Evidence) -> str:
    return "\n".join(told(point_of(number), given))


def test_there_are_31_points_numbered_in_their_order_each_with_a_question_of_its_own() -> None:
    assert [point.number for point in POINTS] == list(range(1, 32))
    assert len({point.question for point in POINTS}) == 31
    assert all(point.question.endswith("?") for point in POINTS)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: str(point.number))
def test_a_run_answers_with_more_than_the_question_in_lines_that_fit(point: Point) -> None:
    found = told(point, evidence())
    assert found[0] == f"{point.number}. {point.question}"
    assert len(found) > 1
    assert all(len(line) <= WIDTH for line in found)


def test_a_run_without_anything_says_which_profile_measures_each_part() -> None:
    empty = Evidence(made_up.run(), made_up.summary(**NOTHING), [], [])
    without = [point.number for point in POINTS if "storebench run --profile " in lines(point.number, empty)]
    assert {1, 2, 3, 5, 7, 9, 11, 13, 18, 19, 20, 22, 23, 24, 25, 28, 29, 31} <= set(without)
    with pytest.raises(AbsentError, match="--profile load"):
        list(point_of(1).answer(empty))


def test_instruments_that_a_run_did_without_come_from_the_next_and_nothing_else_does() -> None:
    costs = CostSummary(agents=2, rows=[], observers=[], recording_us=0.25, cpu_tick_us=None, lacking=[])
    first, second = evidence(anatomy=[], totals=[]), evidence(costs=costs)
    filled = first.filled(second)
    assert "0.25 us an operation" in lines(23, filled)
    assert filled.summary.anatomy == second.summary.anatomy
    assert "anatomy: from the run" in lines(20, filled)
    assert filled.summary.totals == []
    assert second.filled(evidence(costs=None)).summary.costs == costs


def test_what_comes_from_another_run_is_named_with_its_run_and_with_what_differs() -> None:
    costs = CostSummary(agents=2, rows=[], observers=[], recording_us=0.25, cpu_tick_us=None, lacking=[])
    first = evidence()
    same = replace(evidence(costs=costs), name="the-costs")
    assert lines(23, first.filled(same)).endswith("costs: from the-costs")
    record = first.run.model_copy(update={"commit": "another", "machine": {**first.run.machine, "processor": "another"}})
    assert lines(23, first.filled(replace(same, run=record))).endswith(
        "costs: from the-costs, which had another commit, another machine"
    )
    assert "the-costs" not in lines(1, first.filled(same))
    assert "the-costs" not in lines(23, same.filled(evidence(costs=costs)))


@pytest.mark.parametrize("point", POINTS, ids=lambda point: str(point.number))
def test_a_point_names_every_instrument_that_its_answer_reads(point: Point) -> None:
    class Watched:
        """A summary that notes what it is asked for."""

        def __init__(self) -> None:
            self.asked: set[str] = set()
            self._summary = made_up.summary()

        def __getattr__(self, name: str) -> object:
            self.asked.add(name)
            return getattr(self._summary, name)

    watched = Watched()
    with suppress(AbsentError):
        list(point.answer(replace(evidence(), summary=cast(Summary, watched))))
    assert watched.asked & set(INSTRUMENTS) <= set(point.instruments)


def test_kinds_whose_statements_were_prepared_in_a_compared_row_are_named() -> None:
    few, zeros = np.random.default_rng(1).integers(10**5, 10**6, (40, 2)), np.zeros(40, np.int64)
    given = replace(evidence(), paired=[paired("send", ("dual", "floor"), zeros, zeros, few)])
    assert "is part of a compared row: none" in " ".join(lines(14, given).split())
    given = replace(given, first_measured={"leave": 2, "edit": 1})
    assert "is part of a compared row: edit (1), leave (2)" in " ".join(lines(14, given).split())


def test_a_kind_that_came_only_after_the_warm_up_is_found_in_the_stored_rows(tmp_path: Path) -> None:
    folder = stored_run(tmp_path)
    given = evidence_of([folder])
    assert given.name == folder.path.name
    assert given.first_measured
    assert set(given.first_measured) <= {sample.kind for sample in given.paired}
    assert max(given.first_measured.values()) <= 2


def test_what_nothing_measures_yet_is_told_with_the_answer() -> None:
    assert "not measured yet by anything: races between clients" in lines(28, evidence())


def test_stolen_time_is_told_where_the_system_tells_it() -> None:
    assert "stolen by the hypervisor: not available" in lines(10, evidence())
    trial = TrialRecord(
        name="latency-000",
        phase="paired latency",
        attempt=0,
        started_at="x",
        took_s=1.0,
        files={},
        stolen_share=0.0625,
        load_average_1min=1.5,
    )
    given = evidence()
    told_now = lines(10, Evidence(given.run, given.summary, [trial], []))
    assert "6.25 to 6.25 % of all CPUs' time" in told_now
    assert "1.50 to 1.50" in told_now


def test_checkpoints_and_autovacuum_within_sessions_are_counted_and_what_was_not_counted_is_no_0() -> None:
    assert lines(10, evidence()).count("not counted by this run") == 2
    trials = [
        TrialRecord(name=f"latency-00{n}", phase="x", attempt=0, started_at="x", took_s=1.0, files={}, checkpoints=count)
        for n, count in enumerate((0, 2, 0, None))
    ]
    totals = [total.model_copy(update={"autovacuums": 0}) for total in made_up.totals()]
    found = lines(10, replace(evidence(totals=totals), trials=trials))
    assert "checkpoints within the operations of a session: 2, in 1 of 3 sessions" in found
    assert "tables that autovacuum vacuumed or analysed meanwhile: 0, in 0 of 3 stores" in found


def test_an_fsync_is_told_in_microseconds() -> None:
    def us(mean: float) -> Estimate:
        return Estimate(mean=mean, low=None, high=None, n=1)

    row = CostRow(
        design="dual",
        exchange="plain",
        kind="send",
        operations=10,
        wall_us=us(900),
        client_cpu_us=us(200),
        backend_cpu_us=None,
        queued_us=None,
        fsync_us=us(360),
        fsyncs=3.0,
        wait_us=None,
        waits={},
    )
    costs = CostSummary(agents=2, rows=[row], observers=[], recording_us=0.5, cpu_tick_us=None, lacking=[])
    given = evidence(costs=costs)
    assert ["dual", "send", "plain", "3", "360", "120"] in [line.split() for line in lines(19, given).splitlines()]
    assert "no server: not available" in lines(19, given)
    asked = evidence(costs=costs.model_copy(update={"disk_us": 118.4, "disk_flushes": 200}))
    assert "no server: 118 us, the median of 200" in lines(19, asked)
    assert "not available" in lines(3, given)
    assert "0.50 us an operation" in lines(23, given)


def test_images_of_a_forced_checkpoint_stand_in_a_column_of_their_own() -> None:
    plain = next(cell for cell in made_up.anatomy() if cell.kind == "send")
    across = AnatomyCell(**{**plain.model_dump(), "wal_images": 8_000.0})
    found = lines(11, evidence(checkpoints=[CheckpointCell(plain=plain, across=across)]))
    assert "8,000.0" in found
    assert "--profile" not in found


def level(**changes: object) -> LoadLevel:
    whole = LoadLevel(
        variant="dual",
        purpose="share",
        percent=60,
        rate_per_s=100.0,
        repeats=2,
        n=2_000,
        achieved_per_s=99.0,
        late=0.0,
        kept=True,
        quantiles=[
            LoadFigure(q=0.5, response_ns=2_000_000, service_ns=1_000_000, lag_ns=20_000),
            LoadFigure(q=0.9, response_ns=4_000_000, service_ns=1_500_000, lag_ns=40_000),
            LoadFigure(q=0.99, response_ns=None, service_ns=None, lag_ns=None),
        ],
        curve=[],
        response_p99_ns=8_000_000,
        lag_p99_ns=900_000,
        channel_mean_ns=0.0,
        lane_mean_ns=0.0,
        busy_share=0.25,
        prepared=0,
        outcomes={"ok": 2_000},
        sqlstates={},
        retried=0,
        due_digests=[],
        valid=True,
        why=[],
    )
    return whole.model_copy(update=changes)


def load(*levels: LoadLevel) -> LoadSummary:
    return LoadSummary(
        objective_ms=50.0,
        connections=8,
        processes=1,
        exchange="plain",
        arrivals="poisson",
        capacities=[],
        levels=list(levels),
        series=[],
        placement="",
    )


def test_a_point_of_load_is_told_by_the_largest_quantile_that_it_carries_and_steps_of_searches_are_not_told() -> None:
    found = lines(1, evidence(load=load(level(), level(purpose="search", rate_per_s=77.0))))
    assert "dual, 100/s (60 % of own)  2,000  p90   4.00 ms  1.50 ms  0.040 ms" in found
    assert "77/s" not in found


def test_a_point_that_the_generator_spoilt_is_named_with_its_cause() -> None:
    spoilt = level(valid=False, why=["the generator was late: lag p99 is 3 ms of a response p99 of 8 ms"], lag_p99_ns=3_000_000)
    found = lines(2, evidence(load=load(level(), spoilt)))
    assert "2 points, those of searches too; 1 invalid" in found
    assert "invalid because the generator was late: 1" in found
    assert re.search(r"99\.0%\s+3\.00 ms\s+8\.00 ms\s+25%\s+NO", found)
    assert "sends nothing: not measured by this run" in found
    measured = load(level()).model_copy(update={"ceiling_per_s": 23_456.7})
    assert "sends nothing: 23,457 operations a second; the highest rate above is 100" in lines(2, evidence(load=measured))


def test_an_inversion_between_instruments_is_told_with_what_may_explain_it() -> None:
    isolated = IsolatedSummary(
        kind="send+reply",
        where="each on a fresh server",
        trials=[IsolatedTrial(block=0, place=0, design="floor", n=9, p50_ns=1, log_middle=0.0)],
        ratios=[
            IsolatedRatio(
                variant="floor",
                baseline="dual",
                blocks=4,
                ratio=0.5,
                low=0.4,
                high=0.6,
                detectable=0.1,
                p_value=0.01,
                separated=True,
                verdict="faster",
            )
        ],
    )
    orders = [PairOrder(a="dual", b="floor", order="inverted", by=[], figures=["dual: 9 round trips", "floor: 2 round trips"])]
    found = lines(25, evidence(isolated=isolated, orders=orders))
    assert "1 inverted" in found
    assert "dual, floor: inverted: floor: 2 round trips" in found
    assert re.search(r"floor / dual\s+−50\.0 % \[−60\.0 %, −40\.0 %\] faster", found)


def test_a_point_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match="from 1 to 31"):
        point_of(32)


def test_a_stored_run_answers_all_31_points(tmp_path: Path) -> None:
    given = evidence_of([stored_run(tmp_path)])
    assert isinstance(given.summary, Summary)
    assert all(len(told(point, given)) > 1 for point in POINTS)


def test_what_a_place_adds_is_not_told_as_nothing_where_too_few_rows_say_it() -> None:
    few, zeros = np.random.default_rng(1).integers(10**5, 10**6, (40, 2)), np.zeros(40, np.int64)
    run = made_up.run()
    run = run.model_copy(update={"configuration": {**run.configuration, "primary_kinds": ["send"]}})
    told_lines = "\n".join(
        told(point_of(4), Evidence(run, made_up.summary(), [], [paired("send", ("dual", "floor"), zeros, zeros, few)]))
    )
    assert "too few rows, 40 of 100 that it takes" in told_lines
    assert "0.0 %" not in told_lines
