"""Growth that was planted is found: lines in agents, powers in rows, exact counts, exponents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest

from bench.errors import UserError
from bench.growth.sizes import written
from bench.growth.summary import summarise
from bench.latency.samples import Recorder
from bench.report.growth import exponents_in_words, growth_grids
from bench.results.growth_schema import GrowthSummary, WallRow
from bench.results.schema import AnatomyCell, ProofRecord, RowsChanged


def rows(latency_ns: Mapping[str, Sequence[tuple[int, float]]], sessions: int = 4, noise: float = 0.02) -> pa.Table:
    """Sends of these designs, each with its latency at each size, in so many sessions."""
    designs, tables = list(latency_ns), []
    for session in range(sessions):
        rng, recorder = np.random.default_rng(session), Recorder(designs)
        for turn in range(24):
            for place, (size, _) in enumerate(latency_ns[designs[0]]):
                kind = recorder.kind_index(written("send", size))
                for index, design in enumerate(designs):
                    found = int(latency_ns[design][place][1] * rng.lognormal(0, noise))
                    recorder.add(turn * 10 + place, turn // 6, True, kind, index, index, found)
        tables.append(recorder.table(session).unify_dictionaries())
    return pa.concat_tables(tables).unify_dictionaries()


def grown(tables: Mapping[str, pa.Table], cells: Sequence[AnatomyCell] = (), wall: Sequence[WallRow] = ()) -> GrowthSummary:
    found = summarise(tables, cells, wall, [])
    assert found is not None
    return found


def cell(k: int, statements: float, wal: float | None, state: str = "warm") -> AnatomyCell:
    changed = {
        "memories": RowsChanged(inserted=k, updated=0, deleted=0),
        "root_messages": RowsChanged(inserted=1, updated=0, deleted=0),
    }
    return AnatomyCell.model_validate(
        {
            "design": "dual",
            "atomicity": "per_side",
            "kind": "send",
            "k": k,
            "state": state,
            "operations": 2,
            "uniform": True,
            "transactions": 1 + k,
            "statements_read": 3 * k,
            "statements_write": statements - 3 * k,
            "round_trips": 3 + 6 * k,
            "flights": 1,
            "rows": changed,
            "wal_records": 5 + 7 * k,
            "wal_bytes": wal,
            "wal_images": None,
        }
    )


def wall(messages: int, wall_s: float, repetition: int = 0) -> WallRow:
    return WallRow(
        design="hybrid",
        messages=messages,
        repetition=repetition,
        lanes=10,
        exchange="shared",
        wall_s=wall_s,
        tenths_s=[wall_s / 10] * 10,
        cpu_s=wall_s / 2,
        memory_before_bytes=1,
        memory_after_bytes=2,
    )


def test_a_planted_cost_of_each_agent_is_found_and_one_without_is_not_told_to_grow() -> None:
    sizes = (0, 1, 2, 4, 8)
    found = grown({"agents": rows({"dual": [(k, 1e6 + 5e5 * k) for k in sizes], "floor": [(k, 1e6) for k in sizes]})})
    dual, floor = found.slopes
    assert (dual.design, dual.repetitions, dual.sizes) == ("dual", 4, 5)
    assert dual.slope == pytest.approx(5e5, rel=0.02)
    assert dual.low is not None
    assert dual.high is not None
    assert dual.low < 5e5 < dual.high
    assert dual.separated
    assert not floor.separated
    assert all(abs(point.residual or 0.0) < 0.05 for point in found.points)


def test_what_lies_beyond_the_measured_points_is_marked_and_has_neither_residual_nor_n() -> None:
    found = grown({"agents": rows({"dual": [(k, 1e6 + 5e5 * k) for k in (0, 1, 2, 4)]}, noise=0.001)})
    beyond = [point for point in found.points if not point.measured]
    assert [(point.size, point.n, point.residual) for point in beyond] == [(50, 0, None)]
    assert beyond[0].latency_ns == pytest.approx(26e6, rel=0.02)
    assert all(point.n == 96 for point in found.points if point.measured)


def test_rows_grow_by_a_factor_for_each_decade() -> None:
    sizes = (10_000, 100_000, 1_000_000)
    found = grown({"rows": rows({"dual": [(size, 1e6 * 1.3 ** np.log10(size)) for size in sizes]})})
    (slope,) = found.slopes
    assert slope.slope == pytest.approx(1.3, rel=0.02)
    assert slope.low is not None
    assert slope.high is not None
    assert slope.low < 1.3 < slope.high
    beyond = [point for point in found.points if not point.measured]
    assert [point.size for point in beyond] == [10_000_000]
    assert beyond[0].latency_ns == pytest.approx(1e6 * 1.3**7, rel=0.05)


def test_a_bend_is_shown_by_residuals() -> None:
    sizes = (0, 10, 20, 30, 40)
    found = grown({"agents": rows({"dual": [(k, 1e6 + 1e4 * k * k) for k in sizes]}, noise=0.001)})
    measured = [point.residual or 0.0 for point in found.points if point.measured]
    assert measured[2] < 0 < measured[0]
    assert max(map(abs, measured)) > 0.1


def test_one_session_gives_its_blocks_as_lines_and_one_size_gives_no_slope() -> None:
    found = grown({"agents": rows({"dual": [(1, 1e6), (2, 2e6)]}, sessions=1)})
    assert found.slopes[0].repetitions == 4
    alone = grown({"rows": rows({"dual": [(10_000, 1e6)]})})
    assert alone.slopes == []
    assert [point.measured for point in alone.points] == [True]


def test_one_repetition_alone_has_no_bounds_and_separates_nothing() -> None:
    recorder = Recorder(["dual"])
    for turn in range(6):
        for size in (1, 2, 4):
            kind = recorder.kind_index(written("send", size))
            recorder.add(turn * 10 + size, 0, True, kind, 0, 0, 1_000_000 + 500_000 * size)
    found = grown({"agents": recorder.table(0)}, wall=[wall(10_000, 5.0), wall(100_000, 50.0)])
    (slope,), (power,) = found.slopes, found.exponents
    assert (slope.repetitions, slope.low, slope.high, slope.separated) == (1, None, None, False)
    assert slope.slope == pytest.approx(5e5)
    assert {(point.low_ns, point.high_ns) for point in found.points} == {(None, None)}
    assert (power.low, power.high, power.cpu_low, power.cpu_high) == (None, None, None, None)
    cells = [str(cell) for grid in growth_grids(found) for row in grid.rows for cell in row]
    assert "+500.0 µs for one agent" in cells
    assert "1.50 ms" in cells
    assert exponents_in_words(power) == "1.000, of client CPU 1.000"
    assert "[" not in "".join(cells)


def test_exact_counts_have_exact_slopes_and_one_that_bends_tells_how_far() -> None:
    found = grown({}, [cell(k, 1 + 4 * k, 100.0 + 10 * k * k) for k in (0, 1, 2, 4)] + [cell(1, 99, 9, "first")])
    slopes = {row.what: row for row in found.count_slopes}
    assert (slopes["statements"].each, slopes["statements"].alone, slopes["statements"].residual) == (4, 1, 0)
    assert (slopes["rows"].each, slopes["round trips"].each, slopes["WAL records"].alone) == (1, 6, 5)
    assert slopes["WAL bytes"].residual > 5
    unknown = grown({}, [cell(k, 1, None) for k in (0, 1)])
    assert "WAL bytes" not in {row.what for row in unknown.count_slopes}


def test_wall_time_that_grows_with_a_power_has_that_exponent() -> None:
    found = grown({}, wall=[wall(10_000, 5.0), wall(10_000, 5.0, 1), wall(100_000, 50.0), wall(1_000_000, 500.0)])
    (told,) = found.exponents
    assert told.exponent == pytest.approx(1.0)
    assert told.cpu_exponent == pytest.approx(1.0)
    assert told.runs == 4
    (bent,) = grown({}, wall=[wall(10_000, 5.0), wall(100_000, 5.0 * 10**1.2), wall(1_000_000, 5.0 * 100**1.2)]).exponents
    assert bent.exponent == pytest.approx(1.2)
    assert grown({}, wall=[wall(10_000, 5.0)]).exponents == []


def test_a_design_that_did_less_work_is_named() -> None:
    proofs = [
        ProofRecord(
            trial=trial,
            design="option_b_envelope",
            holds=True,
            expected_digest="",
            observed_digest="",
            differences=[],
            difference_count=0,
            gaps={"message_content_without_agent": count, "members_without_agent": 4},
        )
        for trial, count in (("growth-agents", 3), ("growth-counts-option_b_envelope", 0))
    ]
    found = summarise({}, [], [wall(100, 1.0)], proofs)
    assert found is not None
    assert found.unequal == ["option_b_envelope: send in growth-agents, message content without agent"]


def test_raw_rows_without_a_size_are_refused_and_a_run_without_growth_has_no_summary() -> None:
    recorder = Recorder(["dual"])
    recorder.add(0, 0, True, recorder.kind_index("send"), 0, 0, 1)
    with pytest.raises(UserError, match="'send' has no size"):
        summarise({"rows": recorder.table(0)}, [], [], [])
    assert summarise({}, [], [], []) is None
