"""`storebench load`: users on designs, what is told of them, and what is refused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

SMALL = ("--users=3", "--rate=50", "--run-time=2s", "--spawn-rate=50")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("--design", "nosuch"), "unknown design", marks=pytest.mark.full),
        (("--design", "dual[outbox]"), "cannot be under load"),
        pytest.param(("--workload", "nosuch"), "unknown workload", marks=pytest.mark.full),
        pytest.param(("--users", "0"), "--users 0: give a number above 0", marks=pytest.mark.full),
        pytest.param(("--rate", "inf"), "--rate inf", marks=pytest.mark.full),
        (("--run-time", "soon"), "--run-time 'soon'"),
        pytest.param(("--shape", "round"), "one of flat, workload", marks=pytest.mark.full),
        pytest.param(("--web", "--design", "dual,floor"), "name one design", marks=pytest.mark.full),
        pytest.param(("--worker", "127.0.0.1"), "say by --server url=", marks=pytest.mark.full),
        pytest.param(("--worker", "127.0.0.1", "--web"), "takes no --master", marks=pytest.mark.full),
        pytest.param(("--web", "--agree"), "leave one out", marks=pytest.mark.full),
        pytest.param(("--workers", "3", "--users", "2"), "each of 3 workers needs a user", marks=pytest.mark.full),
        pytest.param(("--workers", "-1"), "--workers", marks=pytest.mark.full),
        pytest.param(("--master", "1", "--bind", "203.0.113.7"), "--bind: 203.0.113.7:5557", marks=pytest.mark.full),
        pytest.param(("--server", "postgres"), "this is no kind of server", marks=pytest.mark.full),
    ],
)
@pytest.mark.usefixtures("own_server")
def test_what_cannot_be_is_refused_in_one_line(
    storebench: Storebench, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = storebench("load", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "results").exists()


@pytest.mark.full
@pytest.mark.database
def test_two_designs_and_the_open_loop_instrument_beside_them(storebench: Storebench, tmp_path: Path) -> None:
    done = storebench("load", "--design=floor,hybrid", "--shape=flat", "--agree", "--json", *SMALL)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [run["record"]["variant"] for run in told["runs"]] == ["floor", "hybrid"]
    for run in told["runs"]:
        assert run["record"]["rows"] == run["record"]["acknowledged"] == run["record"]["operations"] == 100
        assert run["record"]["proof_holds"]
        folder = tmp_path / told["folder"] / run["folder"]
        assert all((folder / f"open-loop-{arm}.parquet").is_file() for arm in (0, 1))
    assert set(told["agreement"]) == {"p50", "p90", "p99"}
    assert all(set(one["ratios"]) == {"floor", "hybrid"} for one in told["agreement"].values())
    assert (tmp_path / told["folder"] / "load.json").is_file()


@pytest.mark.full
@pytest.mark.database
@pytest.mark.parametrize("design", ["wrong_answers", "raises_in_write", "commits_twice"])
def test_a_strangers_design_that_is_wrong_is_told_and_nothing_is_shown_of_it(storebench: Storebench, design: str) -> None:
    done = storebench("load", f"--design={design}", *SMALL)
    assert done.returncode == 3
    assert design in done.stderr
    assert "Traceback" not in done.stderr
    assert "proved" not in done.stdout


@pytest.mark.full
@pytest.mark.database
def test_a_workload_of_a_file_with_too_few_operations_is_refused_in_one_line(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text('kind = "generated"\nmessages = 5\npreload = 0\n')
    done = storebench(
        "load", "--design=floor", f"--workload={tmp_path / 'small.toml'}", "--messages=5", "--rate=500", "--run-time=5s"
    )
    assert done.returncode == 2
    assert "ask for a lower --rate" in done.stderr
