"""The server of a run, as `--server` asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from bench.server.binaries import Binaries, local_binaries
from bench.server.container import installed
from bench.server.embedded import running
from bench.server.failing import told
from bench.server.server import Server
from bench.server.specification import Container, Embedded, specification
from bench.server.url import connected
from bench.server.versions import installation, is_version, refuse_too_old, version_of

__all__ = ["Server", "provided"]

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@contextmanager
def provided(spec: str | None, settings: Mapping[str, str] = _NO_SETTINGS) -> Iterator[Server]:
    """The server that `spec` asks for, for as long as the block lasts; None is a server of our own.

    `embedded`, `embedded=VERSION`, `embedded=BINDIR` start one, `container`, `container=IMAGE` one in a container.
    `url=postgresql://...` uses one that runs: what was made and set on it is undone at the end, whatever happens. `settings` are
    PostgreSQL's, by name, that the caller would like: a server of our own has them all, on another one those that a session may set
    are in force.

    Raises UserError, in one line without secrets, where the server cannot be had; what leaves the block because the server failed
    becomes ServerFailed.
    """
    wanted = specification(spec)
    if isinstance(wanted, Embedded):
        with running(settings, binaries=_binaries(wanted)) as server, told(server):
            yield server
        return
    if isinstance(wanted, Container):
        with installed.running(wanted.image, settings) as contained, told(contained):
            yield contained
        return
    with connected(wanted, settings) as found, told(found):
        yield found


def _binaries(wanted: Embedded) -> Binaries | None:
    if wanted.choice is None:
        return None
    if is_version(wanted.choice):
        return installation(wanted.choice).binaries
    found = local_binaries(Path(wanted.choice).expanduser())
    version = version_of(found)
    if version is not None:
        refuse_too_old(version)
    return found
