"""Commands on servers of every kind: what is refused, what is left behind, and that nothing secret is told."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from bench.server.embedded import EmbeddedServer, running
from bench.server.versions import Installation, installations
from tests.command.program import Program, without_server

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

OWN_PASSWORD = "known-to-the-test"
PASSWORD = "s3cret @/%?&:#"
TINY = (
    "--designs=dual,hybrid",
    "--set=anatomy_agents=[1]",
    "--set=anatomy_scenes=1",
    "--set=crash_agents=[]",
    "--set=faults_cells=[]",
    "--set=latency_sessions=1",
    "--set=factor_sessions=1",
    "--set=factor_messages=8",
    "--set=latency_messages=8",
    "--set=latency_warmup_messages=2",
    "--set=reads_rows=0",
)


class OldServer:
    """Says that it is PostgreSQL 14, and hears whether anybody asks it something after that."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.asked: list[bytes] = []

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                self._greet(client)

    def _greet(self, client: socket.socket) -> None:
        while True:
            head = client.recv(8)
            if len(head) < 8:
                return
            length, code = struct.unpack("!II", head)
            if code >> 16 == 3:
                client.recv(length - 8)
                break
            client.sendall(b"N")
        told = {b"server_version": b"14.9", b"client_encoding": b"UTF8", b"standard_conforming_strings": b"on"}
        parameters = b"".join(_message(b"S", name + b"\0" + value + b"\0") for name, value in told.items())
        client.sendall(_message(b"R", struct.pack("!I", 0)) + parameters + _message(b"Z", b"I"))
        heard = client.recv(4096)
        if heard and not heard.startswith(b"X"):
            self.asked.append(heard)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


@pytest.fixture
def old_server() -> Iterator[OldServer]:
    server = OldServer()
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server
    server.close()
    thread.join()


