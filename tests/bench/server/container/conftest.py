"""An engine and an image of PostgreSQL; where no engine can be had, what needs one is skipped with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bench.errors import UserError
from bench.server.container.engine import Engine, opened
from bench.server.container.server import ContainerServer, running
from tests.containers.making import make


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with ExitStack() as stack:
        try:
            found = stack.enter_context(opened())
        except UserError as error:
            pytest.skip(str(error))
        yield found


@pytest.fixture(scope="session")
def image(engine: Engine) -> str:
    """An image of PostgreSQL, made here: no registry is asked."""
    return make(engine)


@pytest.fixture(scope="module")
def contained(image: str) -> Iterator[ContainerServer]:
    """One server for the tests of a file that do not disturb it."""
    with running(image) as server:
        yield server
