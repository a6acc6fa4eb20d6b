"""The whole path: one small run through the command line, and what it leaves."""

from __future__ import annotations

import json
import subprocess
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from bench.registry import OURS

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

SMALL = (
    "--set=anatomy_agents=[0,1]",
    "--set=anatomy_scenes=2",
    "--set=latency_sessions=2",
    "--set=factor_sessions=2",
    "--set=factor_messages=8",
    "--set=latency_messages=12",
    "--set=latency_warmup_messages=2",
    "--set=reads_rows=1000",
    "--set=reads_sessions=1",
    "--set=reads_rounds=38",
)
TRACE = "t,ch,u,bytes,reply_to,bot\n" + "".join(f"{n * 7},{n % 3},{n % 4},{20 + n},{n - 3 if n > 5 else ''},0\n" for n in range(40))


def _folder(results: Path) -> Path:
    (folder,) = results.iterdir()
    return folder


def _servers() -> set[int]:
    """Postmasters below this process: only their command line names a data folder; backends show what they do instead."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.name() == "postgres" and "-D" in process.cmdline():
                found.add(process.pid)
    return found


@contextmanager
def _watching_servers() -> Iterator[set[int]]:
    """The servers that are started meanwhile. A left one is no child of ours any more, so they are noted while they run."""
    before, started, over = _servers(), set[int](), threading.Event()

    def note() -> None:
        while not over.wait(0.1):
            started.update(_servers() - before)

    watcher = threading.Thread(target=note)
    watcher.start()
    try:
        yield started
    finally:
        over.set()
        watcher.join()


def test_a_small_run_ends_with_a_report_and_leaves_no_server(storebench: Storebench, tmp_path: Path) -> None:
    with _watching_servers() as started:
        done = storebench(
            "run", "--server", "embedded", "--designs", "dual,floor", "--set=crash_agents=[1]", "--set=faults_cells=[]", *SMALL
        )
    assert done.returncode == 0, done.stderr
    assert started
    assert not [pid for pid in started if psutil.pid_exists(pid)]
    folder = _folder(tmp_path / "results")
    assert str(folder.relative_to(tmp_path) / "report.html") in done.stdout
    for phase in ("templates", "write anatomy", "crash points", "paired latency", "large stores", "paired reads", "report"):
        assert f"{phase}: budget" in done.stderr
    run = json.loads((folder / "run.json").read_text())
    assert list(run["designs"]) == ["dual", "floor"]
    assert len(set(run["workloads"].values())) == 4
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["proofs"]
    assert all(proof["holds"] for proof in summary["proofs"])
    assert {point["design"] for point in summary["crash"]} == {"dual", "floor"}
    assert {row["variant"] for row in summary["reads"]["quantiles"]} == {"dual", "dual[again]", "floor"}
    assert {plan["variant"] for plan in summary["reads"]["plans"]} == {"dual", "floor"}
    page = (folder / "report.html").read_text()
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert not list(folder.rglob(".partial-*"))


def test_the_report_of_a_configuration_s_file_is_rebuilt_byte_for_byte_from_the_raw_data(
    storebench: Storebench, tmp_path: Path
) -> None:
    shown = storebench("show", "config", "--set=crash_agents=[]", "--set=faults_cells=[]", *SMALL)
    (tmp_path / "my.toml").write_text(shown.stdout)
    done = storebench("run", "--designs", "dual,floor", "--config", "my.toml")
    assert done.returncode == 0, done.stderr
    folder = _folder(tmp_path / "results")
    stored = storebench("show", "config", "--config", str(folder / "config.toml")).stdout
    given = tomllib.loads(shown.stdout) | {"designs": ["dual", "floor"]}
    assert tomllib.loads(stored) == tomllib.loads((folder / "config.toml").read_text()) == given
    derived = ["summary.json", "report.html", "report.md", *(f"charts/{path.name}" for path in (folder / "charts").iterdir())]
    before = {name: (folder / name).read_bytes() for name in derived}
    for name in derived:
        (folder / name).unlink()
    done = storebench("report", str(folder))
    assert done.returncode == 0, done.stderr
    assert {name: (folder / name).read_bytes() for name in derived} == before


@pytest.mark.full
@pytest.mark.timeout(900)
def test_two_runs_of_a_seed_count_the_same(storebench: Storebench, tmp_path: Path) -> None:
    only_counts = (
        "--set=anatomy_agents=[0,2]",
        "--set=anatomy_scenes=2",
        "--set=crash_agents=[]",
        "--set=faults_cells=[]",
        "--set=latency_messages=3",
        "--set=reads_rows=0",
    )
    found = []
    for name in ("first", "second"):
        done = storebench(
            "run", "--out", name, "--set=latency_sessions=1", "--set=factor_sessions=0", "--set=reads_rows=0", *only_counts
        )
        assert done.returncode == 0, done.stderr
        files = sorted((_folder(tmp_path / name) / "trials").glob("anatomy-*/anatomy.jsonl"))
        cells = [json.loads(line) for file in files for line in file.read_text().splitlines()]
        kept = ("design", "atomicity", "kind", "k", "state", "transactions", "statements_read", "statements_write", "rows")
        found.append([{key: cell[key] for key in kept} for cell in cells])
    assert found[0] == found[1]
    assert len(found[0]) > 100


@pytest.mark.full
def test_a_trace_of_the_format_is_replayed_through_all_designs(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "chat.csv").write_text(TRACE)
    done = storebench(
        "run", "--trace", "chat.csv", "--window", "0:200", "--agents", "2", "--reply", "0.5", "--designs", ",".join(OURS)
    )
    assert done.returncode == 0, done.stderr
    folder = _folder(tmp_path / "results")
    summary = json.loads((folder / "summary.json").read_text())
    totals = {total["variant"]: total for total in summary["totals"]}
    assert set(totals) == {*OURS, "dual[again]", "dual[+1%]"}
    messages = {total["messages"] for total in totals.values()}
    assert len(messages) == 1
    assert totals["dual"]["rows"]["root_messages"]["inserted"] == messages.pop() >= 29
    assert totals["dual"]["rows"] == totals["dual[again]"]["rows"]
    assert all(proof["holds"] for proof in summary["proofs"])
    assert json.loads((folder / "run.json").read_text())["configuration"]["reply"] == 0.5


def test_nothing_secret_and_no_path_of_the_machine_is_in_the_results(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "chat.csv").write_text(TRACE)
    assert storebench("run", "--trace", str(tmp_path / "chat.csv"), "--designs", "floor").returncode == 0
    for path in (tmp_path / "results").rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            assert b"password=" not in path.read_bytes(), path
            assert str(tmp_path).encode() not in path.read_bytes(), path


@pytest.mark.full
def test_variants_of_factors_run_beside_their_designs_and_agents_may_not_hear_of_replies(
    storebench: Storebench, tmp_path: Path
) -> None:
    asked = (
        "dual[outbox],dual[ensure=remembered,ids=fresh],dual[joined,conflict=on_conflict,retry=1+repair],floor[indexes=declared]"
    )
    counts = (
        "--set=anatomy_agents=[2]",
        "--set=anatomy_scenes=1",
        "--set=crash_agents=[]",
        "--set=faults_cells=[]",
        "--set=reads_rows=0",
    )
    short = ("--set=latency_sessions=0", "--set=factor_sessions=1", "--set=factor_messages=10", "--set=peer_delivery=false")
    done = storebench("run", "--designs", "dual,floor", f"--set=variants={asked}", *counts, *short)
    assert done.returncode == 0, done.stderr
    folder = _folder(tmp_path / "results")
    summary = json.loads((folder / "summary.json").read_text())
    totals = {total["variant"]: total for total in summary["totals"]}
    assert list(totals)[5:] == asked.replace("],", "];").split(";")
    assert all(proof["holds"] for proof in summary["proofs"])
    # A reply is stored by its author and centrally, whoever else is there.
    (reply,) = (c for c in summary["anatomy"] if (c["design"], c["atomicity"], c["kind"]) == ("dual", "per_side", "reply"))
    assert reply["rows"]["memories"]["inserted"] == 1
    outbox, plain = totals["dual[outbox]"], totals["dual"]
    assert outbox["relay_transactions"] > 0
    assert outbox["transactions"] < plain["transactions"]
    assert outbox["rows"]["memories"] == plain["rows"]["memories"]
    assert outbox["rows"]["storebench_outbox"]["inserted"] == outbox["rows"]["storebench_outbox"]["updated"] > 0
    assert totals["dual[ensure=remembered,ids=fresh]"]["statements_read"] < plain["statements_read"]
    assert plain["relay_transactions"] is None
    assert json.loads((folder / "run.json").read_text())["configuration"]["peer_delivery"] is False


@pytest.mark.parametrize(
    ("variants", "problem"),
    [
        ("dual[merged]", "variant 'dual[merged]': 'merged' is no level"),
        ("floor[outbox]", "variant floor[outbox]: there is none: no agent has a task of its own that a relay could apply"),
        ("hybrid[joined]", "variant 'hybrid[joined]': 'hybrid' is not among the designs of this run, dual, floor"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_before_anything_is_measured(
    storebench: Storebench, tmp_path: Path, variants: str, problem: str
) -> None:
    done = storebench("run", "--designs", "dual,floor", f"--set=variants={variants}")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert problem in line
    assert not (tmp_path / "results").exists() or not list((tmp_path / "results").iterdir())
