"""A server in a container: set like the embedded one, reached over loopback only, and nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.errors import UserError
from bench.server.capabilities import probe
from bench.server.container.engine import Engine
from bench.server.container.owners import OWNER, labels, owner_of
from bench.server.container.server import ContainerServer, running
from bench.server.container.started import clear_abandoned
from bench.server.embedded import EmbeddedServer
from bench.server.embedded import running as running_embedded
from bench.server.endpoint import Endpoint
from bench.server.findings import State, server_findings
from bench.server.phases import PHASE_SETTINGS, ServerPhase

pytestmark = pytest.mark.database

PROJECT = Path(__file__).parents[4]
PLACES = {
    "config_file",
    "data_directory",
    "external_pid_file",
    "hba_file",
    "ident_file",
    "listen_addresses",
    "port",
    "unix_socket_directories",
}
"""Settings that say where a server and its files are."""

HOLD_A_SERVER = """
import signal, sys, time
from bench.server.container.server import running
signal.signal(signal.SIGINT, signal.default_int_handler)
with running(sys.argv[1]) as server:
    print("ready", flush=True)
    time.sleep(600)
"""


def ours(engine: Engine, pid: int) -> dict[str, Any]:
    """The containers of a process, running or not, by id; other workers of the tests have some too."""
    found = engine.client.containers.list(all=True, filters={"label": OWNER}, ignore_removed=True)
    owners = {each.id: owner_of(each.labels) for each in found}
    return {each.id: each for each in found if (owner := owners[each.id]) is not None and owner.pid == pid}


def setting(server: ContainerServer, name: str) -> object:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return row[0]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


def holder(image: str) -> subprocess.Popen[str]:
    """A process that has a server in a container."""
    process = subprocess.Popen([sys.executable, "-c", HOLD_A_SERVER, image], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


def published(container: Any) -> list[str]:
    bindings = container.attrs["NetworkSettings"]["Ports"].values()
    return [f"{binding['HostIp']}:{binding['HostPort']}" for group in bindings if group for binding in group]


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedServer]:
    with running_embedded() as server:
        yield server


def test_it_is_set_and_able_as_the_embedded_one_is(contained: ContainerServer, embedded: EmbeddedServer) -> None:
    found = replace(probe(contained.endpoint), free_connections=200)
    assert found == replace(probe(embedded.endpoint), free_connections=200)
    assert [finding.what for finding in server_findings(found) if finding.state is not State.OK] == []
    assert contained.version == embedded.version


def test_no_setting_differs_from_the_embedded_one_but_where_things_lie(
    contained: ContainerServer, embedded: EmbeddedServer
) -> None:
    found, expected = (all_settings(server.endpoint) for server in (contained, embedded))
    apart = {name: (found.get(name), expected.get(name)) for name in found | expected if found.get(name) != expected.get(name)}
    assert {name: values for name, values in apart.items() if name not in PLACES} == {}


def all_settings(endpoint: Endpoint) -> dict[str, str]:
    with psycopg.connect(endpoint.conninfo()) as connection:
        return dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())


def test_its_port_is_open_on_loopback_alone(contained: ContainerServer, engine: Engine) -> None:
    port = contained.endpoint.port
    (found,) = [each for each in ours(engine, os.getpid()).values() if any(told.endswith(f":{port}") for told in published(each))]
    assert published(found) == [f"127.0.0.1:{port}"]
    with socket.socket() as taken, pytest.raises(OSError, match="in use"):
        taken.bind(("127.0.0.1", port))


def test_it_lets_nobody_in_without_the_password(contained: ContainerServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(contained.endpoint.conninfo(), password="guess")


def test_phases_come_into_force_and_go_again(contained: ContainerServer) -> None:
    for phase in (ServerPhase.MEASURE, ServerPhase.STEADY):
        contained.settings(phase)
        assert {name: setting(contained, name) for name in PHASE_SETTINGS[phase]} == PHASE_SETTINGS[phase]


def test_it_says_which_engine_and_image_it_runs_in(contained: ContainerServer, engine: Engine, image: str) -> None:
    assert contained.remarks[0].startswith(f"in a container of {image} by {engine.version}: ")
    assert contained.kind == "container"


def test_its_first_process_is_seen_where_the_engine_is_this_machines_own(contained: ContainerServer) -> None:
    if contained.pid is None:
        pytest.skip("the engine runs in a machine of its own")
    assert Path(f"/proc/{contained.pid}/comm").read_text() == "postgres\n"


def test_a_backend_that_is_struck_takes_the_others_along_and_the_server_recovers(image: str) -> None:
    with running(image, {"fsync": "off"}) as server:
        with psycopg.connect(server.endpoint.conninfo()) as other, psycopg.connect(server.endpoint.conninfo()) as victim:
            server.strike(victim.info.backend_pid)
            wait_for(lambda: is_lost(victim) and is_lost(other), "both have lost their connection")
        wait_for(lambda: answers(server), "the server answers again")
        assert setting(server, "fsync") == "off"
        with pytest.raises(UserError, match="cannot be killed"):
            server.strike(2**22 + 1)


def is_lost(connection: psycopg.Connection[Any]) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False


def answers(server: ContainerServer) -> bool:
    try:
        psycopg.connect(server.endpoint.conninfo()).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_fresh_one_is_another_of_the_same_settings(image: str, engine: Engine) -> None:
    with running(image, {"work_mem": "5MB"}) as server, server.fresh() as fresh:
        assert fresh.endpoint.port != server.endpoint.port
        assert setting(fresh, "work_mem") == "5MB"
        there = ours(engine, os.getpid()).keys()
    assert len(there - ours(engine, os.getpid()).keys()) == 2


def test_nothing_stays_behind_where_the_block_fails(image: str, engine: Engine) -> None:
    before = ours(engine, os.getpid()).keys()
    volumes: list[str] = []
    with pytest.raises(RuntimeError):
        _failing(image, engine, before, volumes)
    assert ours(engine, os.getpid()).keys() == before
    assert len(volumes) == 1
    assert not {*volumes} & {volume.name for volume in engine.client.volumes.list()}


def _failing(image: str, engine: Engine, before: Collection[str], volumes: list[str]) -> None:
    with running(image):
        (made,) = [each for name, each in ours(engine, os.getpid()).items() if name not in before]
        volumes += [mount["Name"] for mount in made.attrs["Mounts"]]
        raise RuntimeError


def test_ctrl_c_removes_it_and_what_a_killed_run_leaves_is_removed_by_the_next_start(image: str, engine: Engine) -> None:
    with holder(image) as interrupted:
        assert len(ours(engine, interrupted.pid)) == 1
        interrupted.send_signal(signal.SIGINT)
        assert interrupted.wait(60) != 0
    assert not ours(engine, interrupted.pid)
    with holder(image) as killed:
        clear_abandoned(engine)
        assert len(ours(engine, killed.pid)) == 1, "one in use was removed"
        killed.kill()
    with running(image):
        assert not ours(engine, killed.pid)


def test_containers_of_others_are_never_touched(image: str, engine: Engine) -> None:
    """Those without our labels, those that name their owner badly, and those of another machine."""
    dead = labels("x") | {OWNER: '{"pid": 4194304, "started_s": 1.0, "pid_namespace": "' + os.readlink("/proc/self/ns/pid") + '"}'}  # noqa: PTH115
    foreign: list[dict[str, str]] = [{}, {OWNER: "[]"}, dead | {"storebench.machine": "another"}]
    made = [engine.client.containers.create(image, labels=given) for given in [*foreign, dead]]
    try:
        clear_abandoned(engine)
        left = {each.id for each in engine.client.containers.list(all=True)}
        assert [each.id in left for each in made] == [True, True, True, False]
    finally:
        for each in made[:-1]:
            each.remove(force=True, v=True)


@pytest.mark.parametrize(
    ("tag", "entrypoint", "told"),
    [
        ("ends", '["/bin/sh", "-c", "echo nothing here; exit 3"]', r"ends: it ended with exit code 3 \(nothing here\)"),
        ("no-such-program", '["/none"]', r"cannot be started \(.*no such file"),
    ],
)
def test_an_image_that_is_not_postgresql_is_refused(tag: str, entrypoint: str, told: str, engine: Engine, image: str) -> None:
    name = derived(engine, image, f"ENTRYPOINT {entrypoint}", tag)
    with pytest.raises(UserError, match=f"{told}.*name an image of PostgreSQL") as refused, running(name):
        pytest.fail("it is no server")
    assert "\n" not in str(refused.value)


def test_an_image_that_drops_the_settings_is_refused(engine: Engine, image: str) -> None:
    name = derived(engine, image, 'ENTRYPOINT ["/bin/sh", "-c", "exec /entrypoint postgres"]', "drops")
    with pytest.raises(UserError, match=r"does not pass on what its server is told \(.*fsync"), running(name):
        pytest.fail("it is set as it likes")


def derived(engine: Engine, image: str, change: str, tag: str) -> str:
    """The same image, run in another way."""
    made = engine.client.containers.create(image)
    try:
        made.commit(repository="storebench-odd", tag=tag, changes=change)
    finally:
        made.remove(v=True)
    return f"storebench-odd:{tag}"
