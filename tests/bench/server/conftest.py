"""One server for the tests of a file that do not need one of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.server.embedded import EmbeddedServer, running


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with running() as started:
        yield started


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter; the folders of a test run are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="tests-of-storebench-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
