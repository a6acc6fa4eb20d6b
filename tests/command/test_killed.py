"""A run that is killed at any instant is gone on with by the same command and `--resume`, and ends as one that nobody disturbed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command.killed import check_whole, counts, kill, settled

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_server")]

COMMAND = (
    str(Path(sys.executable).parent / "storebench"),
    *("run", "--designs", "floor", "--seed", "5"),
    *("--set=anatomy_agents=[1]", "--set=anatomy_scenes=2", "--set=crash_agents=[1]", "--set=faults_cells=[]"),
    *("--set=factor_sessions=0", "--set=latency_sessions=4", "--set=latency_messages=12", "--set=latency_warmup_messages=2"),
    *("--set=reads_rows=1000", "--set=reads_sessions=1", "--set=reads_rounds=20", "--set=bootstrap_draws=100"),
)


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run that nobody disturbed, and the seconds that it took."""

    folder: Path
    took_s: float


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    where = tmp_path_factory.mktemp("undisturbed")
    begin_s = time.monotonic()
    subprocess.run(COMMAND, cwd=where, env=dict(os.environ), check=True, capture_output=True)
    (folder,) = (where / "results").iterdir()
    return Undisturbed(folder, time.monotonic() - begin_s)


def _resumed(where: Path) -> Path:
    """Go on until the run is complete; its folder."""
    subprocess.run([*COMMAND, "--resume"], cwd=where, env=dict(os.environ), check=True, capture_output=True, timeout=280)
    (folder,) = (path for path in (where / "results").iterdir() if not path.name.startswith("."))
    return folder


def kills(instants: int, seed: int, undisturbed: Undisturbed, new_folder: Callable[[], Path]) -> None:
    """Kill runs at so many instants, each drawn from the whole length of a run; every run that was killed is gone on with."""
    rng = random.Random(seed)
    expected, killed, where, servers = counts(undisturbed.folder), 0, new_folder(), list[Path]()
    while killed < instants:
        after_s = rng.uniform(0, undisturbed.took_s)
        was_killed, folders = kill([*COMMAND, "--resume"], where, dict(os.environ), after_s)
        killed += was_killed
        servers += folders
        for folder in (where / "results").glob("2*"):
            check_whole(folder)
        # One run is killed a few times over, then brought to its end.
        if not was_killed or killed % 2 == 0 or killed == instants:
            folder = _resumed(where)
            check_whole(folder)
            assert counts(folder) == expected, f"seed {seed}, kill {killed}"
            assert (folder / "report.html").is_file()
            assert not list((where / "results").rglob(".partial-*"))
            where = new_folder()
    assert settled(10, servers), "folders of killed runs are left"


@pytest.mark.timeout(900)
def test_a_run_killed_at_a_random_instant_ends_with_every_count_of_an_undisturbed_one(
    undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kills(1, 1, undisturbed, lambda: tmp_path_factory.mktemp("killed"))


@pytest.mark.full
@pytest.mark.timeout(3_000)
def test_a_run_killed_at_fifty_random_instants_ends_with_every_count_of_an_undisturbed_one(
    undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kills(50, 2, undisturbed, lambda: tmp_path_factory.mktemp("killed"))


def test_a_complete_run_is_not_measured_again(undisturbed: Undisturbed) -> None:
    where = undisturbed.folder.parent.parent
    before = {path: path.read_bytes() for path in undisturbed.folder.rglob("*") if path.is_file()}
    done = subprocess.run([*COMMAND, "--resume"], cwd=where, env=dict(os.environ), check=True, capture_output=True, text=True)
    assert "is complete: there is nothing to measure" in done.stderr
    assert {path: path.read_bytes() for path in undisturbed.folder.rglob("*") if path.is_file()} == before


def test_a_run_of_another_configuration_is_not_gone_on_with(undisturbed: Undisturbed) -> None:
    done = subprocess.run(
        [*COMMAND, "--resume", str(undisturbed.folder), "--seed", "6"],
        cwd=undisturbed.folder.parent,
        env=dict(os.environ),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("storebench: ")]
    assert "cannot be gone on with, since it was begun otherwise (configuration seed: 5 then, 6 now" in line
