"""The gate before a real server, as any client meets it."""

from __future__ import annotations

import select
import socket
import threading
import time

import psycopg
import pytest
from psycopg import pq
from psycopg.conninfo import make_conninfo

from bench.server.provided import Server
from bench.wire.cut import CUTS, Cut, Side
from bench.wire.evidence import Evidence
from bench.wire.passage import Watch
from bench.wire.proxy import Gate
from bench.wire.scram import scram_keys


def upstream(server: Server) -> tuple[str, int]:
    return server.endpoint.host, server.endpoint.port


def through(server: Server, gate: Gate, **more: str) -> str:
    return make_conninfo(server.endpoint.conninfo(), host="127.0.0.1", port=gate.port, **more)


def port_of(connection: psycopg.Connection[object]) -> int:
    with socket.socket(fileno=connection.fileno()) as end:
        port = int(end.getsockname()[1])
        end.detach()
    return port


def test_a_client_that_knows_nothing_of_the_gate_is_served(server: Server) -> None:
    with Gate.opened(upstream(server)) as gate, psycopg.connect(through(server, gate)) as connection:
        assert connection.execute("SELECT 1 + 1").fetchone() == (2,)
        # Far more than fits into any buffer, both ways.
        text = "x" * 5_000_000
        assert connection.execute("SELECT %s::text", [text]).fetchone() == (text,)
        gate.connection(port_of(connection)).arm(None)
        assert connection.execute("SELECT %s::text", [text]).fetchone() == (text,)


def test_a_running_statement_can_be_cancelled_through_the_gate(server: Server) -> None:
    with Gate.opened(upstream(server)) as gate, psycopg.connect(through(server, gate)) as connection:
        timer = threading.Timer(0.1, connection.cancel_safe)
        timer.start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(30)")
        timer.join()


def test_a_client_armed_before_its_first_word_is_cut_at_its_first_statement(server: Server) -> None:
    watches: list[Watch] = []

    def arming() -> Watch:
        # Its start is the first message, two answers to the challenge for its password follow, then comes what it asks.
        watches.append(Watch(Cut(4, Side.REQUEST_LOST), greets=True))
        return watches[-1]

    with Gate.opened(upstream(server), arming) as gate:
        connection = psycopg.connect(through(server, gate), autocommit=True)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    (watch,) = watches
    assert watch.evidence.happened
    assert watch.evidence.forwarded == 3


def test_the_client_hears_of_a_cut_when_its_backend_is_gone(server: Server) -> None:
    with Gate.opened(upstream(server)) as gate, psycopg.connect(server.endpoint.conninfo(), autocommit=True) as other:
        for side in (Side.REQUEST_LOST, Side.REPLY_LOST):
            connection = psycopg.connect(through(server, gate))
            gate.connection(port_of(connection)).arm(Cut(1, side))
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
            alive = other.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [connection.info.backend_pid])
            assert alive.fetchone() == (0,)


def test_a_half_closed_client_still_hears_its_answer_and_then_the_end(server: Server) -> None:
    with Gate.opened(upstream(server)) as gate:
        connection = psycopg.connect(through(server, gate), autocommit=True)
        gate.connection(port_of(connection)).arm(Cut(2, Side.REQUEST_HALF_CLOSED))
        assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 2")


