"""Checkpoints that a server begins are counted, whoever asks for them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bench.server.checkpoints import checkpoints_begun
from bench.server.databases import checkpoint
from bench.server.provided import Server, provided

pytestmark = pytest.mark.database

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


def counted(server: Server, before: int) -> int:
    """How many more there are, as soon as any is told: a checkpoint is counted a moment after its end."""
    deadline_s = time.monotonic() + 10
    while (found := checkpoints_begun(server.endpoint)) == before and time.monotonic() < deadline_s:
        time.sleep(0.01)
    return found - before


def test_a_checkpoint_that_is_asked_for_is_counted(server: Server) -> None:
    before = checkpoints_begun(server.endpoint)
    if not checkpoint(server.endpoint):
        pytest.skip("our role may not ask this server for a checkpoint")
    assert counted(server, before) >= 1


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason=f"PostgreSQL 15 is not installed in {DEBIAN_15}")
@pytest.mark.full
def test_before_17_the_count_stands_in_another_view() -> None:
    with provided(f"embedded={DEBIAN_15}") as server:
        before = checkpoints_begun(server.endpoint)
        checkpoint(server.endpoint)
        assert counted(server, before) == 1
