"""Whatever happens to a run, it ends in one line and in good order, what was measured is kept, and `--resume` goes on with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bench.results.folder import RunFolder
from tests.command.program import COMMAND
from tests.command.unlucky import FIRST_TRIAL, SMALL, Ended, Running, again

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_server")]

Start = Callable[..., Running]

PLANNED = ("latency-000", "latency-001", "latency-002", "paths-dual")

ONE_SESSION = ("--set=latency_sessions=1", "--set=factor_sessions=0")


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts commands in a folder; those that are left when the test ends are ended."""
    with ExitStack() as stack:

        def begin(where: Path, *arguments: str, **how: Any) -> Running:
            run = Running(where, arguments, **how)
            stack.callback(run.end)
            return run

        yield begin


def _run_of(where: Path) -> Path:
    (folder,) = (where / "results").iterdir()
    return folder


def _kept(where: Path) -> list[str]:
    """The trials that are there, each whole, after the folder says how the attempt ended."""
    folder = RunFolder.open(_run_of(where))
    assert not list(folder.path.rglob(".partial*"))
    kept = [trial.name for trial in folder.trial_records(thorough=True)]
    assert 0 < len(kept) < len(PLANNED)
    return kept


def _check_failed(end: Ended, *told: str) -> None:
    assert end.returncode == 2, end.lines
    assert end.last.startswith("storebench: "), end.lines
    assert [line for line in end.lines if line.startswith("storebench: ")] == [end.last]
    for words in told:
        assert words in end.last


def _check_resumed(where: Path) -> None:
    """The run goes on where it was, with all that was kept as it was."""
    folder = RunFolder.open(_run_of(where))
    before = {trial.name: trial for trial in folder.trial_records()}
    done = again(where, "run", *SMALL, "--resume")
    assert done.returncode == 0, done.stderr
    after = {trial.name: trial for trial in folder.trial_records()}
    assert tuple(after) == PLANNED
    assert {name: after[name] for name in before} == before
    assert [attempt.ended for attempt in folder.read_run().attempts][-1] == "finished"


@pytest.mark.full
def test_a_server_that_is_killed_ends_the_run_and_what_was_measured_can_be_reported(tmp_path: Path, start: Start) -> None:
    run = start(tmp_path, "run", *SMALL)
    run.until(FIRST_TRIAL)
    run.postmaster().kill()
    _check_failed(run.ended(), "server failed", "--resume")
    assert _kept(tmp_path) == ["latency-000"]
    attempt = RunFolder.open(_run_of(tmp_path)).read_run().attempts[-1]
    assert (attempt.ended, attempt.trial) == ("failed", "latency-001")
    told = again(tmp_path, "report", str(_run_of(tmp_path)))
    assert told.returncode == 0, told.stderr
    assert "latency-001" in (_run_of(tmp_path) / "report.md").read_text()
    assert again(tmp_path, "list", "runs").returncode == 0
    assert again(tmp_path, "show", str(_run_of(tmp_path))).returncode == 0


def test_one_lost_connection_ends_the_run_and_blames_no_design(tmp_path: Path, start: Start) -> None:
    run = start(tmp_path, "run", *SMALL)
    run.until(FIRST_TRIAL)
    while not (backends := run.backends()):
        assert run.process.poll() is None
    backends[0].send_signal(signal.SIGTERM)
    _check_failed(run.ended(), "server failed", "--resume")
    assert _kept(tmp_path) == ["latency-000"]
    assert not list(tmp_path.rglob("withheld.json"))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 143),
        pytest.param(signal.SIGINT, 130, marks=pytest.mark.full),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.full),
    ],
)
def test_a_signal_ends_the_run_and_a_second_one_does_not_cut_the_clean_up_short(
    tmp_path: Path, start: Start, number: signal.Signals, code: int
) -> None:
    run = start(tmp_path, "run", *SMALL)
    run.until(FIRST_TRIAL)
    run.process.send_signal(number)
    run.process.send_signal(number)
    end = run.ended()
    assert end.returncode == code, end.lines
    assert "storebench: interrupted" in end.lines
    assert _kept(tmp_path) == ["latency-000"]
    attempt = RunFolder.open(_run_of(tmp_path)).read_run().attempts[-1]
    assert (attempt.ended, attempt.error) == ("interrupted", f"signal {number.name}")


@pytest.mark.full
def test_a_run_goes_on_when_nobody_reads_what_it_tells(tmp_path: Path, start: Start) -> None:
    reading, writing = os.pipe()
    run = start(tmp_path, "run", *SMALL, streams=(writing, writing))
    os.close(writing)
    os.close(reading)
    end = run.ended()
    assert RunFolder.open(_run_of(tmp_path)).missing() == [], end
    assert (_run_of(tmp_path) / "report.md").is_file()


