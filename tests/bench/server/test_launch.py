"""The start of a server on a data folder."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import psycopg
import pytest

from bench.errors import UserError
from bench.server.abandoned import clear_abandoned, find_server, has_ended
from bench.server.binaries import find_binaries, local_binaries
from bench.server.folders import OWNER_FILE, owned_folder, this_process
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
        with psycopg.connect(endpoint.conninfo()) as connection:
            assert connection.execute("SELECT inet_server_port()").fetchone() == (endpoint.port,)
    finally:
        postmaster.stop()


def test_ports_that_are_always_lost_are_given_up(placement: Placement, folder: Path, taken: int) -> None:
    password = initialise(placement, folder, folder / "data")
    with pytest.raises(UserError, match=r"no port stayed free[\s\S]*Address already in use"):
        launch(placement, folder / "data", password, checked_settings({}), lambda: taken)


def test_an_initdb_that_fails_is_told_with_its_last_words(folder: Path, tmp_path: Path) -> None:
    for name, text in (("postgres", "#!/bin/sh"), ("initdb", "#!/bin/sh\necho some cause; exit 3")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    with pytest.raises(UserError, match=r"exit code 3[\s\S]*some cause"):
        initialise(Placement(local_binaries(tmp_path), None, folder), folder, folder / "data")
    assert not (folder / "password").exists()


def test_a_server_without_clients_that_a_killed_run_left_is_waited_for_before_its_folder_goes(
    placement: Placement, folder: Path
) -> None:
    data = folder / "data"
    initialise(placement, folder, data)
    account = placement.account
    alone = subprocess.Popen(
        [placement.binaries.program("postgres"), "--single", "-D", str(data), "postgres"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    with alone:
        assert alone.stdout is not None
        assert alone.stdout.read(1), "it is up once it prints its prompt"
        found = find_server(data)
        assert found is not None
        assert (found.process.pid, found.takes_clients) == (alone.pid, False)
        assert (data / "postmaster.pid").read_text().startswith(f"-{alone.pid}\n")
        (folder / OWNER_FILE).write_text(json.dumps(asdict(replace(this_process(), started_s=-3600))))
        assert alone.stdin is not None
        ends = threading.Timer(0.5, alone.stdin.close)
        ends.start()
        assert folder in clear_abandoned(folder.parent)
        assert has_ended(found.process)
        ends.join()
    assert alone.returncode == 0, "it was waited for, not interrupted"


def test_no_two_servers_have_the_same_password(placement: Placement, folder: Path) -> None:
    first, second = (initialise(placement, folder, folder / name) for name in ("first", "second"))
    assert first != second
    assert min(len(first), len(second)) >= 32
