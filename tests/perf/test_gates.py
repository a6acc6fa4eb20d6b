"""Gates stand on ratios to the floor, never on times, and fail with the design and the operation by name."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.perf.__main__ import LIMITS, main
from tests.perf.gates import Limits, failures, limits_of, session_of, table

NARROW = Limits(default=3.0, by_name={"dual reply": 9.0}, factor_max=1.25)


def benchmark(design: str, kind: str, ratio: float, spread: float = 0.05, median_s: float = 0.001) -> dict[str, Any]:
    told = {"estimate": ratio, "low": ratio * (1 - spread), "high": ratio * (1 + spread)}
    return {
        "name": f"bench_operation[{design}-{kind}]",
        "extra_info": {"design": design, "kind": kind, "to_floor": told},
        "stats": {"median": median_s, "rounds": 60},
    }


def part(name: str, median_s: float) -> dict[str, Any]:
    return {"name": name, "extra_info": {}, "stats": {"median": median_s, "rounds": 15}}


def saved(*benchmarks: dict[str, Any]) -> dict[str, Any]:
    return {"benchmarks": list(benchmarks)}


def failed(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    return failures(session_of(now), session_of(before), NARROW)


def test_a_ratio_above_its_limit_with_its_whole_interval_fails_by_name() -> None:
    now = saved(benchmark("dual", "send", 3.5, 0.1), benchmark("dual", "reply", 3.5), benchmark("hybrid", "send", 3.1))
    assert failed(now, saved()) == ["dual send: 3.50 [3.15, 3.85] times the floor's, at most 3 may be"]


def test_a_ratio_that_grew_beyond_the_factor_and_the_intervals_fails() -> None:
    before = saved(benchmark("dual", "send", 2.0), benchmark("hybrid", "send", 2.0), benchmark("floor", "edit", 1.0))
    now = saved(benchmark("dual", "send", 2.6), benchmark("hybrid", "send", 2.4), benchmark("floor", "edit", 2.9))
    (line,) = failed(now, before)
    assert line.startswith("dual send: 2.60 [2.47, 2.73] times the floor's, 2.00 [1.90, 2.10] before")


def test_what_the_floor_against_itself_shows_hides_growth_of_the_same_kind_alone() -> None:
    before = saved(benchmark("dual", "send", 2.0), benchmark("dual", "edit", 2.0), benchmark("floor", "send", 1.0))
    now = saved(benchmark("dual", "send", 3.0), benchmark("dual", "edit", 3.0), benchmark("floor", "send", 1.6))
    (line,) = failed(now, before)
    assert line.startswith("dual edit")


def test_times_alone_never_fail() -> None:
    before = saved(benchmark("dual", "send", 2.0, median_s=0.001), part("bench_proof[dual]", 0.1))
    now = saved(benchmark("dual", "send", 2.0, median_s=1.0), part("bench_proof[dual]", 99.0))
    assert failed(now, before) == []
    assert len(table(session_of(now), session_of(before))) == 3


def test_what_is_no_longer_measured_is_told() -> None:
    lines = table(session_of(saved(part("new", 0.1))), session_of(saved(part("old", 0.1))))
    assert lines[-1] == "old: no longer measured"
    assert "-" in lines[1]


def test_a_session_that_passes_becomes_the_last_one_and_one_that_fails_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def save(ratio: float) -> None:
        (tmp_path / "new.json").write_text(json.dumps(saved(benchmark("dual", "send", ratio))))

    assert main([str(tmp_path)]) == 2
    save(2.0)
    assert main([str(tmp_path)]) == 0
    last = (tmp_path / "last.json").read_text()
    save(4.0)
    assert main([str(tmp_path)]) == 1
    assert "gate failed: dual send: 4.00" in capsys.readouterr().err
    assert (tmp_path / "last.json").read_text() == last
    assert main([str(tmp_path), "--accept"]) == 0
    assert (tmp_path / "last.json").read_text() != last


def test_the_limits_of_the_suite_can_be_read() -> None:
    limits = limits_of(tomllib.loads(LIMITS.read_text(encoding="utf-8")))
    assert limits.of("a_plugin send") == limits.default >= 1
    assert limits.factor_max > 1
