"""Whose a temporary folder is, and what is cleared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest

from bench.server.abandoned import clear_abandoned, find_server, has_ended
from bench.server.embedded import running
from bench.server.folders import OWNER_FILE, Owner, may_be_alive, owned_folder, read_owner, remove, this_process


@pytest.fixture
def gone() -> Owner:
    """A process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return replace(this_process(), pid=ended.pid)


def folder_of(owner: Owner, root: Path, name: str = "storebench-x") -> Path:
    folder = root / name
    (folder / "data" / "base").mkdir(parents=True)
    (folder / "data" / "base" / "1").write_text("rows")
    (folder / OWNER_FILE).write_text(json.dumps(asdict(owner)))
    return folder


def test_an_owned_folder_names_this_process_and_goes_at_the_end(tmp_path: Path) -> None:
    with owned_folder(tmp_path, 0o711) as folder:
        assert folder.name.startswith("storebench-")
        assert folder.stat().st_mode & 0o777 == 0o711
        assert read_owner(folder) == this_process()
        (folder / "data").mkdir()
    assert not folder.exists()


def test_this_process_is_alive() -> None:
    assert may_be_alive(this_process())


def test_a_process_that_ended_is_not_alive(gone: Owner) -> None:
    assert not may_be_alive(gone)


def test_another_process_with_the_pid_of_the_owner_is_not_the_owner() -> None:
    assert not may_be_alive(replace(this_process(), started_s=this_process().started_s - 3600))


def test_an_owner_in_another_container_may_be_alive(gone: Owner) -> None:
    assert may_be_alive(replace(gone, pid_namespace="pid:[1]"))


def test_a_killed_owner_that_nobody_waited_for_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.read()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert has_ended(psutil.Process(child.pid))
    assert not may_be_alive(replace(this_process(), pid=child.pid))
    child.communicate()


def test_the_folder_of_a_gone_owner_is_cleared(tmp_path: Path, gone: Owner) -> None:
    folder = folder_of(gone, tmp_path)
    assert clear_abandoned(tmp_path) == (folder,)
    assert not folder.exists()


def test_the_folder_of_a_living_owner_is_left_alone(tmp_path: Path) -> None:
    folder = folder_of(this_process(), tmp_path)
    assert clear_abandoned(tmp_path) == ()
    assert (folder / "data" / "base" / "1").read_text() == "rows"


@pytest.mark.parametrize("content", [None, "", "[]", "1", '{"pid": 1}', '{"pid": "x", "started_s": 1}', "\x00\x80"])
def test_a_folder_that_does_not_credibly_name_its_owner_is_left_alone(tmp_path: Path, content: str | None) -> None:
    folder = tmp_path / "storebench-other"
    folder.mkdir()
    if content is not None:
        (folder / OWNER_FILE).write_text(content)
    assert clear_abandoned(tmp_path) == ()
    assert folder.is_dir()


def test_a_folder_of_another_name_is_left_alone(tmp_path: Path, gone: Owner) -> None:
    folder = folder_of(gone, tmp_path, "elsewhere")
    assert clear_abandoned(tmp_path) == ()
    assert folder.is_dir()


def test_a_link_in_the_place_of_a_folder_is_left_alone(tmp_path: Path, gone: Owner) -> None:
    folder = folder_of(gone, tmp_path, "precious")
    (tmp_path / "storebench-link").symlink_to(folder)
    assert clear_abandoned(tmp_path) == ()
    assert (folder / "data" / "base" / "1").is_file()


def test_a_link_in_the_place_of_an_owner_file_is_not_followed(tmp_path: Path, gone: Owner) -> None:
    folder = folder_of(gone, tmp_path)
    (folder / OWNER_FILE).rename(tmp_path / "elsewhere")
    (folder / OWNER_FILE).symlink_to(tmp_path / "elsewhere")
    assert clear_abandoned(tmp_path) == ()


def test_links_inside_a_folder_are_removed_and_not_followed(tmp_path: Path, gone: Owner) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    folder = folder_of(gone, tmp_path)
    (folder / "link").symlink_to(precious)
    (folder / "data" / "link").symlink_to(precious)
    assert clear_abandoned(tmp_path) == (folder,)
    assert (precious / "file").is_file()


def test_removing_a_missing_folder_is_fine(tmp_path: Path) -> None:
    remove(tmp_path / "missing")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder for another account")
def test_an_ordinary_user_clears_only_folders_of_that_user(tmp_path: Path, gone: Owner) -> None:
    tmp_path.chmod(0o777)
    own, foreign, planted = (folder_of(gone, tmp_path, f"storebench-{name}") for name in ("own", "foreign", "planted"))
    for path in [own, *own.rglob("*"), planted]:
        os.chown(path, 65534, 65534)
    child = os.fork()
    if child == 0:
        os.chdir(tmp_path)  # Its parents are closed to the account.
        os.setgid(65534)
        os.setuid(65534)
        os._exit(0 if clear_abandoned(Path()) == (Path("storebench-own"),) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["storebench-foreign", "storebench-planted"]
    assert foreign.is_dir()


def test_a_process_named_by_a_stale_pid_file_is_no_server(tmp_path: Path, gone: Owner) -> None:
    folder = folder_of(gone, tmp_path)
    (folder / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert find_server(folder / "data") is None
    assert clear_abandoned(tmp_path) == (folder,)


@pytest.mark.database
def test_a_server_that_outlived_its_owner_is_stopped(gone: Owner) -> None:
    with running() as server:
        folder = server.data_folder.parent
        found = find_server(server.data_folder)
        assert found is not None
        assert found.process.pid == server.pid
        (folder / OWNER_FILE).write_text(json.dumps(asdict(gone)))
        assert folder in clear_abandoned(folder.parent)
        assert not folder.exists()
        assert has_ended(found.process)


@pytest.mark.database
def test_a_server_on_another_folder_is_not_taken_for_ours(tmp_path: Path) -> None:
    with running() as server:
        other = tmp_path / "data"
        other.mkdir()
        (other / "postmaster.pid").write_text((server.data_folder / "postmaster.pid").read_text())
        assert find_server(other) is None
