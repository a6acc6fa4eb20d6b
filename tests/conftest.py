"""Inputs that live outside of the repository, found by environment variables, and the one server of a test session.

`pytest --server url=postgresql://...`, or STOREBENCH_SERVER, runs all tests against that server, the commands' too; only tests of a
server of our own still start one. One worker, since only one run at a time may change a server's settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from bench.errors import UserError
from bench.server.container.installed import engine_in_words
from bench.server.provided import Server, provided
from bench.server.specification import CONTAINER, EMBEDDED
from bench.server.url import UrlServer
from bench.stores import Store, copy, ddl, install
from variants.contract import Design

EXTENSIONS = ("pg_stat_statements", "pg_walinspect")
SERVER = "STOREBENCH_SERVER"

# What a server may lack, each with the question whether it is there; tests name what they need.
ABILITIES: Mapping[str, tuple[str, str]] = {
    "statement counts": (
        "this server does not load pg_stat_statements",
        "SELECT current_setting('shared_preload_libraries') ~ '\\ypg_stat_statements\\y'",
    ),
    "server log": (
        "this server's log is not at server.log, where SQL can read it",
        "SELECT size IS NOT NULL FROM pg_stat_file('server.log', true)",
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--server", help="embedded=VERSION, container=IMAGE, url=postgresql://...; a server of our own when absent")


def pytest_configure(config: pytest.Config) -> None:
    """Commands that are tested find the server where a user's would."""
    spec = config.getoption("--server") or os.environ.get(SERVER)
    if spec:
        os.environ[SERVER] = spec
    else:
        os.environ.pop(SERVER, None)


def pytest_report_header() -> str | None:
    """Tests on a server in a container say by which engine."""
    spec = os.environ.get(SERVER, "")
    if not spec.startswith(CONTAINER):
        return None
    try:
        return f"server: {spec}, by {engine_in_words()}"
    except UserError as error:
        return f"server: {error}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a server, directly or not, is marked `database`."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def traces() -> Path:
    """The folder of chat traces named by STOREBENCH_TRACES."""
    return _outside_input("STOREBENCH_TRACES", "the folder of chat traces", Path.is_dir)


@pytest.fixture(scope="session")
def note() -> Path:
    """The design note named by STOREBENCH_NOTE."""
    return _outside_input("STOREBENCH_NOTE", "the design note", Path.is_file)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of recordings of the real server named by STOREBENCH_REFERENCE."""
    return _outside_input("STOREBENCH_REFERENCE", "the folder of recordings of the real server", Path.is_dir)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, provided once for all tests that need one and do not disturb it.

    It does not wait for the disk: no test cuts its power, and making and dropping databases is most of the time.
    """
    with ExitStack() as stack:
        try:
            started = stack.enter_context(provided(os.environ.get(SERVER), {"fsync": "off"}))
        except UserError as error:
            _lacking(f"no server: {error}")
        yield started


@pytest.fixture(scope="module")
def own_server() -> Iterator[None]:
    """The commands of a file start a server of their own, whatever server the tests run against."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv(SERVER, raising=False)
        yield


@pytest.fixture(autouse=True)
def _what_the_server_lacks_is_skipped_by_name(request: pytest.FixtureRequest) -> None:
    """Only where the server is not one that we start here: that has everything."""
    for needed in (name for mark in request.node.iter_markers("needs") for name in mark.args):
        given = request.getfixturevalue("server")
        lack, question = ABILITIES[needed]
        if given.kind != EMBEDDED:
            with psycopg.connect(given.endpoint.conninfo()) as connection:
                if connection.execute(question.encode()).fetchone() != (True,):
                    pytest.skip(f"{lack} (PostgreSQL {given.version})")


@pytest.fixture(autouse=True)
def _settings_are_given_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """Between tests any command may change the server's settings."""
    yield
    if "server" in request.fixturenames:
        given = request.getfixturevalue("server")
        if isinstance(given, UrlServer):
            given.give_back()


@pytest.fixture(scope="session")
def template_of(server: Server) -> Callable[[Design], Store]:
    """A database with the empty tables of a design, never to be written to; designs with the same tables share one."""
    databases: dict[tuple[str, ...], str] = {}

    def template(design: Design) -> Store:
        tables = tuple(ddl(design))
        if tables not in databases:
            name = f"template_{len(databases)}"
            databases[tables] = install(design, server.endpoint, name, EXTENSIONS).database
        return Store(design, server.endpoint, databases[tables])

    return template


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    """Names of databases, none of them given twice."""
    return (f"test_{number}" for number in count(1))


@pytest.fixture
def fresh_store(template_of: Callable[[Design], Store], database_names: Iterator[str]) -> Iterator[Callable[[Design], Store]]:
    """Gives an empty store of a design, a new one at each call, dropped when the test ends."""
    with ExitStack() as stack:
        yield lambda design: stack.enter_context(copy(template_of(design), next(database_names)))


def _outside_input(variable: str, meaning: str, is_there: Callable[[Path], bool]) -> Path:
    value = os.environ.get(variable)
    if not value:
        _lacking(f"{variable} is not set: it names {meaning}")
    path = Path(value)
    if not is_there(path):
        pytest.fail(f"{variable}={value}: {meaning} is not there")
    return path


def _lacking(reason: str) -> NoReturn:
    """What a test needs is not there: a failure in CI, a skip with the reason elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
