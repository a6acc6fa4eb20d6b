"""Users wait at the same time, and a user who goes ends its operation first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.drive.flights import Exchange
from tests.bench.drive.toy import FreshStore, Toy

PROGRAM = Path(__file__).parent / "under_gevent.py"
LIMIT_S = 60


@pytest.mark.parametrize("exchange", [Exchange.PLAIN, pytest.param(Exchange.SHARED, marks=pytest.mark.full)])
def test_the_waits_of_two_users_overlap(exchange: Exchange, fresh_store: FreshStore) -> None:
    store = fresh_store(Toy())
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), exchange.value],
        input=store.conninfo,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
        cwd=root,
        env={"PYTHONPATH": str(root)},
    )
    assert done.stderr == ""
    assert done.stdout == "first held second"
