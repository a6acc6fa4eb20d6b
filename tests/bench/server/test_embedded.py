"""A server of our own: what it is, and that nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from bench.errors import UserError
from bench.server.abandoned import has_ended as process_has_ended
from bench.server.embedded import EmbeddedServer, Endpoint, ServerPhase, running
from bench.server.folders import OWNER_FILE

pytestmark = pytest.mark.database

PROJECT = Path(__file__).parents[3]
# Whoever starts the tests in the background of a shell has them ignore Ctrl-C, and what they start inherits that.
HOLD_A_SERVER = """
import signal, sys, time
from bench.server.embedded import running
signal.signal(signal.SIGINT, signal.default_int_handler)
with running() as server:
    print(server.pid, server.data_folder, sep="\\n", flush=True)
    time.sleep(600)
"""


def setting(server: EmbeddedServer, name: str) -> object:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return row[0]


def has_ended(pid: int) -> bool:
    try:
        return process_has_ended(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return True


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


def start_a_holder(**variables: str) -> tuple[subprocess.Popen[str], int, Path]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_SERVER],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **variables},
    )
    assert holder.stdout is not None
    pid, data_folder = int(holder.stdout.readline()), Path(holder.stdout.readline().strip())
    return holder, pid, data_folder


def end(holder: subprocess.Popen[str], number: signal.Signals) -> None:
    holder.send_signal(number)
    holder.wait(60)
    assert holder.stdout is not None
    holder.stdout.close()


def test_a_started_server_answers_with_its_version(server: EmbeddedServer) -> None:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        row = connection.execute("SELECT current_setting('server_version'), current_user").fetchone()
    assert row == (server.version, "storebench")
    assert server.version.startswith("18.")


def test_sessions_are_in_utc_and_durability_is_on(server: EmbeddedServer) -> None:
    assert setting(server, "TimeZone") == "UTC"
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert setting(server, name) == "on"
    assert setting(server, "wal_level") == "replica"
    assert setting(server, "shared_preload_libraries") == "pg_stat_statements"


def test_the_server_is_our_child_and_listens_on_loopback_only(server: EmbeddedServer) -> None:
    process = psutil.Process(server.pid)
    assert process.ppid() == os.getpid()
    listening = [c for c in process.net_connections(kind="all") if c.status == psutil.CONN_LISTEN]
    assert [tuple(c.laddr) for c in listening] == [("127.0.0.1", server.endpoint.port)]
    assert setting(server, "unix_socket_directories") == ""


def test_a_wrong_password_is_refused(server: EmbeddedServer) -> None:
    endpoint = server.endpoint
    wrong = Endpoint(endpoint.host, endpoint.port, endpoint.user, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong.conninfo())


def test_the_text_form_of_an_endpoint_hides_its_password() -> None:
    endpoint = Endpoint("127.0.0.1", 5432, "storebench", "it's a \\ secret")
    assert "secret" not in repr(endpoint)
    assert "secret" not in str(endpoint)
    stated = conninfo_to_dict(endpoint.conninfo("trial"))
    assert (stated["password"], stated["dbname"]) == ("it's a \\ secret", "trial")
    assert "-c TimeZone=UTC" in str(stated["options"])


def test_an_address_in_the_environment_does_not_lead_elsewhere(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOSTADDR", "127.9.9.9")
    monkeypatch.setenv("PGSSLMODE", "require")
    monkeypatch.setenv("PGOPTIONS", "-c jit=on")
    assert setting(server, "jit") == "off"


def test_the_data_folder_is_closed_to_others(server: EmbeddedServer) -> None:
    assert stat.S_IMODE(server.data_folder.stat().st_mode) == 0o700
    assert server.data_folder.parent.name.startswith("storebench-")
    assert not (server.data_folder.parent / "password").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_root_hands_the_server_to_an_unprivileged_account(server: EmbeddedServer) -> None:
    process = psutil.Process(server.pid)
    uids, gids = process.uids(), process.gids()
    assert 0 not in {uids.real, uids.effective, uids.saved, gids.real, gids.effective, gids.saved}
    groups = next(line for line in Path(f"/proc/{server.pid}/status").read_text().splitlines() if "Groups:" in line)
    assert groups.split() == ["Groups:"]
    assert server.data_folder.stat().st_uid == uids.real


def test_a_phase_changes_what_the_server_does_by_itself(server: EmbeddedServer) -> None:
    server.settings(ServerPhase.MEASURE)
    assert [setting(server, name) for name in ("autovacuum", "checkpoint_timeout", "max_wal_size")] == [
        "off",
        "1h",
        "16GB",
    ]
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'autovacuum%'").fetchone()
    assert row == (0,)
    server.settings(ServerPhase.STEADY)
    assert [setting(server, name) for name in ("autovacuum", "checkpoint_timeout", "max_wal_size")] == [
        "on",
        "5min",
        "1GB",
    ]


def test_a_setting_of_the_caller_holds_in_every_phase() -> None:
    with running({"shared_buffers": "16MB", "max_wal_size": "2GB"}) as server:
        assert setting(server, "shared_buffers") == "16MB"
        server.settings(ServerPhase.MEASURE)
        assert setting(server, "max_wal_size") == "2GB"
        assert setting(server, "autovacuum") == "off"


@pytest.mark.parametrize("name", ["port", "listen_addresses", "unix_socket_directories"])
def test_an_address_of_the_callers_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=name), running({name: "1"}):
        pytest.fail("it started")


@pytest.mark.parametrize(("name", "value"), [("shared_buffers", "lots"), ("no_such_setting", "on"), ("max_connections", "-1")])
def test_a_setting_that_the_server_refuses_is_told_in_one_line(name: str, value: str) -> None:
    with pytest.raises(UserError, match=name) as caught, running({name: value}):
        pytest.fail("it started")
    assert "\n" not in str(caught.value)


def test_a_server_that_ends_early_is_told_with_its_last_words() -> None:
    with pytest.raises(UserError, match="wal_level") as caught, running({"wal_level": "minimal"}):
        pytest.fail("it started")
    assert "ended with exit code" in str(caught.value)


def test_nothing_stays_behind_at_the_end_of_the_block() -> None:
    with running() as server:
        pid, folder = server.pid, server.data_folder.parent
        assert folder.is_dir()
    assert has_ended(pid)
    assert not folder.exists()


def test_stopping_twice_is_as_good_as_once() -> None:
    with running() as server:
        server.stop()
        assert has_ended(server.pid)
        server.stop()
    assert not server.data_folder.exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_inside_the_block_passes_on_and_stops_the_server(error: type[BaseException]) -> None:
    block = running()
    server = block.__enter__()
    raised = error()
    assert not block.__exit__(error, raised, None)
    assert has_ended(server.pid)
    assert not server.data_folder.parent.exists()


def test_a_session_in_a_transaction_does_not_hold_up_the_end() -> None:
    with running() as server:
        session = psycopg.connect(server.endpoint.conninfo())
        session.execute("CREATE TABLE half_done ()")
    assert has_ended(server.pid)
    session.close()


def test_a_forked_child_that_leaves_the_block_does_not_stop_the_server() -> None:
    with running() as server:
        child = os.fork()
        if child == 0:
            # What unwinding the block does in the child, without the rest of the test run that it also inherited.
            server.stop()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert setting(server, "fsync") == "on"


def test_ctrl_c_at_the_terminal_reaches_the_harness_only(server: EmbeddedServer) -> None:
    assert os.getsid(server.pid) == server.pid


def test_the_server_of_a_killed_run_ends_and_the_next_run_clears_its_folder() -> None:
    holder, pid, data_folder = start_a_holder()
    assert not has_ended(pid)
    end(holder, signal.SIGKILL)
    wait_for(lambda: has_ended(pid), "the server has ended")
    assert (data_folder.parent / OWNER_FILE).is_file()
    with running():
        assert not data_folder.parent.exists()


def test_a_run_leaves_the_server_of_another_run_alone() -> None:
    holder, pid, data_folder = start_a_holder()
    with running() as server:
        assert server.data_folder != data_folder
        assert (data_folder / "postmaster.pid").is_file()
        assert not has_ended(pid)
    end(holder, signal.SIGINT)
    wait_for(lambda: not data_folder.parent.exists(), "the other run has cleared its own")
    assert has_ended(pid)


def test_the_configured_temp_folder_is_used(open_folder: Path) -> None:
    holder, _, data_folder = start_a_holder(TMPDIR=str(open_folder))
    assert data_folder.parent.parent == open_folder
    end(holder, signal.SIGINT)
    wait_for(lambda: not any(open_folder.iterdir()), "the temp folder is empty")
