from __future__ import annotations

import shutil
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest

from bench import registry, room
from bench.campaign.work import Work, work_of
from bench.configuration import Configuration, TraceConfiguration
from bench.errors import UserError
from bench.estimate import Bounds, bounds, budgets, told_line
from bench.room import RESULTS, TEMPORARY, check_room, is_local
from workloads.errors import InputError

Usage = namedtuple("Usage", ["total", "used", "free"])  # noqa: PYI024 - as shutil has it

SMALL = {
    "designs": ("dual", "floor"),
    "latency_messages": 10,
    "latency_sessions": 1,
    "factor_sessions": 0,
    "reads_rows": 0,
    "faults_cells": (),
}
NEEDED = Bounds(60.0, 5_000_000, 900_000_000)


def _work(**given: object) -> Work:
    return work_of(Configuration.model_validate(SMALL | given))


def _trace(folder: Path, bytes_of_a_message: int) -> Work:
    path = folder / "chat.csv"
    rows = "".join(f"{number},0,{number % 3},{bytes_of_a_message},,0\n" for number in range(20))
    path.write_text(f"t,ch,u,bytes,reply_to,bot\n{rows}")
    return work_of(TraceConfiguration.model_validate({"trace": path, "designs": ("dual",)}))


def test_a_run_has_a_budget_for_each_of_its_phases_in_their_order() -> None:
    assert list(budgets(_work(reads_rows=1000))) == [
        "templates",
        "write anatomy",
        "crash points",
        "paired latency",
        "large stores",
        "paired reads",
        "code paths",
        "report",
    ]


def test_what_a_run_leaves_out_has_no_budget(tmp_path: Path) -> None:
    assert list(budgets(_work(anatomy_agents=(), crash_agents=()))) == ["templates", "paired latency", "code paths", "report"]
    assert "paired factors" in budgets(_work(factor_sessions=1))
    assert "paired latency" not in budgets(_work(latency_sessions=0))
    assert list(budgets(_trace(tmp_path, 20))) == ["templates", "trace replay", "report"]


@pytest.mark.parametrize(
    ("more", "phase"),
    [
        ({"anatomy_scenes": 40}, "write anatomy"),
        ({"crash_agents": (1, 2, 4)}, "crash points"),
        ({"crash_kinds": ("send", "reply")}, "crash points"),
        ({"latency_messages": 100}, "paired latency"),
        ({"latency_sessions": 3}, "paired latency"),
        ({"planted_costs": ("+1%", "+2%")}, "paired latency"),
        ({"bootstrap_draws": 20_000}, "report"),
        ({"designs": ("dual", "floor", "hybrid")}, "code paths"),
    ],
)
def test_what_makes_a_phase_longer_makes_its_budget_and_the_run_larger(more: dict[str, object], phase: str) -> None:
    before, after = _work(), _work(**more)
    assert budgets(after)[phase] > budgets(before)[phase]
    assert bounds(after).seconds > bounds(before).seconds
    assert bounds(after).result_bytes >= bounds(before).result_bytes


@pytest.mark.parametrize(
    ("more", "phase"),
    [
        ({"faults_kinds_two_agents": ("send",)}, "faults: every message"),
        ({"faults_kinds_twice": ("send",)}, "faults: every message"),
        ({"faults_schedules": 1_000}, "faults: every message"),
        ({"faults_kills": 200}, "faults: clients"),
        ({"faults_interruptions": True}, "faults: clients"),
        ({"faults_streams": 5}, "faults: bus"),
        ({"faults_exposures": 3_000}, "faults: proof of the checkers"),
        ({"faults_stored": 1_000_000}, "faults: proof of the checkers"),
    ],
)
def test_what_makes_faults_longer_makes_their_budget_longer(more: dict[str, object], phase: str) -> None:
    cells = ("per_side", "per_side_derived", "async_restart", "outbox")
    some: dict[str, object] = {"faults_cells": cells, "faults_kills": 1, "faults_streams": 1}
    before, after = _work(**some), _work(**some | more)
    assert budgets(after)[phase] > budgets(before)[phase]
    assert bounds(after).result_bytes >= bounds(before).result_bytes


