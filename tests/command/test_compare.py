"""Comparing and repeating real runs. They are as small as runs can be, and made once for all tests here."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.command.program import Program, without_server

pytestmark = pytest.mark.database

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")

SMALL = ("--designs", "dual,floor", "--server", "embedded")
SETTINGS: Mapping[str, object] = {
    "anatomy_agents": [1],
    "anatomy_scenes": 1,
    "crash_agents": [],
    "faults_cells": [],
    "latency_messages": 24,
    "latency_warmup_messages": 2,
    "latency_sessions": 2,
    "factor_sessions": 0,
    "reads_rows": 0,
    "bootstrap_draws": 200,
}
TRACE = "t,ch,u,bytes,reply_to,bot\n" + "".join(f"{second}.0,0,{second % 3},20,,0\n" for second in range(40))

Runs = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("comparing")


@pytest.fixture(scope="module")
def command(program: Program, folder: Path) -> Runs:
    """Runs storebench where all runs of this module lie."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return program.run(*arguments, folder=folder, environment=without_server())

    return call


def made(done: subprocess.CompletedProcess[str]) -> str:
    """The folder of the run that a command made, as it was typed."""
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].removeprefix("report: ").removesuffix("/report.html")


def measured(command: Runs, *more: str) -> str:
    settings = [word for key, value in SETTINGS.items() for word in ("--set", f"{key}={json.dumps(value)}")]
    return made(command("run", *SMALL, *settings, *more))


@pytest.fixture(scope="module")
def first(command: Runs) -> str:
    return measured(command)


@pytest.fixture(scope="module")
def again(command: Runs, first: str) -> tuple[str, str]:
    """The first run made again, and what was told of that."""
    done = command("rerun", first, "--server", "embedded")
    return made(done), done.stderr


@pytest.fixture(scope="module")
def elsewhere(command: Runs, first: str) -> tuple[str, str]:
    """The first run on another server."""
    if not DEBIAN_15.is_dir():
        pytest.skip(f"PostgreSQL 15 is not installed in {DEBIAN_15}")
    done = command("rerun", first, "--server", "embedded=15")
    return made(done), done.stderr


def test_a_run_compared_with_itself_is_equal_in_everything_in_one_line(command: Runs, first: str) -> None:
    done = command("compare", first, first)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    name = Path(first).name
    assert line.startswith(f"`{name}` and `{name}` are the same run: ")
    equal, _, compared = line.partition(" are the same run: ")[2].split()[:3]
    assert equal == compared != "0"


def test_a_copy_of_a_run_is_the_same_run(command: Runs, first: str, folder: Path) -> None:
    shutil.copytree(folder / first, folder / "copies" / "copy")
    assert " are the same run: " in command("compare", first, "copies/copy").stdout


@pytest.mark.full
def test_a_run_of_another_seed_is_refused_in_one_line_that_says_what_differs(command: Runs, first: str) -> None:
    other = measured(command, "--seed", "2", "--set", "anatomy_agents=[]")
    done = command("compare", first, other)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "did not do the same work" in line
    for told in ("seed: 1 / 2", "anatomy_agents: 1 / ", "digest of workload 0 (the first of 2): ", "storebench rerun"):
        assert told in line


def test_a_run_made_again_counts_the_same_and_tells_no_ratio_as_changed(command: Runs, first: str, again: tuple[str, str]) -> None:
    done = command("compare", first, again[0])
    assert done.returncode == 0, done.stderr
    counts, latency = (line for line in done.stdout.splitlines() if line.startswith(("- **Counts**", "- **Latency**")))
    equal, _, compared = counts.removeprefix("- **Counts**: equal: ").partition(". ")[0].partition(" of ")
    assert equal == compared
    assert latency.startswith(("- **Latency**: 0 of ", "- **Latency**: the runs have no ratio in common"))
    assert "Counts that changed" not in done.stdout


def test_rerun_says_what_differs_before_it_measures_and_how_to_compare(first: str, again: tuple[str, str]) -> None:
    run, told = again
    lines = told.splitlines()
    said = next(place for place, line in enumerate(lines) if f"again {Path(first).name}: " in line)
    assert said < next(place for place, line in enumerate(lines) if "write anatomy" in line and "budget" in line)
    assert f"compare: storebench compare {first} {run}" in lines[-1]


