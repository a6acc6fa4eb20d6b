"""A folder or file that may not be read is told in one line; root is asked to do without its rights, since it may read all."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.results.stored import stored_run
from tests.command.program import COMMAND

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def as_ordinary_user(tmp_path: Path) -> Command:
    """Runs the command in the folder of the test, bound by the permissions of files."""
    before: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is missing: root cannot do without its right to read everything")
        before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*before, COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    return call


def _check_refused(done: subprocess.CompletedProcess[str], *told: str) -> None:
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("storebench: ")
    assert "Permission denied" in line or "not readable" in line
    for words in told:
        assert words in line


@pytest.mark.parametrize("closed", ["results", "results/run", "results/run/run.json"])
@pytest.mark.parametrize(
    "command", ["report", "resume", *(pytest.param(name, marks=pytest.mark.full) for name in ("show", "compare", "rerun"))]
)
def test_results_that_may_not_be_read_are_told_in_one_line(
    tmp_path: Path, as_ordinary_user: Command, closed: str, command: str
) -> None:
    (tmp_path / "results" / "run").mkdir(parents=True)
    (tmp_path / "results" / "run" / "run.json").write_text("{}")
    (tmp_path / closed).chmod(0)
    arguments = {"compare": ["compare", "results/run", "results/run"], "resume": ["run", "--resume", "results/run"]}
    done = as_ordinary_user(*arguments.get(command, [command, "results/run"]))
    (tmp_path / closed).chmod(0o700)
    _check_refused(done, "results")


def test_a_folder_of_runs_that_may_not_be_read_is_told_in_one_line(tmp_path: Path, as_ordinary_user: Command) -> None:
    (tmp_path / "results").mkdir(mode=0)
    done = as_ordinary_user("list", "runs")
    (tmp_path / "results").chmod(0o700)
    _check_refused(done, "results")


def test_a_run_that_may_not_be_read_is_a_row_among_the_others(tmp_path: Path, as_ordinary_user: Command) -> None:
    (tmp_path / "results" / "closed").mkdir(parents=True)
    (tmp_path / "results" / "closed" / "run.json").write_text("{}")
    (tmp_path / "results" / "closed").chmod(0)
    done = as_ordinary_user("list", "runs")
    (tmp_path / "results" / "closed").chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert "closed" in done.stdout


def test_a_closed_run_beside_it_does_not_hinder_going_on(tmp_path: Path, as_ordinary_user: Command) -> None:
    (tmp_path / "results" / "closed").mkdir(parents=True)
    (tmp_path / "results" / "closed" / "run.json").write_text("{}")
    (tmp_path / "results" / "closed").chmod(0)
    done = as_ordinary_user("run", "--resume", "--server", "embedded=./none", "--designs", "floor")
    (tmp_path / "results" / "closed").chmod(0o700)
    assert done.returncode == 2
    assert "no run of this configuration below results: a new one begins" in done.stderr
    assert "denied" not in done.stderr


def test_a_working_folder_that_may_not_be_written_is_no_matter_of_a_report(tmp_path: Path, as_ordinary_user: Command) -> None:
    stored_run(tmp_path / "results", name="run")
    tmp_path.chmod(0o500)
    done = as_ordinary_user("report", "--quiet", "results/run")
    tmp_path.chmod(0o700)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("flag", ["--trace", "--config"])
def test_an_input_that_may_not_be_read_is_told_in_one_line(tmp_path: Path, as_ordinary_user: Command, flag: str) -> None:
    (tmp_path / "input").write_text("seed = 1\n")
    (tmp_path / "input").chmod(0)
    _check_refused(as_ordinary_user("run", flag, "input"), "input")
    assert not (tmp_path / "results").exists()