def test_a_run_without_a_cell_has_no_faults_and_one_without_kills_kills_nobody() -> None:
    assert not [name for name in budgets(_work()) if name.startswith("faults")]
    found = budgets(_work(faults_cells=("joined",), faults_exposures=0))
    assert [name for name in found if name.startswith("faults")] == ["faults: every message"]


def test_databases_grow_with_rows_messages_agents_and_texts(tmp_path: Path) -> None:
    plain = bounds(_work()).database_bytes
    for more in ({"reads_rows": 50_000}, {"latency_messages": 5_000}, {"latency_agents": 50}):
        assert bounds(_work(**more)).database_bytes > plain
    assert bounds(_trace(tmp_path, 1_000_000)).database_bytes > bounds(_trace(tmp_path, 20)).database_bytes + 20 * 2_000_000


def test_what_a_workload_stores_beforehand_takes_its_time_and_room() -> None:
    plain, filled = _work(workload="fan-out:2", latency_messages=8), _work(workload="history-read", latency_messages=8)
    assert plain.before < 60
    assert filled.before > 400
    assert budgets(filled)["paired latency"] > budgets(plain)["paired latency"]
    assert bounds(filled).database_bytes > bounds(plain).database_bytes


def test_a_session_is_not_given_more_than_its_safety_limit() -> None:
    assert budgets(_work(latency_messages=5_000, latency_session_s=3.0))["paired latency"] < 20


def test_the_line_says_time_sizes_and_what_is_free() -> None:
    line = told_line(Bounds(250.0, 12_400_000, 1_200_000_000), {RESULTS: 75_000_000_000})
    assert line == "the run takes about 4 min; results at most 12 MB, databases at most 1.2 GB; free: 75 GB for results"


@pytest.fixture(name="disks")
def _disks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[Path, int]:
    """What is free below a folder; results and temp folder are two disks when both are named."""
    free = {tmp_path / "out": 10**12, tmp_path / "temp": 10**12}
    for folder in free:
        folder.mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, free[Path(path)]))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "temp"))
    monkeypatch.setattr(room, "_device", lambda path: 1 if path.name == "out" else 2)
    return free


@pytest.mark.usefixtures("disks")
def test_enough_room_is_told_of_both_disks_or_of_that_of_the_results(tmp_path: Path) -> None:
    assert check_room(NEEDED, tmp_path / "out" / "not" / "there", local=True) == {RESULTS: 10**12, TEMPORARY: 10**12}
    assert check_room(NEEDED, tmp_path / "out", local=False) == {RESULTS: 10**12}


@pytest.mark.parametrize(
    ("results", "temporary", "told"),
    [
        (
            4_000_000,
            10**12,
            "4.0 MB free, and the run may need 5.0 MB: make room, choose another folder with --out, or measure less",
        ),
        (10**12, 800_000_000, "800 MB free, and the run may need 900 MB: make room, set TMPDIR to another disk, or measure less"),
    ],
)
def test_a_disk_without_enough_room_is_refused_in_one_line(
    disks: dict[Path, int], tmp_path: Path, results: int, temporary: int, told: str
) -> None:
    disks.update({tmp_path / "out": results, tmp_path / "temp": temporary})
    with pytest.raises(UserError, match=told):
        check_room(NEEDED, tmp_path / "out", local=True)


def test_results_and_databases_on_one_disk_both_need_their_room(
    disks: dict[Path, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_device", lambda _path: 1)
    disks.update({tmp_path / "out": 902_000_000, tmp_path / "temp": 902_000_000})
    with pytest.raises(UserError, match="902 MB free, and the run may need 905 MB"):
        check_room(NEEDED, tmp_path / "out", local=True)
    check_room(NEEDED, tmp_path / "out", local=False)


@pytest.mark.parametrize(("asked", "local"), [(None, True), ("embedded=18", True), ("url=postgresql://a@127.0.0.1:1/b", False)])
def test_databases_lie_here_unless_the_server_is_somebody_elses(asked: str | None, local: bool) -> None:
    assert is_local(asked) is local


def test_every_registered_design_of_ours_can_be_estimated() -> None:
    try:
        found = bounds(work_of(Configuration()))
    except InputError as error:
        pytest.fail(str(error))
    assert len(registry.OURS) * 1_000_000 < found.result_bytes < 50_000_000
    assert found.database_bytes < 3_000_000_000
