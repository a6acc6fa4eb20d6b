"""Servers in containers, as far as the extra that brings their libraries is installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.errors import UserError
from bench.server.container.refusals import WHERE

if TYPE_CHECKING:
    from bench.server.container.server import ContainerServer

_LIBRARIES = frozenset({"docker", "testcontainers"})
_LOOK_S = 3.0


def engine_in_words() -> str:
    """The engine that answers, such as "Docker Engine 20.10.24". Raises UserError where there is none."""
    with _known_when_missing():
        from bench.server.container.engine import opened  # noqa: PLC0415 - its libraries are an extra
    with opened(_LOOK_S) as engine:
        return engine.version


@contextmanager
def running(image: str, settings: Mapping[str, str]) -> Iterator[ContainerServer]:
    """See `bench.server.container.server.running`."""
    with _known_when_missing():
        from bench.server.container.server import running as running_here  # noqa: PLC0415 - its libraries are an extra
    with running_here(image, settings) as server:
        yield server


@contextmanager
def _known_when_missing() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        raise UserError(
            f"{WHERE}: the package testcontainers is not installed; install it with `pip install 'storebench[container]'`"
        ) from None
