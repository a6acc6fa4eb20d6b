"""Faults that end at any instant: nothing that they injected is left, but for what the next start clears."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from bench.server.embedded import running
from tests.command.program import COMMAND
from tests.command.test_servers import hosted
from tests.command.unlucky import DEADLINE_S

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_server"), pytest.mark.full]

COMMON = ("faults", "--designs", "dual", "--set=faults_kinds=send", "--set=bootstrap_draws=100", "--resume")
WITHOUT = {"schedules": "2", "kills": "0", "streams": "0", "exposures": "0", "stored": "0", "interruptions": "false"}
PHASES: Mapping[str, Mapping[str, str]] = {
    "sweeps": {"cells": "per_side,outbox,async_restart", "schedules": "200"},
    "clients": {"cells": "per_side", "kills": "20", "interruptions": "true"},
    "streams and proof": {"cells": "async_restart", "streams": "2", "exposures": "20", "stored": "100000"},
}
"""What makes each phase long, and the others short."""

INSTANTS = 6
WHOLE_S = 400.0


@contextmanager
def _started(phase: str, where: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A run, ended with the block."""
    settings = [f"--set=faults_{name}={value}" for name, value in {**WITHOUT, **PHASES[phase]}.items()]
    with (where / "said.txt").open("ab") as said:
        process = subprocess.Popen(
            [COMMAND, *COMMON, *settings],
            cwd=where,
            env=os.environ | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _whole(phase: str, where: Path, environment: Mapping[str, str]) -> float:
    """Let a run come to its end; the seconds that it takes."""
    where.mkdir(exist_ok=True)
    begin_s = time.monotonic()
    with _started(phase, where, environment) as process:
        assert process.wait(WHOLE_S) == 0, (where / "said.txt").read_text()
    return time.monotonic() - begin_s


def _strike(process: subprocess.Popen[bytes], number: signal.Signals) -> list[psutil.Process]:
    """End it as the signal does, a Ctrl-C in all its processes; what it had started by then."""
    # Stopped first, so that nothing is started between the look at its children and its end.
    process.send_signal(signal.SIGSTOP)
    children = psutil.Process(process.pid).children(recursive=True)
    if number is signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    return children


def _check_gone(children: list[psutil.Process]) -> None:
    _, left = psutil.wait_procs(children, timeout=30)
    assert [child for child in left if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


def _interrupted(phase: str, where: Path, environment: Mapping[str, str], after: Callable[[bool], None]) -> None:
    """End runs at instants drawn from a whole one's length, by SIGKILL and by Ctrl-C; `after` looks, told whether it was killed."""
    whole_s = _whole(phase, where / "whole", environment)
    after(False)
    rng, struck, complete = random.Random(1), 0, 0
    while struck < INSTANTS:
        folder = where / f"struck-{complete}"
        folder.mkdir(exist_ok=True)
        number = (signal.SIGKILL, signal.SIGINT)[struck % 2]
        with _started(phase, folder, environment) as process:
            try:
                assert process.wait(rng.uniform(0.5, whole_s)) == 0, (folder / "said.txt").read_text()
            except subprocess.TimeoutExpired:
                struck += 1
                children = _strike(process, number)
                code = process.wait(DEADLINE_S)
                _check_gone(children)
                said = (folder / "said.txt").read_text()
                # While the interpreter itself starts or ends, nobody hears a Ctrl-C but the system.
                assert code in ((-signal.SIGKILL,) if number is signal.SIGKILL else (130, -signal.SIGINT)), said
                assert "Traceback" not in said
                after(number is signal.SIGKILL)
            else:
                # What was finished before is not done again, so one that is gone on with may end before its instant.
                complete += 1
    _whole(phase, folder, environment)
    assert not list((folder / "results").rglob(".partial-*"))


@pytest.mark.timeout(2_400)
@pytest.mark.parametrize("phase", PHASES)
def test_faults_that_end_at_any_instant_leave_no_process_and_can_be_gone_on_with(tmp_path: Path, phase: str) -> None:
    _interrupted(phase, tmp_path, {"STOREBENCH_SERVER": "embedded"}, lambda _: None)


def _standing(connection: psycopg.Connection[Any]) -> dict[str, list[Any]]:
    """All that a run might leave on a server."""
    asked = {
        "databases": "SELECT datname, datconnlimit FROM pg_database",
        "roles": "SELECT rolname, rolconnlimit, rolconfig::text FROM pg_roles",
        "settings of roles": "SELECT setdatabase::text, setrole::text, setconfig::text FROM pg_db_role_setting",
        "settings of the server": "SELECT name, setting FROM pg_file_settings",
        "transactions": "SELECT gid FROM pg_prepared_xacts",
        "locks": "SELECT objid::text FROM pg_locks WHERE locktype = 'advisory'",
        "sessions": "SELECT usename FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        "slots": "SELECT slot_name FROM pg_replication_slots",
    }
    return {what: sorted(connection.execute(query.encode()).fetchall()) for what, query in asked.items()}


def _settled(connection: psycopg.Connection[Any], what: Mapping[str, list[Any]]) -> bool:
    """Whether the server stands so, now or soon: a backend ends in its own time."""
    end_s = time.monotonic() + 20
    while _standing(connection) != what:
        if time.monotonic() > end_s:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.timeout(2_400)
@pytest.mark.parametrize(("role", "phase"), [("SUPERUSER", "clients"), ("CREATEDB", "clients"), ("CREATEDB", "sweeps")])
def test_on_a_server_of_others_nothing_is_left_and_after_a_kill_nothing_once_it_is_used_again(
    tmp_path: Path, role: str, phase: str
) -> None:
    with running({"fsync": "off"}) as server, hosted(server) as url, psycopg.connect(server.endpoint.conninfo()) as watching:
        watching.autocommit = True
        if role != "SUPERUSER":
            watching.execute("ALTER ROLE owner NOSUPERUSER CREATEDB")
            watching.execute("ALTER DATABASE mine OWNER TO owner")
        environment = {"STOREBENCH_SERVER": url}
        before = _standing(watching)

        def after(was_killed: bool) -> None:
            if was_killed:
                # No session, no lock: only what a later process can clear.
                now = {**before, **{what: _standing(watching)[what] for what in ("databases", "settings of the server")}}
                assert _settled(watching, now), _standing(watching)
                again = [COMMAND, "doctor"]
                done = subprocess.run(
                    again, cwd=tmp_path, env=os.environ | environment, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stderr
            assert _settled(watching, before), _standing(watching)

        _interrupted(phase, tmp_path, environment, after)
