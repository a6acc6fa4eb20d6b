"""Files get their place whole, and what killed writers left is cleared."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from bench.errors import UserError
from bench.results.files import write_file
from bench.saving import save, save_new
from workloads.placing import PARTIAL, clear_left, place

LEFT = f"{PARTIAL}0123456789abcdef"
DIES = """
import os, signal, sys
from pathlib import Path
from workloads.placing import place

def write(file):
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)

place(Path(sys.argv[1]), write, replace=True)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def whole(file: BinaryIO) -> None:
    file.write(b"whole")


def test_a_writer_that_is_killed_leaves_what_was_there_and_the_next_one_clears_up(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("before")
    died = subprocess.run([sys.executable, "-c", DIES, str(path)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert path.read_text() == "before"
    assert len(names(tmp_path)) == 2
    save(tmp_path, {"other.svg": b"x"})
    assert names(tmp_path) == ["other.svg", "trace.csv"]


def test_what_a_living_writer_has_half_written_is_not_cleared(tmp_path: Path) -> None:
    def meanwhile(file: BinaryIO) -> None:
        file.write(b"ha")
        clear_left(tmp_path)
        save_new(tmp_path / "other", b"x", overwrite=False)
        file.write(b"lf")

    place(tmp_path / "slow", meanwhile, replace=False)
    assert (tmp_path / "slow").read_text() == "half"
    assert names(tmp_path) == ["other", "slow"]


def test_what_others_called_alike_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{PARTIAL}mine.csv").write_text("mine")
    (tmp_path / f"{PARTIAL}0123456789abcde").write_text("one digit short")
    os.mkfifo(tmp_path / f"{PARTIAL}{'a' * 16}")
    (tmp_path / f"{PARTIAL}{'b' * 16}").mkdir()
    (tmp_path / f"{PARTIAL}{'c' * 16}").symlink_to(f"{PARTIAL}mine.csv")
    (tmp_path / LEFT).write_text("left")
    before = names(tmp_path)
    clear_left(tmp_path)
    assert names(tmp_path) == [name for name in before if name != LEFT]
    clear_left(tmp_path / "missing")


def test_a_file_taken_for_left_before_it_was_locked_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, cleared = fcntl.flock, list[str]()

    def late(file: BinaryIO | int, how: int) -> None:
        if not cleared:
            cleared.extend(names(tmp_path))
            (tmp_path / cleared[0]).unlink()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    place(tmp_path / "file", whole, replace=False)
    assert len(cleared) == 1
    assert (tmp_path / "file").read_text() == "whole"


def test_without_locks_files_are_placed_all_the_same_and_none_is_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr(fcntl, "flock", refused)
    (tmp_path / LEFT).write_text("left, or not")
    clear_left(tmp_path)
    place(tmp_path / "file", whole, replace=False)
    assert names(tmp_path) == [LEFT, "file"]


def test_a_file_is_not_replaced_unasked_whoever_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        place(path, whole, replace=False)
    with pytest.raises(UserError, match="there already: give another name, or --overwrite"):
        save_new(path, b"x", overwrite=False)
    assert path.read_text() == "mine"
    place(path, whole, replace=True)
    assert path.read_text() == "whole"
    assert names(tmp_path) == ["file"]


def test_what_cannot_be_placed_leaves_nothing_and_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="Is a directory"):
        save(tmp_path, {"folder": b"x"})
    with pytest.raises(UserError, match="cannot be written"):
        write_file(tmp_path / "missing" / "file", b"x")
    assert names(tmp_path) == ["folder"]