def test_a_server_that_is_not_there_ends_the_client(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with Gate.opened(("127.0.0.1", port)) as gate, pytest.raises(psycopg.OperationalError):
        psycopg.connect(through(server, gate))


def test_a_client_that_speaks_no_protocol_is_put_out(server: Server) -> None:
    with Gate.opened(upstream(server), lambda: Watch(None, greets=True)) as gate:
        with socket.create_connection(("127.0.0.1", gate.port), 10) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert client.recv(100) == b""
        with psycopg.connect(through(server, gate)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_closed_gate_leaves_no_thread_no_port_and_no_connection(server: Server) -> None:
    with psycopg.connect(server.endpoint.conninfo(), autocommit=True) as other:
        with Gate.opened(upstream(server)) as gate:
            port = gate.port
            held = psycopg.connect(through(server, gate))
            pid = held.info.backend_pid
            gate.connection(port_of(held)).arm(Cut(1, Side.ZOMBIE))
            with pytest.raises(psycopg.OperationalError):
                held.execute("SELECT 1")
            assert other.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() == (1,)
        deadline_s = time.monotonic() + 10
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            assert time.monotonic() < deadline_s
    assert "gate" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


def test_keys_stand_for_the_password_that_they_were_made_of(server: Server) -> None:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        verifier = connection.pgconn.encrypt_password(b"pencil", b"ann", b"scram-sha-256").decode()
    assert scram_keys("pencil", verifier).keys() == {"scram_client_key", "scram_server_key"}
    assert scram_keys("pencils", verifier) == {}
    assert scram_keys("pencil", "md5c1b5f1a1c4b8e0a1") == {}
    assert scram_keys("pencil", "SCRAM-SHA-256$4096:=$=:=") == {}


def test_a_client_gets_in_by_keys_alone(server: Server) -> None:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        password = connection.info.password
        row = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = current_user").fetchone()
    assert row is not None
    keys = scram_keys(password, row[0])
    if not keys or psycopg.pq.version() < 180000:
        pytest.skip("this server asks for no password, or this libpq takes no keys")
    with psycopg.connect(make_conninfo(server.endpoint.conninfo(), password="", **keys)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def answer(connection: psycopg.Connection[object]) -> pq.abc.PGresult | None:
    """The next result. It is waited for without the interpreter, which the gate's thread needs."""
    pgconn = connection.pgconn
    while pgconn.is_busy():
        assert select.select([pgconn.socket], [], [], 10)[0]
        pgconn.consume_input()
    return pgconn.get_result()


def copied(connection: psycopg.Connection[object]) -> None:
    """A COPY by Execute, whose Sync the server passes over: Parse, Bind, Describe, Execute, Sync; the data, its end, Sync."""
    pgconn = connection.pgconn
    result: pq.abc.PGresult | None = pgconn.exec_params(b"COPY copied FROM STDIN", None)
    if result is not None and result.status == pq.ExecStatus.COPY_IN:
        pgconn.put_copy_data(b"1\n2\n")
        pgconn.put_copy_end()
        while pgconn.flush():
            pass
        result = answer(connection)
        while answer(connection) is not None:
            pass
    if result is None or result.status != pq.ExecStatus.COMMAND_OK:
        raise psycopg.OperationalError("cut")


def test_a_copy_is_cut_at_each_of_its_messages_and_its_client_never_waits_for_ever(
    server: Server,
) -> None:
    with Gate.opened(upstream(server)) as gate, psycopg.connect(server.endpoint.conninfo(), autocommit=True) as other:
        other.execute("DROP TABLE IF EXISTS copied")
        other.execute("CREATE TABLE copied (n int)")
        try:
            for message in range(1, 9):
                for side in CUTS:
                    connection = psycopg.connect(through(server, gate), autocommit=True)
                    gated = gate.connection(port_of(connection))
                    gated.arm(Cut(message, side))
                    with pytest.raises(psycopg.OperationalError):
                        copied(connection)
                    connection.close()
                    assert gated.gone.wait(10)
                    stored = side is Side.REPLY_LOST and message == 8
                    assert gated.evidence == Evidence(True, Cut(message, side).passed, ("COMMIT",) if stored else ()), (
                        message,
                        side,
                    )
                    assert other.execute("DELETE FROM copied").rowcount == (2 if stored else 0), (message, side)
            with psycopg.connect(through(server, gate), autocommit=True) as connection:
                gated = gate.connection(port_of(connection))
                gated.arm(None)
                copied(connection)
                assert (gated.count, gated.evidence.commits) == (8, 1)
        finally:
            other.execute("DROP TABLE copied")


def test_many_statements_on_their_way_are_answered_up_to_the_cut(server: Server) -> None:
    with Gate.opened(upstream(server)) as gate:
        connection = psycopg.connect(through(server, gate), autocommit=True)
        gated = gate.connection(port_of(connection))
        # Far more than one read holds; each takes Bind, Describe, Execute and a Sync of its own.
        connection.execute("PREPARE echo(text) AS SELECT $1")
        gated.arm(Cut(4 * 500, Side.REPLY_LOST))
        pgconn, heard = connection.pgconn, 0
        pgconn.enter_pipeline_mode()
        for _ in range(1000):
            pgconn.send_query_prepared(b"echo", [b"x" * 1000])
            pgconn.pipeline_sync()
        with pytest.raises(psycopg.OperationalError):  # noqa: PT012 - answers are counted up to the end
            for _ in range(10_000):
                while pgconn.flush():
                    pgconn.consume_input()
                result = answer(connection)
                if result is None:
                    continue
                if result.status == pq.ExecStatus.FATAL_ERROR:
                    raise psycopg.OperationalError("cut")
                heard += result.status == pq.ExecStatus.TUPLES_OK
        connection.close()
        assert heard <= 500
        assert gated.evidence.happened
        assert gated.evidence.forwarded == 4 * 500
