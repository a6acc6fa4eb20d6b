"""Faults by the command: what broke is told with its replay, the report answers, and nothing that was injected outlives a run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench.faults import trials as at
from bench.faults.figures.rows import read_rows
from bench.results.folder import RunFolder
from tests.command.unlucky import DEADLINE_S, Running, again

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_server")]

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

SMALL = (
    *("faults", "--designs", "dual", "--set=faults_cells=per_side,joined", "--set=faults_kinds=send", "--set=faults_schedules=16"),
    *("--set=faults_kills=3", "--set=faults_streams=0", "--set=faults_exposures=0", "--set=bootstrap_draws=100"),
)
LONGER = (*SMALL, "--set=faults_schedules=1000", "--set=faults_kinds=send,reply,delete,join", "--set=faults_kills=40")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A small run of faults: its folder, and what it said."""
    where = tmp_path_factory.mktemp("faults")
    done = again(where, *SMALL)
    assert done.returncode == 0, done.stderr
    (folder,) = (where / "results").iterdir()
    return folder, done.stderr


def _faults(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "summary.json").read_text())["faults"]
    assert isinstance(found, dict)
    return found


def test_a_run_of_faults_measures_nothing_else_and_has_all_its_trials(broken: tuple[Path, str]) -> None:
    folder, _ = broken
    names = [trial.name for trial in RunFolder.open(folder).trial_records(thorough=True)]
    assert names == ["faults-sweep-dual", "faults-clients-dual", "paths-dual"]


def test_two_transactions_are_split_by_a_cut_and_one_is_not(broken: tuple[Path, str]) -> None:
    by_cell = {cell: [one for one in _faults(broken[0])["strips"] if one["cell"] == cell] for cell in ("per_side", "joined")}
    assert "p" in "".join(side for strip in by_cell["per_side"] for side in strip["sides"].values())
    assert "p" not in "".join(side for strip in by_cell["joined"] for side in strip["sides"].values())
    assert by_cell["joined"]


def test_both_lanes_tell_every_schedule_alike(broken: tuple[Path, str]) -> None:
    compared = [sweep for sweep in _faults(broken[0])["sweeps"] if sweep["differences"] is not None]
    assert [sweep["differences"] for sweep in compared] == [0] * 2
    assert sum(sweep["void"] for sweep in compared) == 0


def test_what_is_left_out_is_told(broken: tuple[Path, str]) -> None:
    left_out = _faults(broken[0])["left_out"]
    assert any("schedules in" in line for line in left_out)
    assert "two faults" in left_out


def test_every_exposure_is_stored_with_its_schedule_and_its_evidence(broken: tuple[Path, str]) -> None:
    rows = read_rows(broken[0] / "trials" / "faults-sweep-dual" / at.OUTCOMES)
    # Eight messages in each cell: on two sides in the fast lane, on three in the other.
    assert len(rows) == 2 * (8 * 2 + 8 * 3)
    assert all(row.schedule.startswith(f"dual/{row.cell}/send/k=1/{row.side}@1.{row.message}") for row in rows)
    assert all(row.happened for row in rows if row.side != "zombie")


def test_a_violation_is_told_with_a_replay_that_reproduces_it(broken: tuple[Path, str], tmp_path: Path) -> None:
    folder, said = broken
    line = next(line for line in said.splitlines() if "storebench replay" in line and "I4 broken" in line)
    schedule = line.partition("storebench replay ")[2].strip()
    done = again(tmp_path, "replay", schedule)
    assert done.returncode == 0, done.stderr
    assert "partial" in done.stdout
    assert schedule in (folder / "report.md").read_text().replace("\\", "")


@pytest.mark.full
def test_a_schedule_is_shortened_to_one_agent_and_the_first_message_that_breaks_the_invariant(tmp_path: Path) -> None:
    done = again(tmp_path, "replay", "dual/per_side/send/k=2/reply-lost@1.30", "--shortest", "I4")
    assert done.returncode == 0, done.stderr
    first, *_ = done.stdout.splitlines()
    assert first.startswith("the shortest that breaks I4: dual/per_side/send/k=1/")
    assert "partial" in done.stdout


