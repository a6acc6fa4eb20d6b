"""The start of a server on a data folder."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.server.binaries import find_binaries, local_binaries
from bench.server.folders import owned_folder
from bench.server.launch import HOST, checked_settings, free_port, initialise, launch
from bench.server.placement import Placement, placed

pytestmark = pytest.mark.database


@pytest.fixture
def placement() -> Iterator[Placement]:
    with placed(find_binaries()) as where:
        yield where


@pytest.fixture
def folder(placement: Placement) -> Iterator[Path]:
    with owned_folder(placement.root, 0o711) as made:
        yield made


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server((HOST, 0)) as other:
        yield int(other.getsockname()[1])


def test_a_port_lost_to_another_program_is_replaced(placement: Placement, folder: Path, taken: int) -> None:
    password = initialise(placement, folder, folder / "data")
    ports = iter([taken, taken, free_port()])
    postmaster, endpoint = launch(placement, folder / "data", password, checked_settings({}), lambda: next(ports))
    try:
        assert endpoint.port != taken
        with psycopg.connect(endpoint.conninfo("postgres")) as connection:
            assert connection.execute("SELECT inet_server_port()").fetchone() == (endpoint.port,)
    finally:
        postmaster.stop()


def test_ports_that_are_always_lost_are_given_up(placement: Placement, folder: Path, taken: int) -> None:
    password = initialise(placement, folder, folder / "data")
    with pytest.raises(RuntimeError, match=r"no port stayed free[\s\S]*Address already in use"):
        launch(placement, folder / "data", password, checked_settings({}), lambda: taken)


def test_an_initdb_that_fails_is_told_with_its_last_words(folder: Path, tmp_path: Path) -> None:
    for name, text in (("postgres", "#!/bin/sh"), ("initdb", "#!/bin/sh\necho some cause; exit 3")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    with pytest.raises(RuntimeError, match=r"exit code 3[\s\S]*some cause"):
        initialise(Placement(local_binaries(tmp_path), None, folder), folder, folder / "data")
    assert not (folder / "password").exists()


def test_no_two_servers_have_the_same_password(placement: Placement, folder: Path) -> None:
    first, second = (initialise(placement, folder, folder / name) for name in ("first", "second"))
    assert first != second
    assert min(len(first), len(second)) >= 32
