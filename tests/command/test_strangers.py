"""A stranger's broken design ends a run in one line that names the fault, never in a traceback or a report."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

SMALL = (
    "--set=anatomy_agents=[1]",
    "--set=anatomy_scenes=2",
    "--set=crash_agents=[]",
    "--set=faults_cells=[]",
    "--set=latency_sessions=1",
    "--set=factor_sessions=1",
    "--set=factor_messages=8",
    "--set=latency_messages=10",
)


BEFORE_ANYTHING_IS_MEASURED = {"no_tables", "raises_in_write", "leaves_the_program", "writes_nothing", "never_yields"}
"""Their fault is seen when the designs are built and asked what they can do, so there is no run to withhold."""


@pytest.mark.parametrize(
    ("design", "status", "told"),
    [
        ("yields_nonsense", 3, "yields 'INSERT', which is no action"),
        pytest.param("commits_twice", 3, "commits on the central side, where no transaction is open", marks=pytest.mark.full),
        ("stays_open", 3, "ends with an open transaction on the central side"),
        ("never_ends", 3, "does not end: more than 10000 actions"),
        pytest.param("never_yields", 3, "does not come back: more than 10 s in one call", marks=pytest.mark.full),
        ("raises_in_body", 3, "raises KeyError: 'lost'"),
        pytest.param("raises_in_write", 3, "raises ZeroDivisionError: by design", marks=pytest.mark.full),
        ("leaves_the_program", 3, "raises SystemExit: 0"),
        pytest.param("writes_nothing", 3, "raises TypeError: 'NoneType' object is not iterable", marks=pytest.mark.full),
        pytest.param("wrong_parameter", 3, "gives a statement a parameter that cannot be sent", marks=pytest.mark.full),
        ("lying_view", 3, "lying_view: c_member: channel='"),
        pytest.param(
            "view_without_column", 3, "view c_member of the design fails: column v.member does not exist", marks=pytest.mark.full
        ),
        pytest.param("views_raise", 3, "views_raise: views() raises RuntimeError: no views today", marks=pytest.mark.full),
        pytest.param("odd_gaps", 3, "odd_gaps: gaps() has 42 in it, which is no Gap", marks=pytest.mark.full),
        ("wrong_answers", 3, "returns None, which is no answer"),
        ("no_tables", 3, "no_tables: tables raises AttributeError"),
        ("bad_tables", 2, "design 'bad_tables': its tables cannot be created"),
    ],
)
def test_a_broken_design_is_told_in_one_line(storebench: Storebench, tmp_path: Path, design: str, status: int, told: str) -> None:
    done = storebench("run", "--designs", design, *SMALL)
    assert done.returncode == status, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("storebench: ")]) == 1
    assert not list(tmp_path.rglob("report.*"))
    if status == 3 and design not in BEFORE_ANYTHING_IS_MEASURED:
        assert [path.name for path in tmp_path.rglob("withheld.json")] == ["withheld.json"]
    else:
        assert not list((tmp_path / "results").glob("*"))
