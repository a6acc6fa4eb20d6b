"""A run over several hosts: network namespaces on one machine, each with an address of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bench.load import recorder
from bench.load.files import ROWS
from bench.server.launch import free_port
from bench.server.server import Server
from bench.swarm import server_address
from bench.swarm.digests import Part, union
from tests.bench.swarm.runs import stored, wait_for

pytestmark = [pytest.mark.database, pytest.mark.full]

SUBNET = f"10.213.{os.getpid() % 250}"
LEADER = f"{SUBNET}.1"
STOREBENCH = Path(sys.executable).with_name("storebench")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")


@contextmanager
def hosts(count: int) -> Iterator[list[str]]:
    """Names of network namespaces that reach each other, and us at LEADER; all of it is taken away again."""
    bridge, mark = f"sb{os.getpid() % 10_000}", f"storebench-{os.getpid()}"
    with ExitStack() as stack:

        def undone(*words: str) -> None:
            stack.callback(subprocess.run, ["ip", *words], capture_output=True, check=False)

        _ip("link", "add", bridge, "type", "bridge")
        undone("link", "delete", bridge)
        _ip("address", "add", f"{LEADER}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        names = []
        for number in range(count):
            name, here = f"{mark}-{number}", f"{bridge}v{number}"
            _ip("netns", "add", name)
            undone("netns", "delete", name)
            _ip("link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("link", "set", here, "master", bridge, "up")
            _ip("-n", name, "address", "add", f"{SUBNET}.{number + 2}/24", "dev", "eth0")
            _ip("-n", name, "link", "set", "eth0", "up")
            _ip("-n", name, "link", "set", "lo", "up")
            names.append(name)
        yield names


@contextmanager
def forwarded(host: str, port: int) -> Iterator[int]:
    """A port at LEADER that leads to this one: our server listens on loopback alone."""
    with socket.create_server((LEADER, 0)) as listening:

        def carry(source: socket.socket, target: socket.socket) -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(65_536):
                    target.sendall(data)
            for one in (source, target):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

        def serve(client: socket.socket) -> None:
            with client, socket.create_connection((host, port)) as server:
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                there = threading.Thread(target=carry, args=(client, server))
                there.start()
                carry(server, client)
                there.join()

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    serving.append(threading.Thread(target=serve, args=(client,)))
                    serving[-1].start()

        serving: list[threading.Thread] = []
        accepting = threading.Thread(target=accept)
        accepting.start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
        for thread in (accepting, *serving):
            thread.join(20)


@contextmanager
def _started(commands: Sequence[Sequence[str]], address: str, folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    found: list[subprocess.Popen[bytes]] = []
    own = {**os.environ, "STOREBENCH_SERVER": address}
    try:
        for number, command in enumerate(commands):
            with (folder / f"said-{number}.log").open("wb") as said:
                found.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=own, cwd=folder))
        yield found
    finally:
        for process in found:
            if process.poll() is None:
                process.terminate()
        for process in found:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def test_a_master_and_workers_on_hosts_of_their_own_do_the_whole_stream(server: Server, tmp_path: Path) -> None:
    if shutil.which("ip") is None:
        pytest.skip("there is no ip command: network namespaces cannot be made")
    with ExitStack() as stack:
        try:
            names = stack.enter_context(hosts(2))
        except OSError as error:
            pytest.skip(f"network namespaces cannot be made here: {error}")
        port = stack.enter_context(forwarded(server.endpoint.host, server.endpoint.port))
        address = server_address.written(replace(server.endpoint, host=LEADER, port=port, transport=()))
        meeting = str(free_port())
        asked = ["--design", "hybrid", "--users", "4", "--rate", "40", "--run-time", "6s", "--master", "2", "--bind", LEADER]
        leading = [str(STOREBENCH), "load", *asked, "--port", meeting, "--out", str(tmp_path / "out")]
        follow = [str(STOREBENCH), "load", "--worker", LEADER, "--port", meeting]
        commands = [leading, *(["ip", "netns", "exec", name, *follow] for name in names)]
        processes = stack.enter_context(_started(commands, address, tmp_path))
        wait_for(lambda: processes[0].poll() is not None)
        assert processes[0].returncode == 0, (tmp_path / "said-0.log").read_text()
    (folder,) = (tmp_path / "out").iterdir()
    told = stored(folder)
    record, table = told.record, recorder.read(told.folder / ROWS)
    assert len(record.workers) == 2
    assert union(Part(worker.operations, worker.digest) for worker in record.workers) == Part(record.operations, record.digest)
    assert record.acknowledged == record.operations == len(set(table["number"].to_pylist())) == 240
    assert record.proof_holds
