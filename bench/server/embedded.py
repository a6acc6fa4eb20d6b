"""A PostgreSQL server of our own, for as long as a `with` block lasts."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import psycopg

from bench.server.abandoned import DATA, clear_everywhere
from bench.server.binaries import Binaries, find_binaries
from bench.server.endpoint import Endpoint, session_settings
from bench.server.folders import owned_folder
from bench.server.launch import checked_settings, initialise, launch
from bench.server.phases import PHASE_SETTINGS, ServerPhase
from bench.server.phasing import put_into_force
from bench.server.placement import placed
from bench.server.postmaster import Postmaster
from bench.server.reaching import version_words

__all__ = ["PHASE_SETTINGS", "EmbeddedServer", "Endpoint", "ServerPhase", "running"]

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class EmbeddedServer:
    """A running server.

    `pid` is that of the postmaster, our direct child, `programs` the folder of its program. `version` reads like "18.6".
    `data_folder` is gone once the block of `running` ends.
    """

    def __init__(
        self, postmaster: Postmaster, endpoint: Endpoint, data_folder: Path, fixed_settings: Mapping[str, str], binaries: Binaries
    ) -> None:
        self.endpoint = endpoint
        self.data_folder = data_folder
        self.programs = binaries.programs
        self.version = _version(endpoint)
        self._postmaster = postmaster
        self._fixed_settings = fixed_settings
        self._binaries = binaries

    kind = "embedded"
    remarks: tuple[str, ...] = ()

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self._postmaster.pid

    def settings(self, phase: ServerPhase) -> None:
        """Puts a phase's settings into force; see `put_into_force`. A setting that was given to `running` keeps its value."""
        put_into_force(self.endpoint, phase, self._fixed_settings)

    def strike(self, backend_pid: int) -> None:
        """Ends a backend by signal 9."""
        os.kill(backend_pid, signal.SIGKILL)

    def fresh(self) -> AbstractContextManager[EmbeddedServer]:
        """Another server of the same programs and settings, with a data folder of its own."""
        return running(self._fixed_settings, binaries=self._binaries)

    def stop(self) -> None:
        """Shuts the server down fast and waits; immediately after a deadline. Idempotent."""
        self._postmaster.stop()


@contextmanager
def running(settings: Mapping[str, str] = _NO_SETTINGS, *, binaries: Binaries | None = None) -> Iterator[EmbeddedServer]:
    """Starts a server with a data folder of its own. Stops it and removes every folder it made, whatever happens.

    What killed runs left behind is cleared first. `settings` are PostgreSQL's, by name; they come before the
    project's. Enter it from a thread that lasts until the end of the block: on Linux the kernel stops the server with
    that thread.

    Raises UserError where this machine cannot run the server and says what to do.
    """
    full_settings = checked_settings(settings)
    clear_everywhere()
    with placed(binaries or find_binaries()) as placement:
        # Closed to others, but an account that the server runs as must be able to pass on to its own data folder.
        mode = 0o700 if placement.account is None else 0o711
        with owned_folder(placement.root, mode) as folder:
            data = folder / DATA
            password = initialise(placement, folder, data)
            postmaster, endpoint = launch(placement, data, password, full_settings)
            try:
                endpoint = replace(endpoint, session=session_settings(settings))
                yield EmbeddedServer(postmaster, endpoint, data, dict(settings), placement.binaries)
            finally:
                postmaster.stop()


def _version(endpoint: Endpoint) -> str:
    with psycopg.connect(endpoint.conninfo()) as connection:
        number = connection.info.server_version
    return version_words(number)
