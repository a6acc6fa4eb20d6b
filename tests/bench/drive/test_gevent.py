"""The blocking driver under gevent: the wait of one greenlet lets the others run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.drive.flights import Exchange
from tests.bench.drive.toy import FreshStore, Toy

PROGRAM = Path(__file__).parent / "under_gevent.py"
LIMIT_S = 60


@pytest.mark.parametrize("exchange", list(Exchange))
def test_two_links_wait_at_the_same_time_under_gevent(exchange: Exchange, fresh_store: FreshStore) -> None:
    store = fresh_store(Toy())
    command = [sys.executable, str(PROGRAM), exchange.value]
    root = Path(__file__).parents[3]
    environment = {"PYTHONPATH": str(root)}
    done = subprocess.run(
        command, input=store.conninfo, capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=root, env=environment
    )
    assert done.stderr == ""
    assert done.stdout == "second first"
