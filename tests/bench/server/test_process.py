"""Programs run under an account of choice."""

from __future__ import annotations

import os
import subprocess
import time

import psutil
import pytest

from bench.server import process
from bench.server.process import run, unprivileged_accounts


def test_what_a_program_prints_on_either_output_is_returned_with_its_exit_code() -> None:
    code, output = run(["/bin/sh", "-c", "echo one; echo two >&2; exit 3"], None, 30)
    assert (code, output) == (3, "one\ntwo")


def test_little_of_our_environment_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGDATA", "/elsewhere")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    _, output = run(["/bin/sh", "-c", "echo ${PGDATA-none} $TZ $LC_ALL; pwd"], None, 30)
    assert output == "none UTC C\n/"


def test_a_program_that_takes_too_long_is_ended_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_END_DEADLINE_S", 0.5)
    with pytest.raises(subprocess.TimeoutExpired) as caught:
        run(["/bin/sh", "-c", "sleep 600 & echo $!; wait"], None, 1.0)
    assert caught.value.output
    descendant = int(caught.value.output)
    deadline = time.monotonic() + 30
    while psutil.pid_exists(descendant) and psutil.Process(descendant).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_program_that_cannot_be_executed_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        run(["/no/such/program"], None, 30)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand a program to another account")
def test_an_account_gets_its_own_ids_and_no_others() -> None:
    for account in unprivileged_accounts():
        assert run(["/bin/sh", "-c", "id -u; id -g; id -G"], account, 30) == (
            0,
            f"{account.uid}\n{account.gid}\n{account.gid}",
        )


def test_root_is_no_unprivileged_account() -> None:
    assert all(account.uid != 0 for account in unprivileged_accounts())