@pytest.mark.full
@pytest.mark.parametrize(
    "schedule",
    ["dual/per_side/send/k=1/reply-lost@1.9", "dual/per_side/send/k=1/terminated@4", "dual/async_restart/stream/k=2/drop@17"],
)
def test_the_schedules_of_the_documentation_can_be_replayed(tmp_path: Path, schedule: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "consistency.md"
    assert f"storebench replay {schedule}\n" in page.read_text(encoding="utf-8")
    done = again(tmp_path, "replay", schedule)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == schedule


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["dual/per_side/send/k=1/reply-lost@1.9", "--shortest", "I99"], "unknown invariant 'I99'"),
        (["dual/per_side/send/k=2/after-commit-1", "--shortest", "I4"], "a client's death, which has nothing to shorten"),
        (["dual/per_side/send/k=1/reply-lost@2.9"], "is in attempt 2, but per_side makes 1 attempt"),
    ],
)
def test_a_replay_of_bad_input_is_refused_in_one_line(storebench: Storebench, arguments: list[str], told: str) -> None:
    done = storebench("replay", *arguments)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert told in line


def test_the_report_answers_three_questions_and_draws_its_charts(broken: tuple[Path, str]) -> None:
    folder, _ = broken
    answers = {one["topic"]: one["sentence"] for one in _faults(folder)["answers"]}
    assert set(answers) == {"split", "retry", "foreign key"}
    assert "joined, nowhere (0 of " in answers["split"]
    charts = {path.stem for path in (folder / "charts").glob("faults-*.svg")}
    assert {"faults-sites-per-side-send-1", "faults-sites-joined-send-1", "faults-matrix-per-side"} <= charts


def test_a_complete_run_is_not_measured_again_and_its_report_is_made_anew_byte_for_byte(broken: tuple[Path, str]) -> None:
    folder, _ = broken
    before = (folder / "report.md").read_bytes()
    assert "is complete: there is nothing to measure" in again(folder.parent.parent, *SMALL, "--resume").stderr
    assert again(folder.parent.parent, "report", str(folder)).returncode == 0
    assert (folder / "report.md").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--profile", "huge"], "--profile 'huge': unknown; known are quick, standard, full"),
        (["--set", "faults_cells=per_sides"], "did you mean per_side?"),
        (["--set", "faults_cells=[]"], "it names no cell, so nothing would be broken"),
        (["--set", "faults_kinds=sent"], "unknown kind 'sent'"),
        (["--set", "faults_lanes=slow"], "unknown lane 'slow'"),
        (["--set", "faults_lanes=[]"], "faults_lanes"),
        (["--set", "faults_kinds=send,send"], "'send' is there twice"),
        (["--set", "faults_schedules=0"], "faults_schedules"),
        (["--set", "faults_workers=1000"], "faults_workers"),
        (["--set", "trace=chat.csv"], "trace"),
        (["--designs", "nope"], "unknown design 'nope'"),
        (["results/none", "--profile", "quick"], "only --resume goes on with a run"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(
    storebench: Storebench, tmp_path: Path, arguments: list[str], told: str
) -> None:
    done = storebench("faults", *arguments)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert told in line
    assert not list(tmp_path.glob("results/*"))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    run = Running(tmp_path, LONGER)
    yield run
    run.end()


def _started_by(run: Running) -> list[psutil.Process]:
    return psutil.Process(run.process.pid).children(recursive=True)


def _ports(run: Running) -> set[int]:
    """The ports on which the run itself listens: those of its proxies."""
    with suppress(psutil.Error):
        found = psutil.Process(run.process.pid).net_connections("tcp")
        return {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN}
    return set()


def _check_gone(processes: list[psutil.Process], ports: set[int]) -> None:
    _, left = psutil.wait_procs(processes, timeout=20)
    assert [child for child in left if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    for port in ports:
        with socket.socket() as tried, pytest.raises(ConnectionRefusedError):
            tried.connect(("127.0.0.1", port))


@pytest.mark.full
@pytest.mark.parametrize("where", ["results/*/trials/.partial-faults-sweep-dual", "results/*/trials/.partial-faults-clients-dual"])
@pytest.mark.parametrize("after_s", [0.3, 1.5])
def test_nothing_that_was_injected_outlives_a_run_that_is_killed_and_it_can_be_gone_on_with(
    running: Running, tmp_path: Path, where: str, after_s: float
) -> None:
    running.until(where)
    time.sleep(after_s)
    # Stopped first, so that nothing is started between the look at its children and its death.
    running.process.send_signal(signal.SIGSTOP)
    processes, ports = _started_by(running), _ports(running)
    running.process.send_signal(signal.SIGKILL)
    running.process.wait(DEADLINE_S)
    _check_gone(processes, ports)
    done = again(tmp_path, *LONGER, "--resume")
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "results").rglob(".partial-*"))
    assert running.ended().returncode == -signal.SIGKILL


