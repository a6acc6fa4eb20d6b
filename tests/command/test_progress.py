"""What a whole run tells to machines, to nobody, and to a pipe that nobody reads; and that it keeps to what it told before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command import harmless

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

SMALL = (
    "run",
    "--designs=dual,floor",
    "--set=anatomy_agents=[1]",
    "--set=anatomy_scenes=1",
    "--set=crash_agents=[]",
    "--set=faults_cells=[]",
    "--set=latency_sessions=1",
    "--set=factor_sessions=1",
    "--set=factor_messages=8",
    "--set=latency_messages=10",
    "--set=reads_rows=0",
)


def _events(lines: str, kind: str) -> list[dict[str, Any]]:
    return [event for event in map(json.loads, lines.splitlines()) if event["event"] == kind]


def _folder(root: Path) -> Path:
    (folder,) = (root / "results").iterdir()
    return folder


@pytest.mark.database
def test_machines_are_told_everything_in_lines_and_the_run_keeps_to_its_bounds(storebench: Storebench, tmp_path: Path) -> None:
    done = storebench(*SMALL, "--set=faults_cells=[]", "--set=reads_rows=1000", "--set=reads_rounds=3", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    folder = _folder(tmp_path)
    assert json.loads(done.stdout.splitlines()[0])["event"] == "run_began"
    last = json.loads(done.stdout.splitlines()[-1])
    told = (last["event"], last["outcome"], last["exit_code"], last["run"], last["report"])
    run = folder.relative_to(tmp_path)
    assert told == ("run_ended", "finished", 0, str(run), str(run / "report.html"))
    (planned,) = _events(done.stdout, "run_planned")
    assert [phase["name"] for phase in planned["phases"]] == [event["phase"] for event in _events(done.stdout, "phase_ended")]
    trials = json.loads((folder / "run.json").read_text())["trials"]
    assert sorted(event["trial"] for event in _events(done.stdout, "trial_stored")) == sorted(trials)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert planned["result_bytes"] / 10 < size < planned["result_bytes"]


@pytest.mark.database
def test_the_log_of_a_run_tells_the_same_but_how_far_and_nothing_of_this_machine_s_names(
    storebench: Storebench, tmp_path: Path
) -> None:
    done = storebench(*SMALL, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"report: {_folder(tmp_path).relative_to(tmp_path)}/report.html\n"
    log = (_folder(tmp_path) / "log.jsonl").read_text()
    kinds = [json.loads(line)["event"] for line in log.splitlines()]
    assert kinds[0] == "run_began"
    assert kinds[-1] == "run_ended"
    assert {"run_planned", "run_described", "phase_began", "phase_ended", "trial_began", "trial_stored"} <= set(kinds)
    assert "how_far" not in kinds
    (described,) = _events(log, "run_described")
    assert described["server"]["server_version"]
    assert described["machine"]["processor"] != "(left out)"
    assert len(described["code"]) == 64
    for secret in (str(tmp_path), str(Path.home()), sys.prefix, os.uname().nodename, "password=", "127.0.0.1"):
        assert secret not in log


@pytest.mark.full
@pytest.mark.database
@pytest.mark.parametrize("flags", [("--json",), ()])
def test_a_run_whose_reader_goes_away_measures_on_to_its_end(tmp_path: Path, flags: tuple[str, ...]) -> None:
    command = Path(sys.executable).parent / "storebench"
    with subprocess.Popen(
        [command, *SMALL, *flags], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        if flags:
            run.stdout.readline()
        run.stdout.close()
        errors = run.stderr.read()
        run.wait(timeout=200)
    assert run.returncode == 0, errors
    assert "Traceback" not in errors
    assert (_folder(tmp_path) / "report.html").is_file()


@pytest.mark.parametrize(("designs", "status"), [("nope", 2), ("raises_in_write", 3), ("broken", 2)])
def test_a_refusal_is_the_last_line_for_machines_too(storebench: Storebench, tmp_path: Path, designs: str, status: int) -> None:
    done = storebench("run", "--json", f"--designs={designs}")
    (last,) = _events(done.stdout, "run_ended")
    assert done.returncode == last["exit_code"] == status
    assert done.stderr == f"storebench: {last['error']}\n"
    assert (last["run"], last["report"]) == (None, None)
    assert not harmless.CONTROL.findall(done.stdout)
    assert not (tmp_path / "results").exists()


@pytest.mark.usefixtures("own_server")
def test_a_disk_without_room_is_refused_before_anything_is_written(storebench: Storebench, tmp_path: Path) -> None:
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    if free > 150_000_000_000:
        pytest.skip("this disk has room for a store of ten million messages")
    done = storebench("run", "--designs=floor", "--set=reads_rows=10000000", "--set=latency_messages=10")
    assert done.returncode == 2
    assert "make room" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
