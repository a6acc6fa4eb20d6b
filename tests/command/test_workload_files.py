"""A workload of one's own as a file: run, gone on with and run again when the file is gone; shown, exported, refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from workloads import catalogue
from workloads.generation.people import trace_of
from workloads.generation.spec import WorkloadSpec
from workloads.trace import read_trace

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

FILE = 'about = "two rooms"\nchannels = 2\nusers = 5\nagents = 3\nmessages = 100\npreload = 50\n'
SMALL = (
    *("--designs", "floor", "--set=anatomy_agents=[]", "--set=crash_agents=[]", "--set=faults_cells=[]", "--set=reads_rows=0"),
    *("--set=factor_sessions=0", "--set=latency_sessions=2", "--set=latency_messages=6"),
)


@pytest.mark.full
@pytest.mark.database
def test_a_run_of_a_file_is_gone_on_with_and_made_again_when_the_file_is_gone(storebench: Storebench, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / "desk.toml"
    file.parent.mkdir()
    file.write_text(FILE, encoding="utf-8")
    done = storebench("run", *SMALL, f"--set=workload={file}", "--set", "latency_agents=3")
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    stored = (folder / "run.json").read_text(encoding="utf-8")
    record = json.loads(stored)
    assert record["configuration"]["workload"] == "desk.toml"
    assert record["configuration"]["workload_toml"] == FILE
    assert list(record["workloads"]) == ["0-desk.toml", "1-desk.toml"]
    parameters = record["workload_parameters"]
    assert (parameters["messages"], parameters["preload"], parameters["scale"]) == (6, 3, 0.06)
    assert (parameters["agents_per_channel"], parameters["compression"]) == (3, 1.0)
    assert str(tmp_path) not in stored + (folder / "config.toml").read_text(encoding="utf-8")
    file.unlink()
    shutil.rmtree(folder / "trials" / "latency-001")
    resumed = storebench("run", "--resume", str(folder))
    assert resumed.returncode == 0, resumed.stderr
    assert (folder / "trials" / "latency-001").is_dir()
    again = storebench("rerun", str(folder))
    assert again.returncode == 0, again.stderr
    (other,) = (path for path in (tmp_path / "results").iterdir() if path != folder)
    assert json.loads((other / "run.json").read_text(encoding="utf-8"))["workloads"] == record["workloads"]


def test_a_path_in_a_configuration_counts_from_its_folder_and_what_is_shown_holds_the_file(
    storebench: Storebench, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "desk.toml").write_text(FILE, encoding="utf-8")
    (tmp_path / "mine" / "run.toml").write_text('workload = "desk.toml"\n', encoding="utf-8")
    shown = storebench("show", "config", "--config", "mine/run.toml")
    assert shown.returncode == 0, shown.stderr
    assert tomllib.loads(shown.stdout)["workload_toml"] == FILE
    other = storebench("show", "config", "--config", "mine/run.toml", "--set=workload=steady")
    assert "workload_toml" not in tomllib.loads(other.stdout)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"agents_per_channel = 13\n", "agents_per_channel is 13, and there are 12 agents"),
        (b"\x00\xff\xfe", "line 1 is not UTF-8"),
        (b"#" * 40_000, "has more than 32768 characters"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_no_workload_is_refused_in_one_line(
    storebench: Storebench, tmp_path: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "desk.toml").write_bytes(content)
    _refused(storebench("run", "--set=workload=desk.toml"), told)
    assert not (tmp_path / "results").exists()


def test_no_command_takes_a_file_that_is_no_workload(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text("mesages = 13\n", encoding="utf-8")
    for command in (["workload", "show", "desk.toml"], ["workload", "export", "desk.toml", "chat.csv"]):
        _refused(storebench(*command), "desk.toml: mesages: unknown key; did you mean messages?")
    assert not (tmp_path / "chat.csv").exists()


def _refused(done: subprocess.CompletedProcess[str], told: str) -> None:
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_workload_that_is_not_there_is_refused_in_one_line(storebench: Storebench) -> None:
    _refused(storebench("run", "--set=workload=chta"), "did you mean chat?")
    _refused(storebench("workload", "show", "fan-out:3"), "unknown point '3': known are 0, 1, 2, 4")


def test_a_workload_is_shown_with_every_parameter_and_what_is_shown_is_a_file_of_it(storebench: Storebench, tmp_path: Path) -> None:
    shown = storebench("workload", "show", "cold-start-storm:b")
    assert shown.returncode == 0, shown.stderr
    assert "Points of its family: a, b, c; a stands for none." in shown.stdout
    assert tomllib.loads(shown.stdout).keys() == WorkloadSpec.model_fields.keys()
    assert shown.stdout.count("# unit: ") == shown.stdout.count("# source: ") == len(WorkloadSpec.model_fields)
    (tmp_path / "mine.toml").write_text(shown.stdout, encoding="utf-8")
    assert catalogue.load(str(tmp_path / "mine.toml")) == catalogue.load("cold-start-storm:b")
    again = storebench("workload", "show", "mine.toml")
    assert tomllib.loads(again.stdout) == tomllib.loads(shown.stdout)


def test_people_of_a_workload_are_exported_as_the_trace_that_they_are(storebench: Storebench, tmp_path: Path) -> None:
    done = storebench("workload", "export", "dm-heavy", "chat.csv.gz", "--messages=500", "--seed=3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("chat.csv.gz: 500 messages in ")
    spec = catalogue.load("dm-heavy")
    assert isinstance(spec, WorkloadSpec)
    read, made = read_trace(tmp_path / "chat.csv.gz"), trace_of(spec, 3, messages=500, direct=True)
    assert all((getattr(read, name) == getattr(made, name)).all() for name in ("t_s", "ch", "u", "text_bytes", "reply_to", "bot"))
    before = (tmp_path / "chat.csv.gz").read_bytes()
    refused = storebench("workload", "export", "dm-heavy", "chat.csv.gz", "--messages=10")
    assert refused.returncode == 2
    assert "chat.csv.gz" in refused.stderr
    assert (tmp_path / "chat.csv.gz").read_bytes() == before
    storebench("workload", "export", "dm-heavy", "chat.csv.gz", "--messages=500", "--seed=3", "--force")
    assert (tmp_path / "chat.csv.gz").read_bytes() == before


def test_a_replay_is_not_exported(storebench: Storebench) -> None:
    done = storebench("workload", "export", "trace-replay", "chat.csv")
    assert done.returncode == 2
    assert "is the replay of a trace: export one that is generated" in done.stderr


def test_a_workload_is_exported_in_the_sizes_of_a_trace(storebench: Storebench, tmp_path: Path) -> None:
    own = storebench("workload", "export", "chat", "own.csv", "--messages", "400")
    assert own.returncode == 0, own.stderr
    like = storebench("workload", "export", "steady", "like.csv", "--like", "own.csv")
    assert like.returncode == 0, like.stderr
    assert like.stdout.startswith("like.csv: 400 messages in ")
    real, made = read_trace(tmp_path / "own.csv"), read_trace(tmp_path / "like.csv")
    assert made.ch.max() < len(set(real.ch.tolist()))
    assert made.t_s[-1] == pytest.approx(real.t_s[-1] - real.t_s[0], rel=0.3)
    _refused(
        storebench("workload", "export", "chat", "both.csv", "--like", "own.csv", "--messages", "3"), "leave one of the two out"
    )
    (tmp_path / "bots.csv").write_text("t,ch,u,bytes,reply_to,bot\n0,1,1,5,,1\n")
    _refused(storebench("workload", "export", "chat", "none.csv", "--like", "bots.csv"), "no row is of a person")
    assert not (tmp_path / "both.csv").exists()
    assert not (tmp_path / "none.csv").exists()