@contextmanager
def hosted(server: EmbeddedServer, role: str = "owner") -> Iterator[str]:
    """A database of our own on somebody else's server, and a superuser with a password that is known here."""
    with psycopg.connect(server.endpoint.conninfo(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} SUPERUSER LOGIN PASSWORD '{PASSWORD}'".encode())
        connection.execute("CREATE DATABASE mine")
        before = connection.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
        yield f"url=postgresql://{role}:{quote(PASSWORD, safe='')}@127.0.0.1:{server.endpoint.port}/mine"
        assert connection.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall() == before
        assert connection.execute("SELECT count(*) FROM pg_file_settings").fetchone() == (0,)


def refused(done: subprocess.CompletedProcess[str], folder: Path) -> str:
    """The one line of a command that was refused, with nothing written."""
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert not (folder / "results").exists()
    for secret in (PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in done.stdout + done.stderr
    return line


def test_a_server_that_is_too_old_is_refused_by_its_greeting(storebench: Storebench, old_server: OldServer, tmp_path: Path) -> None:
    url = f"url=postgresql://me:{quote(PASSWORD, safe='')}@127.0.0.1:{old_server.port}/mine"
    line = refused(storebench("run", *TINY, "--server", url), tmp_path)
    assert "PostgreSQL 14.9, too old; use 15 or newer" in line
    assert old_server.asked == []


@pytest.mark.parametrize("command", [("run", *TINY), ("doctor",), ("complexity", "dual"), ("plans", "--rows=1000")])
def test_every_command_refuses_a_wrong_password_in_one_line(
    storebench: Storebench, others_url: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    wrong = others_url.replace(quote(PASSWORD, safe=""), "wr0ng")
    done = storebench(*command, "--server", wrong)
    line = refused(done, tmp_path)
    assert "password authentication failed" in line
    assert "wr0ng" not in done.stdout + done.stderr


def test_a_port_where_nobody_listens_is_told(storebench: Storebench, tmp_path: Path) -> None:
    done = storebench("run", *TINY, "--server", "url=postgresql://me:pw@127.0.0.1:1/mine")
    assert "Connection refused; start the server, or mend host and port" in refused(done, tmp_path)


def test_a_database_in_use_is_refused_and_untouched(storebench: Storebench, others_url: str, tmp_path: Path) -> None:
    conninfo = others_url.removeprefix("url=")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE customers AS SELECT generate_series(1, 3) AS id")
        try:
            line = refused(storebench("run", *TINY, "--server", others_url), tmp_path)
            assert "not empty: it has 1 table (public.customers)" in line
            assert connection.execute("SELECT count(*) FROM customers").fetchone() == (3,)
        finally:
            connection.execute("DROP TABLE customers")


@dataclass(frozen=True)
class Finished:
    """A run that ended well: its folder and what it printed."""

    folder: Path
    printed: str

    def holders_of(self, secret: str) -> list[str]:
        """Where a secret is told."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        assert files
        found = [path.name for path in files if secret.encode() in path.read_bytes()]
        return found + ["printed"] * (secret in self.printed)

    def counts(self, design: str) -> list[dict[str, object]]:
        """The anatomy of a design, without what depends on pages."""
        lines = (self.folder / "trials" / f"anatomy-{design}" / "anatomy.jsonl").read_text().splitlines()
        vague = {"wal_bytes", "wal_page_bytes", "wal_images", "wal_image_records", "wal_hint_images", "relations"}
        return [{name: value for name, value in json.loads(line).items() if name not in vague} for line in lines]


def _run(program: Program, folder: Path, **variables: str) -> Finished:
    done = program.run("run", *TINY, folder=folder, environment=without_server() | variables)
    assert done.returncode == 0, done.stderr
    (found,) = (folder / "results").iterdir()
    return Finished(found, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def own_run(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run on a server of our own, whose password is made to be known here."""
    folder = tmp_path_factory.mktemp("own")
    known = folder / "known"
    known.mkdir()
    (known / "sitecustomize.py").write_text(f"import secrets\nsecrets.token_urlsafe = lambda count=None: {OWN_PASSWORD!r}\n")
    return _run(program, folder, PYTHONPATH=str(known))


@pytest.fixture(scope="module")
def others() -> Installation:
    """Another major version than the wheel's where one is installed, else the wheel's."""
    found = list(installations())
    return next((one for one in found if _major(one) != _major(found[0])), found[0])


@pytest.fixture(scope="module")
def others_url(others: Installation) -> Iterator[str]:
    """A URL of a running server that is not the command's."""
    with running({"fsync": "off"}, binaries=others.binaries) as server, hosted(server) as url:
        yield url


@pytest.fixture(scope="module")
def others_run(program: Program, others_url: str, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run on that server."""
    return _run(program, tmp_path_factory.mktemp("others"), STOREBENCH_SERVER=others_url)


def _major(installation: Installation) -> str:
    return installation.version.partition(".")[0]


def test_a_run_on_another_server_tells_nothing_secret(others_run: Finished) -> None:
    record = json.loads((others_run.folder / "run.json").read_text())
    assert record["server"]["kind"] == "url"
    assert record["attempts"][0]["ended"] == "finished"
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "postgresql://"):
        assert others_run.holders_of(secret) == []
    assert "owner" not in json.dumps(record["server"])
    assert "127.0.0.1" not in json.dumps(record)


@pytest.mark.full
def test_a_run_on_a_server_of_our_own_tells_nothing_secret(own_run: Finished) -> None:
    assert own_run.holders_of(OWN_PASSWORD) == []


def test_another_major_version_counts_what_ours_counts(own_run: Finished, others_run: Finished, others: Installation) -> None:
    if others.place == next(installations()).place:
        pytest.skip("no other major version of PostgreSQL is installed here (apt-get install postgresql)")
    for design in ("dual", "hybrid"):
        assert others_run.counts(design) == own_run.counts(design)


def test_a_server_of_our_own_trusts_nobody_and_is_closed_to_others() -> None:
    with running({"fsync": "off"}) as server:
        listening = [
            tuple(found.laddr) for found in psutil.Process(server.pid).net_connections(kind="all") if found.status == "LISTEN"
        ]
        assert listening == [("127.0.0.1", server.endpoint.port)]
        with psycopg.connect(server.endpoint.conninfo()) as connection:
            rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
            assert rules == [("scram-sha-256",)]
            (stored,) = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = current_user").fetchone() or ("",)
            assert stored.startswith("SCRAM-SHA-256$")
        assert server.data_folder.stat().st_mode & 0o077 == 0
        assert str(server.endpoint.password) not in " ".join(psutil.Process(server.pid).cmdline())
        log = (server.data_folder / "server.log").read_text()
        assert str(server.endpoint.password) not in log


def test_doctor_tells_machines_what_it_tells_people(storebench: Storebench, others_url: str, tmp_path: Path) -> None:
    told = json.loads(storebench("doctor", "--server", others_url, "--json").stdout)
    assert told["possible"] is True
    (disk,) = [finding for finding in told["findings"] if finding["what"] == "fsync"]
    assert (disk["state"], disk["found"], disk["mend"]) == ("lacking", "off", "set fsync = on and reload")
    assert PASSWORD not in json.dumps(told)
    assert "127.0.0.1" not in json.dumps(told)
    broken = storebench("doctor", "--json", "--server", "url=postgresql://me:pw@127.0.0.1:1/mine")
    assert json.loads(broken.stdout)["possible"] is False
    refused(broken, tmp_path)


@pytest.mark.parametrize(
    "command", [("verify", "dual", "--stories", "2"), ("replay", "dual/per_side/send/k=2/after-commit-1"), ("complexity", "hybrid")]
)
def test_commands_work_on_another_server(storebench: Storebench, others_url: str, command: tuple[str, ...]) -> None:
    done = storebench(*command, "--server", others_url)
    assert done.returncode == 0, done.stderr
