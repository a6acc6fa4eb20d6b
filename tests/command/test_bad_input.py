"""Bad input is told in one line and ends with 2; nothing is written."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--designs", "nope"], "unknown design 'nope': known are dual, dual_deployed"),
        (["run", "--designs", "absent"], "design 'absent' (no_such_module:Design of planted 1.0) cannot be imported"),
        (["run", "--bogus"], "No such option: --bogus"),
        (["run", "--seed", "one"], "Invalid value for '--seed'"),
        (["run", "--seed", "-1"], "seed = -1"),
        (["run", "--set", "latency_messages"], "write key=value"),
        (["run", "--set", "latency_message=3"], "--set latency_message: unknown; known are those of `storebench show config`"),
        (["run", "--set", "latency_messages=many"], "latency_messages = 'many'"),
        (["run", "--window", "0:10"], "--window belongs to a replay"),
        (["run", "--trace", "missing.csv"], "missing.csv"),
        (["run", "--trace", "trace.csv", "--window", "soon"], "soon"),
        (["run", "--trace", "trace.csv", "--window", "900:10"], "no row"),
        (["run", "--trace", "trace.csv", "--agents", "many"], "many"),
        (["run", "--trace", "trace.csv", "--reply", "1.5"], "reply = 1.5"),
        (["run", "--trace", "broken.csv"], "line 3"),
        (["report", "nowhere"], "nowhere holds no run"),
        (["replay", "dual/per_side"], "dual/per_side"),
        (["replay", "nope/per_side/send/k=1/before-step-1"], "unknown design 'nope'"),
        (["replay", "dual/per_side/send/k=1/request-lots@1.1"], "'request-lots' is no side of a message, use request-lost or "),
        (["replay", "nope/per_side/send/k=1/request-lost@1.1"], "unknown design 'nope'"),
        (["list", "fruit"], "cannot list 'fruit'"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(storebench: Storebench, tmp_path: Path, arguments: list[str], told: str) -> None:
    (tmp_path / "trace.csv").write_text("t,ch,u,bytes,reply_to,bot\n0,0,0,20,,0\n")
    (tmp_path / "broken.csv").write_text("t,ch,u,bytes,reply_to,bot\n5,0,0,20,,0\n4,0,0,20,,0\n")
    done = storebench(*arguments)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2, done.stderr
    assert told in lines[-1]
    assert lines[-1].startswith("storebench: ")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()


def test_a_name_with_control_characters_is_shown_and_not_obeyed(storebench: Storebench) -> None:
    done = storebench("run", "--designs", "\x1b[31mred\x07")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "\\x1b[31mred\\x07" in done.stderr
