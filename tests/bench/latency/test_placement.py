"""Where client and server run, and what a client may do there."""

from __future__ import annotations

import os

import psutil
import pytest

from bench.drive.link import Patience
from bench.latency.placement import Placement, placed
from bench.server.provided import Server


@pytest.fixture
def pid(server: Server) -> int:
    if server.pid is None:
        pytest.skip("the server is not ours")
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one CPU")
    return server.pid


def test_a_client_with_a_cpu_of_its_own_may_stay_awake(pid: int) -> None:
    before = os.sched_getaffinity(0)
    with placed(pid, Placement.APART) as place:
        assert place.patience is Patience.WATCHING
        assert place.waiting == f"{place.words}, the client awake while it waits"
        client, server = os.sched_getaffinity(0), set(psutil.Process(pid).cpu_affinity())
        assert len(client) == 1
        assert server == before - client
    assert os.sched_getaffinity(0) == set(psutil.Process(pid).cpu_affinity()) == before


def test_a_client_that_shares_its_cpu_with_the_server_sleeps(pid: int) -> None:
    with placed(pid, Placement.TOGETHER) as place:
        assert place.patience is Patience.SLEEPING
        assert place.waiting == place.words
        assert os.sched_getaffinity(0) == set(psutil.Process(pid).cpu_affinity())


@pytest.mark.parametrize("placement", list(Placement))
def test_beside_a_server_that_is_not_ours_nothing_is_pinned_and_the_client_sleeps(placement: Placement) -> None:
    before = os.sched_getaffinity(0)
    with placed(None, placement) as place:
        assert place.patience is Patience.SLEEPING
        assert place.waiting == "not pinned: the server is not ours"
        assert os.sched_getaffinity(0) == before


def test_a_client_with_one_cpu_sleeps(pid: int) -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        with placed(pid, Placement.APART) as place:
            assert place.patience is Patience.SLEEPING
            assert place.words == "not pinned: one CPU"
    finally:
        os.sched_setaffinity(0, before)
