"""The disk is asked where the server's data lie, and nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.cost.disk import WRITES, flushes_ns, folder_beside
from bench.server.embedded import EmbeddedServer
from bench.server.provided import Server


def test_every_flush_takes_time_and_no_file_stays(tmp_path: Path) -> None:
    found = flushes_ns(tmp_path)
    assert 1 <= len(found) <= WRITES
    assert min(found) > 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_which_no_file_can_be_made_gives_nothing(tmp_path: Path) -> None:
    assert flushes_ns(tmp_path / "missing") == []


@pytest.mark.database
def test_the_folder_is_that_of_our_own_server_s_data_and_of_no_other(server: Server) -> None:
    found = folder_beside(server.endpoint, server.pid)
    if isinstance(server, EmbeddedServer):
        assert found == server.data_folder.parent
    assert folder_beside(server.endpoint, None) is None
    assert folder_beside(server.endpoint, 1) is None
