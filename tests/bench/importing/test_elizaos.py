"""The database of the real server is read in both layouts, and nothing is written to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bench.errors import UserError
from bench.importing.connecting import reading
from bench.importing.elizaos import ElizaosDatabase, Layout, layout_of
from bench.server.databases import drop_database
from bench.server.server import Server
from bench.server.url import UrlServer
from tests.bench.importing.databases import AGENT, TABLES, UP_TO_1_6_1, Made, database_of, fill, say
from tests.workloads.importing.sources import collector
from workloads.importing.collecting import Collector
from workloads.importing.finishing import finish, reject_repeated
from workloads.trace import Trace

pytestmark = pytest.mark.database


@pytest.fixture(params=list(Layout), ids=lambda layout: layout.versions.replace(" ", "-"))
def layout(request: pytest.FixtureRequest) -> Layout:
    found: Layout = request.param
    return found


@pytest.fixture
def filled(server: Server, layout: Layout) -> Iterator[tuple[str, Made]]:
    """The address of a database with a few messages, and a session that may write to it."""
    with database_of(server, "imported", TABLES[layout]) as (address, session):
        fill(session, layout)
        yield address, session


def _read(address: str) -> tuple[Layout, Collector]:
    into = collector()
    with reading(address) as session:
        database = ElizaosDatabase(session)
        database.read(into, lambda done, total: None)  # noqa: ARG005  # nobody listens
    return database.layout, into


def _trace(into: Collector) -> Trace:
    return finish(into, reject_repeated(into), name="made", annotated=True).trace


def test_every_message_of_people_and_agents_becomes_a_row(filled: tuple[str, Made], layout: Layout) -> None:
    found, into = _read(filled[0])
    assert found is layout
    assert into.rejections.rows == 0
    trace = _trace(into)
    thursday_s = 3 * 86_400 + 36_000
    assert (trace.t_s - thursday_s).tolist() == [0.25, 5.5, 5.5, 7, 8, 4 * 86_400 - 36_000]
    # m2 and m3 are of one moment: then ids order them.
    assert trace.text_bytes.tolist() == [6, 5, 120, 5, 5, 0]
    assert trace.reply_to.tolist() == [-1, -1, 0, 1, 1, -1]
    assert trace.bot.tolist() == [False, False, True, True, True, False]
    assert trace.ch[0] == trace.ch[2] == trace.ch[5] != trace.ch[1] == trace.ch[3] == trace.ch[4]
    assert trace.u[1] == trace.u[5]
    assert len(set(trace.u)) == 5
    assert trace.annotated is not None
    assert trace.annotated.all()


def test_an_author_that_is_a_uuid_is_an_agent_whatever_its_case(filled: tuple[str, Made]) -> None:
    say(filled[1], "m7", "2025-10-06 00:00:01", channel="dev", author=AGENT.upper())
    say(filled[1], "m8", "2025-10-06 00:00:02", channel="dev", author="BOB")
    trace = _trace(_read(filled[0])[1])
    assert trace.bot.tolist() == [False, False, True, True, True, False, True, False]
    assert trace.u[6] == trace.u[2]
    # Of an id that is no UUID the case is part.
    assert trace.u[7] != trace.u[5]


def test_the_session_can_write_nothing(filled: tuple[str, Made]) -> None:
    with pytest.raises(UserError, match="refuses to read"), reading(filled[0]) as session:
        session.execute("DELETE FROM central_messages")
    assert filled[1].execute("SELECT count(*) FROM central_messages").fetchone() == (6,)


def test_what_no_trace_can_hold_is_rejected_by_its_row(filled: tuple[str, Made]) -> None:
    _, session = filled
    session.execute(
        "ALTER TABLE central_messages ALTER author_id DROP NOT NULL, ALTER content DROP NOT NULL, ALTER created_at DROP NOT NULL"
    )
    for key, at in (("b1", "infinity"), ("b2", "-infinity"), ("b3", "4713-01-01 BC"), ("b4", "1970-01-01")):
        say(session, key, at)
    odd = "INSERT INTO central_messages (id, channel_id, author_id, content, created_at) VALUES (%s, 'dev', %s, %s, %s)"
    for row in (("b5", None, "x", "2025-10-07"), ("b6", "x", None, "2025-10-07"), ("b7", "x", "x", None)):
        session.execute(odd.encode(), row)
    _, into = _read(filled[0])
    assert list(into.rejections.first(lambda place: f"row {place}")) == [
        "row 1 rejected: no time",
        "row 2 rejected: the time is not within 1980 to 2100",
        "row 3 rejected: the time is not within 1980 to 2100",
        "row 10 rejected: no user",
        "row 11 rejected: no text",
        "row 12 rejected: no time",
        "row 13 rejected: no time",
    ]
    assert len(_trace(into)) == 6


def test_tables_of_a_tenancy_beside_change_nothing(filled: tuple[str, Made], layout: Layout) -> None:
    if layout is Layout.FROM_1_7:
        filled[1].execute("ALTER TABLE channels ADD server_id uuid")
    filled[1].execute("CREATE SCHEMA other; CREATE TABLE other.central_messages (id int)")
    assert _read(filled[0])[0] is layout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP TABLE central_messages", "there is no table central_messages in a schema of the search path"),
        ("ALTER TABLE central_messages RENAME TO root_messages", "there is no table central_messages"),
        ("ALTER TABLE central_messages DROP content", "central_messages has no column content"),
        (
            "ALTER TABLE central_messages ALTER content TYPE jsonb USING '1'",
            "content is of another type than character varying or text",
        ),
        ("ALTER TABLE central_messages ALTER created_at DROP DEFAULT, ALTER created_at TYPE text", "created_at is of another type"),
        ("DROP TABLE agents", "there is no table agents"),
        (
            "ALTER TABLE channel_participants RENAME user_id TO entity_id",
            "channels has server_id, channel_participants lacks user_id",
        ),
        ("DROP TABLE server_agents", "server_agents lacks agent_id"),
        ("DROP TABLE channel_participants", "channel_participants lacks user_id"),
    ],
)
def test_an_unknown_layout_is_refused_by_what_was_found(server: Server, change: str, told: str) -> None:
    with database_of(server, "unknown", UP_TO_1_6_1) as (address, session):
        session.execute(change.encode())
        with pytest.raises(UserError) as refusal:
            _read(address)
    assert told in str(refusal.value)
    assert "1.4 to 1.6.1 and 1.7" in str(refusal.value)


def test_an_empty_database_has_no_layout(server: Server) -> None:
    with (
        database_of(server, "empty", "SELECT 1") as (address, _),
        pytest.raises(UserError, match="there is no table central_messages"),
    ):
        _read(address)


def test_no_layout_is_both() -> None:
    columns = {"id": "text", "channel_id": "text", "author_id": "text", "content": "text", "in_reply_to_root_message_id": "text"}
    found = {
        "central_messages": columns | {"source_type": "text", "created_at": "timestamp with time zone"},
        "agents": {"id": "uuid"},
        "channels": {"server_id": "uuid", "message_server_id": "uuid"},
        "channel_participants": {"entity_id": "text"},
        "server_agents": {"agent_id": "uuid"},
        "message_server_agents": {"agent_id": "uuid"},
    }
    assert layout_of(found) is Layout.FROM_1_7


def test_a_database_of_another_encoding_is_measured_in_utf8(server: Server) -> None:
    name = server.endpoint.database("imported_latin")
    drop_database(server.endpoint, name)
    with psycopg.connect(server.endpoint.conninfo(), autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'".encode())
    try:
        address = server.endpoint.conninfo(name)
        with psycopg.connect(address, autocommit=True) as inside:
            inside.execute(UP_TO_1_6_1.encode())
            fill(inside, Layout.UP_TO_1_6_1)
        assert _trace(_read(address)[1]).text_bytes.tolist()[0] == 6
    finally:
        drop_database(server.endpoint, name)


def test_rows_that_a_role_may_not_see_are_an_error_and_not_a_smaller_trace(filled: tuple[str, Made], server: Server) -> None:
    if isinstance(server, UrlServer):
        pytest.skip("roles are made on a server of our own alone")
    address, session = filled
    session.execute("DROP ROLE IF EXISTS import_reader")
    session.execute("CREATE ROLE import_reader LOGIN PASSWORD 'import_reader'")
    try:
        session.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO import_reader")
        session.execute("ALTER TABLE central_messages ENABLE ROW LEVEL SECURITY")
        session.execute("CREATE POLICY own ON central_messages USING (author_id = 'ann')")
        with pytest.raises(UserError, match="may not read all of what is needed"):
            _read(make_conninfo(address, user="import_reader", password="import_reader"))
    finally:
        session.execute("DROP OWNED BY import_reader; DROP ROLE import_reader")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "postgresql://secretuser:secretword@127.0.0.1:1/secretdb",
        "postgresql://secretuser:secretword@secret-host.invalid/secretdb",
        "host=/secret/folder user=secretuser password=secretword",
        "postgresql://secretuser:secret%00word@127.0.0.1:1/secretdb",
        "postgresql://secretuser:%zzsecret@127.0.0.1/secretdb",
        "postgresql://127.0.0.1:1/?secretparameter=1",
        "postgresql://secretuser:secretword@127.0.0.1:notaport/secretdb",
        "secret\ud800",
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_a_word_of_it(address: str) -> None:
    with pytest.raises(UserError) as told, reading(address):
        pass
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)
    assert str(told.value).startswith("--database: ")
    assert told.value.__cause__ is None
    assert told.value.__context__ is None


def test_a_role_and_a_database_that_are_not_there_are_told_without_their_names(server: Server) -> None:
    missing = make_conninfo(server.endpoint.conninfo(), dbname="secretdb")
    with pytest.raises(UserError, match="the role or the database is not there") as told, reading(missing):
        pass
    assert "secret" not in str(told.value)


def test_a_password_file_that_libpq_would_pass_over_is_told_before_anybody_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("*:*:*:*:x\n")
    file.chmod(0o644)
    with (
        pytest.raises(UserError, match="the file that passfile names can be read by others; chmod 600 it") as told,
        reading(f"postgresql://someone@127.0.0.1:1/mine?passfile={file}"),
    ):
        pass
    assert "secret" not in str(told.value)
    with (
        pytest.raises(UserError, match="nobody listens there: start the server"),
        reading(f"postgresql://someone:x@127.0.0.1:1/mine?passfile={file}"),
    ):
        pass
