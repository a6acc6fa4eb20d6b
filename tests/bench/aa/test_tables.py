from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pytest

from bench.aa.record import WindowsRecord
from bench.aa.tables import Tables, as_mapping, judged, tables
from bench.aa.telling import lines
from bench.latency.samples import Recorder
from bench.latency.summary import Declared

COSTS = {"dual": 1.0, "dual[again]": 1.0, "dual[+1%]": 1.01, "dual[+5%]": 1.05, "dual[+statement]": 1.2}
DECLARED = Declared(("send", "reply"), 0.05)


def window(costs: Mapping[str, float], noise: float, rng: np.random.Generator, operations: int = 600) -> pa.Table:
    """A window whose variants cost what they are said to, beside noise."""
    recorder = Recorder(list(costs))
    kinds = [recorder.kind_index(kind) for kind in ("send", "reply", "latest_page")]
    for operation in range(operations):
        base_ns = rng.lognormal(14, 0.2)
        for position, variant in enumerate(rng.permutation(len(costs))):
            latency_ns = round(base_ns * list(costs.values())[variant] * rng.lognormal(0, noise))
            recorder.add(operation, 0, operation >= 10, kinds[operation % 3], int(variant), position, latency_ns)
    return recorder.table(0)


def divided(sessions: int, rng: np.random.Generator) -> pa.Table:
    """A window of identical code, whose copy is faster or slower by half a percent for as long as a session lives."""
    tables = []
    for number in range(sessions):
        costs = {"dual": 1.0, "dual[again]": float(np.exp(rng.normal(0, 0.005)))}
        table = window(costs, 0.02, rng, operations=1_200 // sessions)
        tables.append(table.set_column(0, "session", pa.array([number] * table.num_rows, pa.int32())))
    return pa.concat_tables([table.unify_dictionaries() for table in tables])


def called_different(sessions: int) -> int:
    rng = np.random.default_rng(9)
    return tables(judged(divided(sessions, rng), "dual", DECLARED, rng, 200) for _ in range(60)).same.called_different


def test_a_lone_session_takes_the_mood_of_a_connection_for_a_difference_and_several_sessions_do_not() -> None:
    assert called_different(1) > 20
    assert called_different(6) <= 6


def found(costs: Mapping[str, float], noise: float, count: int = 6) -> Tables:
    rng = np.random.default_rng(4)
    return tables(judged(window(costs, noise, rng), "dual", DECLARED, rng, 200) for _ in range(count))


def test_large_costs_are_found_with_their_sign_and_identical_code_is_not() -> None:
    quiet = found(COSTS, 0.01)
    assert (quiet.same.pairs, quiet.same.called_different, quiet.short) == (6, 0, 0)
    assert quiet.same.intervals_hold >= 4
    by_variant = {row.variant: row for row in quiet.found}
    assert set(by_variant) == {"dual[+1%]", "dual[+5%]", "dual[+statement]"}
    for row in quiet.found:
        assert (row.found, row.sign_right) == (6, 6)
    assert by_variant["dual[+5%]"].middle == pytest.approx(1.05, abs=0.005)


def test_copies_that_are_faster_are_found_with_the_wrong_sign() -> None:
    wrong = found({**COSTS, "dual[+5%]": 0.95}, 0.01)
    row = next(row for row in wrong.found if row.variant == "dual[+5%]")
    assert (row.found, row.sign_right) == (6, 0)


def test_a_pair_that_is_not_identical_is_called_different() -> None:
    planted = found({**COSTS, "dual[again]": 1.04}, 0.01)
    assert planted.same.called_different == 6
    assert planted.same.intervals_hold == 0


def test_a_cost_in_loud_noise_is_not_found() -> None:
    loud = found(COSTS, 0.3)
    assert next(row for row in loud.found if row.variant == "dual[+1%]").found == 0
    assert loud.same.detectable > 0.03


def test_a_window_that_is_too_short_finds_nothing_and_is_counted() -> None:
    rng = np.random.default_rng(1)
    short = tables([judged(window(COSTS, 0.01, rng, operations=20), "dual", DECLARED, rng, 100)])
    assert (short.short, short.same.pairs, short.found) == (1, 1, [])


def test_both_tables_are_told_with_how_many_of_how_many() -> None:
    record = WindowsRecord(
        started_at="2026-01-01T00:00:00Z",
        storebench_version="1",
        commit=None,
        dirty=None,
        design="dual",
        workload="window.toml",
        agents=None,
        pairs=6,
        seconds=10,
        seed=1,
        planted=["+1%"],
        primary_kinds=["send", "reply"],
        smallest_effect=0.05,
        bootstrap_draws=200,
        machine={},
        server={},
        placement="not pinned",
    )
    quiet = found(COSTS, 0.01)
    told = "\n".join(lines(record, quiet))
    assert "6 windows of 10 s in one session, dual against copies of itself, by send+reply," in told
    assert "0 of 6" in told
    assert "dual[+5%]" in told
    assert as_mapping(quiet)["called_different"] == 0


def test_kinds_that_windows_do_not_hold_are_not_named() -> None:
    rng = np.random.default_rng(4)
    whole = window(COSTS, 0.01, rng)
    sends = whole.filter([kind != "reply" for kind in whole["kind"].to_pylist()])
    found = tables([judged(sends, "dual", DECLARED, rng, 100)])
    assert found.kinds == ["send"]
    assert as_mapping(found)["kinds"] == ["send"]
    assert tables([[]]).kinds == []
