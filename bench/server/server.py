"""What every provided server offers, whoever started it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from bench.server.endpoint import Endpoint
from bench.server.phases import ServerPhase


class Server(Protocol):
    """A PostgreSQL server that a run may use.

    `kind` is "embedded", "container" or "url". `pid` is the postmaster's, None where no process of it is one that we see: then it
    cannot be pinned to CPUs. `strike` ends a backend by signal 9, as a crash of it would; it takes the id that PostgreSQL
    tells, and is None where the server is not ours. `programs` is the folder of its programs, None where they are not at hand.
    `version` reads like "18.6". `remarks` say, a line each, what is not as measurements want it.
    """

    @property
    def endpoint(self) -> Endpoint: ...

    @property
    def kind(self) -> str: ...

    @property
    def pid(self) -> int | None: ...

    @property
    def strike(self) -> Callable[[int], None] | None: ...

    @property
    def version(self) -> str: ...

    @property
    def programs(self) -> Path | None: ...

    @property
    def remarks(self) -> Sequence[str]: ...

    def fresh(self) -> AbstractContextManager[Server]:
        """Another server of the same kind and settings that holds nothing yet; this one where it is not ours."""
        ...

    def settings(self, phase: ServerPhase) -> None:
        """Put a phase's settings into force as far as the server allows, and return once they are."""
        ...
