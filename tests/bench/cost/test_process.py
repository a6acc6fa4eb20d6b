"""Whose CPU time is read: only that of a process whose title shows that it serves our connection."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.cost import process
from bench.cost.process import Backend, backend_of
from bench.drive.flights import Exchange
from bench.server.server import Server
from bench.stores import Store
from variants.contract import Design, Options, Side
from variants.hybrid import Hybrid

FreshStore = Callable[[Design], Store]


def spin(seconds: float) -> None:
    end_s = time.process_time() + seconds
    while time.process_time() < end_s:
        pass


@pytest.mark.parametrize("tick_ns", [1, 1_000_000_000 // os.sysconf("SC_CLK_TCK")])
def test_the_cpu_of_a_process_grows_with_what_it_does(tick_ns: int) -> None:
    own = Backend(os.getpid(), tick_ns)
    before = own.cpu()
    spin(0.1)
    used_ns = own.cpu().used_ns - before.used_ns
    assert used_ns > 0.05e9


def test_the_backend_of_our_own_server_is_seen(server: Server, fresh_store: FreshStore) -> None:
    if server.kind != "embedded":
        pytest.skip("the server is not ours")
    with fresh_store(Hybrid(Options())).links(Exchange.PLAIN) as links:
        found = backend_of(links[Side.CENTRAL])
        assert found is not None
        assert found.cpu().used_ns > 0


@pytest.mark.parametrize("title", ["postgres: storebench some 127.0.0.1(1) idle", "python -m something", "postgres"])
def test_a_process_of_that_id_which_is_somebody_elses_is_not_believed(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_store: FreshStore
) -> None:
    with fresh_store(Hybrid(Options())).links(Exchange.PLAIN) as links:
        folder = tmp_path / str(links[Side.CENTRAL].backend_pid)
        folder.mkdir()
        (folder / "cmdline").write_bytes(title.encode() + b"\0")
        (folder / "schedstat").write_text("5 6 7\n")
        (folder / "stat").write_text("1 (postgres) S " + " ".join(["3"] * 30))
        monkeypatch.setattr(process, "_PROC", tmp_path)
        assert backend_of(links[Side.CENTRAL]) is None


def test_a_process_that_cannot_be_seen_is_not_available(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_store: FreshStore
) -> None:
    monkeypatch.setattr(process, "_PROC", tmp_path)
    with fresh_store(Hybrid(Options())).links(Exchange.PLAIN) as links:
        assert backend_of(links[Side.CENTRAL]) is None


def test_a_kernel_without_scheduler_statistics_gives_clock_ticks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "7"
    folder.mkdir()
    (folder / "stat").write_text("7 (post) gres) S " + " ".join(map(str, range(4, 40))))
    monkeypatch.setattr(process, "_PROC", tmp_path)
    # Fields 14 and 15 of proc(5).
    assert Backend(7, 10).cpu() == process.CpuTime((14 + 15) * 10, None)
