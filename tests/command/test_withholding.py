"""A run whose stores did other work than the model shows no result."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

SMALL = ("--set", "anatomy_agents=[2]", "--set", "anatomy_scenes=2", "--set", "crash_agents=[]", "--set", "faults_cells=[]")


@pytest.mark.parametrize(
    ("design", "difference"),
    [
        ("wrong_agent_row", r"a_message: agent='.*', message='.*': text is 'something else', not 'The build is green"),
        ("lost_reply_link", r"a_message: agent='.*', message='.*': in_reply_to is None, not '"),
        *(
            pytest.param(design, difference, marks=pytest.mark.full)
            for design, difference in (
                ("missing_participant", r"c_member: channel='.*', member='user-a-.*': missing"),
                ("swapped_order", r"a_message: agent='.*', message='.*': created_at_ms is \d+, not \d+"),
                ("truncated_text", r"c_message: message='.*': text is 'The build .* runner', not 'The build .* runner\.'"),
            )
        ),
    ],
)
def test_a_planted_lie_withholds_the_results_and_prints_the_difference(
    storebench: Storebench, tmp_path: Path, design: str, difference: str
) -> None:
    done = storebench("run", "--designs", design, *SMALL)
    assert done.returncode == 3, done.stderr
    assert "results withheld" in done.stderr
    assert re.search(difference, done.stderr), done.stderr
    assert not list(tmp_path.rglob("report.*"))
    assert not list(tmp_path.rglob("summary.json"))


@pytest.mark.full
def test_a_lie_in_a_replayed_trace_withholds_the_results_too(storebench: Storebench, tmp_path: Path) -> None:
    trace = tmp_path / "trace.csv"
    trace.write_text("t,ch,u,bytes,reply_to,bot\n0,0,0,20,,0\n5,0,1,30,0,0\n9,0,0,10,,0\n")
    done = storebench("run", "--trace", str(trace), "--agents", "1", "--designs", "dual,truncated_text")
    assert done.returncode == 3, done.stderr
    assert "another answer than the model" in done.stderr
    assert not list(tmp_path.rglob("report.*"))