@pytest.mark.full
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_nothing_outlives_a_run_that_is_interrupted(running: Running, number: signal.Signals, code: int) -> None:
    running.until("results/*/trials/.partial-faults-clients-dual")
    processes, ports = _started_by(running), _ports(running)
    running.process.send_signal(number)
    assert running.ended().returncode == code
    _check_gone(processes, ports)


@pytest.mark.full
def test_nothing_outlives_a_run_that_ends_well(tmp_path: Path) -> None:
    before = {process.pid for process in psutil.process_iter()}
    assert again(tmp_path, *SMALL).returncode == 0
    ours = [p for p in psutil.process_iter(["name", "ppid"]) if p.pid not in before and p.info["ppid"] == os.getpid()]
    assert [p for p in ours if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.full
@pytest.mark.parametrize(
    ("design", "told"),
    [
        ("yields_nonsense", "yields 'INSERT', which is no action"),
        ("commits_twice", "commits on the central side, where no transaction is open"),
        ("stays_open", "ends with an open transaction on the central side"),
        ("never_ends", "does not end: more than 10000 actions"),
        ("raises_in_body", "raises KeyError: 'lost'"),
        ("wrong_parameter", "gives a statement a parameter that cannot be sent"),
        ("view_without_column", "view c_member of the design fails"),
        ("views_raise", "views() raises RuntimeError"),
        ("wrong_agent_row", "the undisturbed operation did other work than the reference model"),
    ],
)
def test_a_broken_design_is_told_in_one_line_and_no_figure_is_shown(
    storebench: Storebench, tmp_path: Path, design: str, told: str
) -> None:
    done = storebench(*(design if word == "dual" else word for word in SMALL))
    assert done.returncode == 3, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("storebench: ")]) == 1
    assert not list(tmp_path.rglob("report.*"))


POSTBOX = Path(__file__).parents[1] / "plugins" / "postbox"


@pytest.mark.full
def test_a_plug_in_gets_all_of_it_with_no_code_beyond_the_contract(installed: Callable[..., Storebench], tmp_path: Path) -> None:
    (module,) = POSTBOX.rglob("postbox*.py")
    postbox = installed({"postbox-design": {"postbox": f"{module.stem}:Postbox"}}, {module.stem: module.read_text()})
    words = ("--set=faults_streams=1", "--set=faults_interruptions=true", "--set=faults_cells=per_side,joined,async_restart")
    done = postbox("faults", "--designs", "postbox", "--set=faults_kinds=send", "--set=faults_kills=2", *words)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    found = _faults(folder)
    assert {one["design"] for one in found["matrix"]} == {"postbox"}
    assert {one["topic"] for one in found["answers"]} == {"split", "retry", "foreign key"}
    assert all(one["killed"] for one in found["mutants"])