@pytest.mark.full
def test_a_run_on_another_server_is_compared_and_the_server_is_told_on_top(
    command: Runs, first: str, elsewhere: tuple[str, str]
) -> None:
    run, told = elsewhere
    assert any("server server_version: " in line and " then, 15." in line for line in told.splitlines())
    done = command("compare", first, run)
    assert done.returncode == 0, done.stderr
    above, _, below = done.stdout.partition("## What differs around the runs")
    assert "Both did the same work" in above
    assert "| server server_version | 18." in below
    as_json = json.loads(command("compare", first, run, "--json").stdout)
    # What a design sends and which rows it changes is the design's alone, whatever server it runs on.
    changed = [one["name"] for one in as_json["counts"]["changed"]]
    assert [name for name in changed if name["figure"] != "WAL records"] == []
    assert as_json["counts"]["equal"] > 100


def test_runs_are_listed_and_shown(command: Runs, first: str, again: tuple[str, str]) -> None:
    done = command("list", "runs")
    assert done.returncode == 0, done.stderr
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names.index(Path(again[0]).name) < names.index(Path(first).name)
    shown = command("show", first)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"{Path(first).name}  complete, 6 of 6 trials")
    assert "latency_messages             24" in shown.stdout


def test_an_incomplete_run_is_compared_in_what_it_has_and_what_is_missing_is_named(
    command: Runs, first: str, again: tuple[str, str], folder: Path
) -> None:
    half = folder / "halves" / "half"
    shutil.copytree(folder / again[0], half)
    shutil.rmtree(half / "trials" / "latency-001")
    shutil.rmtree(half / "trials" / "paths-floor")
    done = command("compare", first, "halves/half")
    assert done.returncode == 0, done.stderr
    assert "- **Missing in B**: latency-001, paths-floor." in done.stdout
    assert "- **Only in A**: " in done.stdout
    assert "Counts that changed" not in done.stdout
    assert "incomplete, 4 of 6 trials" in command("list", "runs", "--out", "halves").stdout


@pytest.mark.parametrize("harm", ["withheld", "cut", "newer", "no run"])
def test_what_cannot_be_compared_is_refused_in_one_line(command: Runs, first: str, folder: Path, harm: str) -> None:
    broken = folder / "broken" / harm.replace(" ", "_")
    shutil.copytree(folder / first, broken)
    if harm == "withheld":
        (broken / "withheld.json").write_text(json.dumps({"reason": "a proof failed", "lines": []}))
    elif harm == "cut":
        file = broken / "trials" / "latency-000" / "operations.parquet"
        file.write_bytes(file.read_bytes()[:-100])
    elif harm == "newer":
        record = json.loads((broken / "run.json").read_text())
        (broken / "run.json").write_text(json.dumps(record | {"schema_version": 99}))
    else:
        (broken / "run.json").unlink()
    done = command("compare", first, str(broken.relative_to(folder)))
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert {"withheld": "a proof failed", "cut": "damaged", "newer": "schema 99", "no run": "run.json is missing"}[harm] in line


@pytest.mark.full
def test_a_replay_is_made_again_from_its_own_trace_and_from_no_other(command: Runs, folder: Path) -> None:
    (folder / "chat.csv").write_text(TRACE)
    for name, text in (("moved", TRACE), ("other", TRACE.replace(",20,", ",21,"))):
        (folder / name).mkdir()
        (folder / name / "chat.csv").write_text(text)
    (folder / "renamed.csv").write_text(TRACE)
    replay = made(command("run", "--designs", "dual,floor", "--trace", "chat.csv", "--server", "embedded", "--out", "replays"))
    for arguments, told in (
        ((), "say with --trace FILE where that lies now"),
        (("--trace", "renamed.csv"), "give it that name"),
        (("--trace", "other/chat.csv"), "other/chat.csv is not what was replayed"),
    ):
        refused = command("rerun", replay, "--out", "replays", *arguments)
        assert refused.returncode == 2
        (line,) = [line for line in refused.stderr.splitlines() if line.startswith("storebench: ")]
        assert told in line
    run = made(command("rerun", replay, "--trace", "moved/chat.csv", "--out", "replays", "--server", "embedded"))
    done = command("compare", replay, run)
    assert done.returncode == 0, done.stderr
    assert "no interval" in done.stdout or "no ratio in common" in done.stdout


def test_a_run_whose_designs_are_not_installed_is_refused_in_one_line(command: Runs, first: str, folder: Path) -> None:
    old = folder / "strangers" / "old"
    old.mkdir(parents=True)
    record = json.loads((folder / first / "run.json").read_text())
    kept = {key: value for key, value in record.items() if key not in {"digest", "code", "trials", "attempts"}}
    kept |= {"schema_version": 1, "placement": "", "phases": [], "designs": {"postbox": record["designs"]["dual"]}}
    kept |= {"configuration": record["configuration"] | {"designs": ["postbox"]}}
    (old / "trials").mkdir()
    (old / "run.json").write_text(json.dumps(kept))
    done = command("rerun", "strangers/old")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "has designs that are not installed here: postbox (" in line
    assert not (folder / "strangers" / "results").exists()