@pytest.mark.parametrize("arguments", [("list", "designs"), ("show", "dual"), ("show", "config")])
def test_a_page_that_nobody_reads_to_its_end_ends_silently(tmp_path: Path, start: Start, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    run = start(tmp_path, *arguments, streams=(writing, None))
    os.close(writing)
    end = run.ended()
    assert (end.returncode, end.lines) == (128 + signal.SIGPIPE, ())


def test_a_page_that_finds_no_room_is_one_line(tmp_path: Path, start: Start) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    run = start(tmp_path, "list", "designs", streams=(full, None))
    os.close(full)
    end = run.ended()
    _check_failed(end, "No space left on device")
    assert len(end.lines) == 1


def test_a_page_without_any_standard_output_is_no_fault(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" list designs >&- 2>&-', COMMAND],
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0


@pytest.mark.full
def test_a_results_folder_that_is_taken_away_is_told_in_one_line(tmp_path: Path, start: Start) -> None:
    run = start(tmp_path, "run", *SMALL)
    run.until(FIRST_TRIAL)
    (tmp_path / "results").rename(tmp_path / "gone")
    _check_failed(run.ended(), "cannot be written", "results")


@contextmanager
def _small_disk(where: Path, size: str) -> Iterator[Path]:
    """A disk of so little room, for as long as the block lasts; a skip where this account may mount none."""
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", str(where)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"this account may mount no small disk: {mounted.stderr.decode().strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=True)


def _fill(disk: Path, name: str = "ballast") -> Path:
    """A file that takes all the room that is left."""
    ballast = disk / name
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


@pytest.mark.full
def test_a_full_disk_of_results_is_told_and_with_room_the_run_goes_on(tmp_path: Path, start: Start) -> None:
    with _small_disk(tmp_path / "disk", "8m") as disk:
        run = start(disk, "run", *SMALL)
        run.until(FIRST_TRIAL)
        ballast = _fill(disk)
        _check_failed(run.ended(), "No space left on device", "make room", "--resume")
        ballast.unlink()
        assert _kept(disk) == ["latency-000"]
        _check_resumed(disk)


def test_results_that_find_no_room_before_anything_is_measured_are_told_and_nothing_is_left(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "disk", "64k") as disk:
        ballast = _fill(disk)
        done = again(disk, "run", *SMALL)
        lines = done.stderr.splitlines()
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert lines[-1].startswith("storebench: ")
        ballast.unlink()
        assert [path for path in disk.rglob("*") if path.is_file()] == []


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the account of the server may enter."""
    folder = Path(tempfile.mkdtemp(prefix="open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_disk_without_room_for_databases_is_told_and_nothing_is_written(tmp_path: Path, start: Start, open_folder: Path) -> None:
    with _small_disk(open_folder / "disk", "4m") as disk:
        run = start(tmp_path, "run", *SMALL, environment={"TMPDIR": str(disk)})
        _check_failed(run.ended(), str(disk))
        assert list(disk.iterdir()) == []
    assert not (tmp_path / "results").exists()


def test_initdb_without_room_is_told_in_one_line_and_leaves_nothing(tmp_path: Path, start: Start, open_folder: Path) -> None:
    with _small_disk(open_folder / "disk", "8m") as disk:
        run = start(tmp_path, "complexity", "dual", environment={"TMPDIR": str(disk)})
        end = run.ended()
        _check_failed(end, "No space left on device", str(disk))
        assert len(end.lines) == 1
        assert list(disk.iterdir()) == []


def test_a_server_without_room_ends_the_run_and_what_was_measured_is_kept(tmp_path: Path, start: Start, open_folder: Path) -> None:
    with _small_disk(open_folder / "disk", "400m") as disk:
        run = start(tmp_path, "run", *SMALL, environment={"TMPDIR": str(disk)})
        run.until(FIRST_TRIAL)
        assert list(disk.glob("storebench-*/data"))
        # What is dropped makes room again, so it is taken as it comes.
        for number in count():
            _fill(disk, f"ballast-{number}")
            if run.process.poll() is not None:
                break
            time.sleep(0.05)
        _check_failed(run.ended(), "make room", "--resume")
        assert _kept(tmp_path) == ["latency-000"]


@pytest.mark.full
@pytest.mark.parametrize(
    "phase", ["templates", "write anatomy", "crash points", "paired latency", "large stores", "paired reads", "code paths"]
)
def test_a_server_that_is_killed_in_any_phase_is_told_alike(tmp_path: Path, start: Start, phase: str) -> None:
    settings = (
        "--set=crash_agents=[2]",
        "--set=faults_cells=[]",
        "--set=anatomy_agents=[1]",
        "--set=reads_rows=2000",
        "--set=latency_sessions=1",
        "--set=factor_sessions=0",
    )
    run = start(tmp_path, "run", *SMALL, *settings)
    end_s = time.monotonic() + 200
    while f"{phase}: budget" not in run.said() and time.monotonic() < end_s:
        assert run.process.poll() is None, run.said()
        time.sleep(0.02)
    run.postmaster().kill()
    _check_failed(run.ended(), "server failed", "--resume")
    assert not list(tmp_path.rglob("withheld.json"))


def test_a_results_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path, start: Start) -> None:
    with _small_disk(tmp_path / "disk", "16m") as disk:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        end = start(tmp_path, "run", *SMALL, "--out", str(disk / "results")).ended()
        _check_failed(end, "disk/results", "cannot be made")
