"""A PostgreSQL server of our own in a container, for as long as a `with` block lasts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from types import MappingProxyType

import psycopg

from bench.errors import UserError
from bench.server.container.engine import opened
from bench.server.container.refusals import WHERE
from bench.server.container.started import ADDRESS, Container, clear_abandoned, started
from bench.server.endpoint import Endpoint, session_settings
from bench.server.launch import USER, checked_settings
from bench.server.phases import ServerPhase
from bench.server.phasing import put_into_force
from bench.server.reaching import version_words
from bench.server.versions import OLDEST_MAJOR, refuse_too_old
from bench.visible import visible

_START_DEADLINE_S = 90.0
_PAUSE_S = 0.05
_LOG_LINES = 5
_NO_POSTGRESQL = ("invalid response to SSL negotiation", "expected authentication request")
_REFUSES = ("password authentication failed", "no password supplied", "no pg_hba.conf entry", 'role "storebench" does not exist')
_INITDB = "--locale=C --encoding=UTF8 --no-sync"
_WITHOUT_A_FILE: Mapping[str, str] = MappingProxyType({"default_text_search_config": "pg_catalog.simple"})
"""What initdb writes into its file of settings, which the embedded server has not, as PostgreSQL has it by itself."""

_IGNORED = """
    SELECT name FROM unnest(%s::text[]) AS name
    WHERE lower(name) NOT IN (SELECT lower(name) FROM pg_settings WHERE source = 'command line')"""
_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class ContainerServer:
    """A running server in a container of its own.

    `pid` is that of its first process where that is one of this machine, `engine` and `image` say in words what it runs in.
    """

    kind = "container"
    programs = None

    def __init__(self, container: Container, endpoint: Endpoint, version: str, image: str, settings: Mapping[str, str]) -> None:
        self.endpoint = endpoint
        self.version = version
        self.engine = container.engine.version
        # Without the name of a registry: it goes into results, where names of hosts do not belong.
        self.image = visible(image.rpartition("/")[2])
        self.pid = container.pid_here()
        self._container = container
        self._image = image
        self._fixed_settings = settings

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is not as measurements want it, a line each."""
        told = f"in a container of {self.image} by {self.engine}: what is sent passes the engine's network, which takes longer"
        unseen = "its processes are not seen from here: they cannot be pinned to CPUs"
        return (told,) if self.pid is not None else (told, unseen)

    def settings(self, phase: ServerPhase) -> None:
        """Puts a phase's settings into force; see `put_into_force`. A setting that was given to `running` keeps its value."""
        put_into_force(self.endpoint, phase, self._fixed_settings)

    def fresh(self) -> AbstractContextManager[ContainerServer]:
        """Another container of the same image and settings."""
        return running(self._image, self._fixed_settings)

    def strike(self, backend_pid: int) -> None:
        """Ends a backend by signal 9, by the id that it has inside of the container."""
        self._container.kill(backend_pid)


@contextmanager
def running(image: str, settings: Mapping[str, str] = _NO_SETTINGS) -> Iterator[ContainerServer]:
    """Starts a server in a container of an image that is used like PostgreSQL's official one. Removes it, whatever happens.

    What killed runs left behind is removed first. `settings` are PostgreSQL's, by name; they come before the project's, which are
    those of the embedded server. Raises UserError where it cannot be had and says what to do.
    """
    wanted = {**_WITHOUT_A_FILE, **checked_settings(settings), "listen_addresses": "*"}
    # Its first start speaks to itself over a socket inside.
    del wanted["unix_socket_directories"]
    command = ["postgres", *(word for name, value in wanted.items() for word in ("-c", f"{name}={value}"))]
    password = secrets.token_urlsafe(24)
    environment = {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": password, "POSTGRES_DB": "postgres", "POSTGRES_INITDB_ARGS": _INITDB}
    with opened() as engine:
        clear_abandoned(engine)
        engine.require(image)
        with started(engine, image, command, environment) as container:
            endpoint = _answering(container, image, password)
            version = _checked(endpoint, image, wanted)
            yield ContainerServer(container, replace(endpoint, session=session_settings(settings)), version, image, dict(settings))


def _answering(container: Container, image: str, password: str) -> Endpoint:
    """Where its server listens, once it answers there."""
    deadline = time.monotonic() + _START_DEADLINE_S
    told = "it publishes no port 5432"
    while time.monotonic() < deadline:
        code = container.exit_code()
        if code is not None:
            raise _failed(container, image, f"it ended with exit code {code}")
        port = container.port()
        if port is not None:
            endpoint = Endpoint(ADDRESS, port, USER, password, session=())
            try:
                psycopg.connect(endpoint.conninfo(), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                told = " ".join(str(error).split())
            else:
                return endpoint
            if any(sign in told for sign in _NO_POSTGRESQL):
                raise _failed(container, image, "what listens at its port 5432 is not PostgreSQL")
            if any(sign in told for sign in _REFUSES):
                raise _failed(container, image, "it does not take POSTGRES_USER and POSTGRES_PASSWORD")
        time.sleep(_PAUSE_S)
    raise _failed(container, image, f"no PostgreSQL answers in {_START_DEADLINE_S:.0f} s")


def _checked(endpoint: Endpoint, image: str, wanted: Mapping[str, str]) -> str:
    """The version of the server. Raises UserError where it is too old, or is not set as it was told."""
    with psycopg.connect(endpoint.conninfo()) as connection:
        version = version_words(connection.info.server_version)
        refuse_too_old(version)
        ignored = [str(name) for (name,) in connection.execute(_IGNORED, [list(wanted)]).fetchall()]
    if ignored:
        raise UserError(
            f"{WHERE}: the image {visible(image)} does not pass on what its server is told ({', '.join(ignored)}); "
            f"use PostgreSQL's own image, version {OLDEST_MAJOR} or newer"
        )
    return version


def _failed(container: Container, image: str, problem: str) -> UserError:
    words = "; ".join(container.last_lines(_LOG_LINES)) or "it said nothing"
    return UserError(f"{WHERE}: {visible(image)}: {problem} ({words}); name an image of PostgreSQL {OLDEST_MAJOR} or newer")
