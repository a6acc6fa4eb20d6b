"""Everything that can stand where an engine should, and what a user is told of it."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.server.container import installed
from bench.server.container.engine import opened

# The address of a machine that nobody has (RFC 5737): it must not be asked at all.
FAR_AWAY = "198.51.100.1"


@pytest.fixture
def socket_path() -> Iterator[Path]:
    # The name of a socket may have about a hundred letters, so it cannot lie in the folder of a test.
    with tempfile.TemporaryDirectory(prefix="tests-of-storebench-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "engine.sock"


@contextmanager
def listening(path: Path, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        heard: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                heard.append(client)
                with suppress(OSError):
                    answer(client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for client in heard:
                client.close()


def refused(address: str, monkeypatch: pytest.MonkeyPatch, answer_s: float = 10) -> str:
    monkeypatch.setenv("DOCKER_HOST", address)
    with pytest.raises(UserError) as told, opened(answer_s):
        pytest.fail("it was taken for an engine")
    line = str(told.value)
    assert "\n" not in line
    assert line.startswith("--server container: ")
    return line


def test_where_there_is_no_socket_no_engine_runs(socket_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = refused(f"unix://{socket_path}", monkeypatch)
    assert f"no container engine runs at unix://{socket_path}; start one" in line


def test_a_socket_that_nobody_listens_to_is_no_engine_either(socket_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(socket_path))
    assert "no container engine runs at" in refused(f"unix://{socket_path}", monkeypatch)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not use a socket")
def test_whoever_may_not_use_the_socket_is_told_how_to(socket_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(socket_path, lambda _: None):
        socket_path.chmod(0o600)
        os.seteuid(65534)
        try:
            line = refused(f"unix://{socket_path}", monkeypatch)
        finally:
            os.seteuid(0)
    assert "this account may not use the container engine" in line


def test_an_engine_that_hangs_is_given_up(socket_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(socket_path, lambda _: None):
        assert "does not answer" in refused(f"unix://{socket_path}", monkeypatch, answer_s=0.3)


@pytest.mark.parametrize(
    "said",
    [
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 500 \x1b[31m\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_engine_is_not_taken_for_one(said: bytes, socket_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(said)
        client.shutdown(socket.SHUT_RDWR)

    with listening(socket_path, answer):
        line = refused(f"unix://{socket_path}", monkeypatch)
    assert "is no container engine" in line
    assert "\x1b" not in line


@pytest.mark.parametrize("address", [f"tcp://{FAR_AWAY}:2375", f"ssh://me@{FAR_AWAY}", "nonsense", "tcp://", "http+x://y"])
def test_an_engine_of_another_machine_is_refused_unasked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    line = refused(address, monkeypatch)
    assert "names no socket and no port of this machine" in line
    assert FAR_AWAY not in line


@pytest.mark.parametrize("library", ["docker", "testcontainers"])
def test_a_missing_extra_is_told_with_the_command_that_gets_it(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library or name.startswith("bench.server.container.")]:
        if name != "bench.server.container.refusals":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    remedy = r"testcontainers is not installed; install it with `pip install 'storebench\[container\]'`"
    with pytest.raises(UserError, match=remedy):
        installed.engine_in_words()
    with pytest.raises(UserError, match=remedy), installed.running("postgres:18", {}):
        pytest.fail("it was imported")
