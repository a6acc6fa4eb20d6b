"""The whole path: one small run through the command line, and what it leaves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

SMALL = (
    "--set=anatomy_agents=[0,1]",
    "--set=anatomy_scenes=2",
    "--set=crash_agents=[1]",
    "--set=latency_sessions=2",
    "--set=latency_messages=12",
    "--set=latency_warmup_messages=2",
)
TRACE = "t,ch,u,bytes,reply_to,bot\n" + "".join(f"{n * 7},{n % 3},{n % 4},{20 + n},{n - 3 if n > 5 else ''},0\n" for n in range(40))


def _folder(results: Path) -> Path:
    (folder,) = results.iterdir()
    return folder


def _servers() -> set[int]:
    """Postmasters: only their command line names a data folder; backends show what they do instead."""
    found = psutil.process_iter(["name", "cmdline"])
    return {p.pid for p in found if p.info["name"] == "postgres" and "-D" in (p.info["cmdline"] or [])}


def test_a_small_run_ends_with_a_report_and_leaves_no_server(storebench: Storebench, tmp_path: Path) -> None:
    before = _servers()
    done = storebench("run", "--designs", "dual,hybrid,floor", *SMALL)
    assert done.returncode == 0, done.stderr
    assert _servers() <= before
    folder = _folder(tmp_path / "results")
    assert str(folder.relative_to(tmp_path) / "report.html") in done.stdout
    for phase in ("server", "write anatomy", "crash points", "paired latency", "report"):
        assert f"{phase}: budget" in done.stderr
    run = json.loads((folder / "run.json").read_text())
    assert list(run["designs"]) == ["dual", "hybrid", "floor"]
    assert len(set(run["workloads"].values())) == 2
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["proofs"]
    assert all(proof["holds"] for proof in summary["proofs"])
    assert {point["design"] for point in summary["crash"]} == {"dual", "hybrid", "floor"}
    page = (folder / "report.html").read_text()
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert not list(folder.rglob(".partial-*"))


def test_the_report_is_rebuilt_byte_for_byte_from_the_raw_data(storebench: Storebench, tmp_path: Path) -> None:
    assert storebench("run", "--designs", "dual,floor", *SMALL).returncode == 0
    folder = _folder(tmp_path / "results")
    derived = ["summary.json", "report.html", "report.md", *(f"charts/{path.name}" for path in (folder / "charts").iterdir())]
    before = {name: (folder / name).read_bytes() for name in derived}
    for name in derived:
        (folder / name).unlink()
    done = storebench("report", str(folder))
    assert done.returncode == 0, done.stderr
    assert {name: (folder / name).read_bytes() for name in derived} == before


def test_two_runs_of_a_seed_count_the_same(storebench: Storebench, tmp_path: Path) -> None:
    only_counts = ("--set=anatomy_agents=[0,2]", "--set=anatomy_scenes=2", "--set=crash_agents=[]", "--set=latency_messages=3")
    found = []
    for name in ("first", "second"):
        done = storebench("run", "--out", name, "--set=latency_sessions=1", *only_counts)
        assert done.returncode == 0, done.stderr
        lines = (_folder(tmp_path / name) / "trials" / "anatomy" / "anatomy.jsonl").read_text().splitlines()
        cells = [json.loads(line) for line in lines]
        kept = ("design", "atomicity", "kind", "k", "state", "transactions", "statements_read", "statements_write", "rows")
        found.append([{key: cell[key] for key in kept} for cell in cells])
    assert found[0] == found[1]
    assert len(found[0]) > 100


def test_a_trace_of_the_format_is_replayed_through_all_designs(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "chat.csv").write_text(TRACE)
    done = storebench("run", "--trace", "chat.csv", "--window", "0:200", "--agents", "2", "--reply", "0.5")
    assert done.returncode == 0, done.stderr
    folder = _folder(tmp_path / "results")
    summary = json.loads((folder / "summary.json").read_text())
    totals = {total["variant"]: total for total in summary["totals"]}
    assert set(totals) == {"dual", "dual[again]", "option_a", "option_b", "hybrid", "floor"}
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
