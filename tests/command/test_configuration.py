"""`storebench show config` prints what `storebench run` would take, and what it prints can be given back."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


def test_what_is_shown_can_be_given_back(storebench: Storebench, tmp_path: Path) -> None:
    shown = storebench("show", "config", "--profile", "standard", "--set", "seed=2", "--set", "variants=dual[outbox,retry=3]")
    assert shown.returncode == 0, shown.stderr
    assert tomllib.loads(shown.stdout)["reads_rows"] == 50_000
    assert "# from: profile standard" in shown.stdout
    (tmp_path / "my.toml").write_text(shown.stdout)
    again = storebench("show", "config", "--config", "my.toml")
    assert again.returncode == 0, again.stderr
    assert tomllib.loads(again.stdout) == tomllib.loads(shown.stdout)
    assert "# from: my.toml" in again.stdout


def test_the_configuration_of_a_replay_can_be_given_back_from_anywhere(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    name = 'ch"at \\ é\x1b[31m.csv'
    shown = storebench("show", "config", "--trace", name, "--set", "window=0:10")
    assert shown.returncode == 0, shown.stderr
    assert "\x1b" not in shown.stdout
    (tmp_path / "sub" / "my.toml").write_text(shown.stdout, encoding="utf-8")
    again = storebench("show", "config", "--config", "sub/my.toml")
    assert tomllib.loads(again.stdout) == tomllib.loads(shown.stdout)
    assert tomllib.loads(again.stdout)["trace"] == str(tmp_path / name)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--config", "wrong.toml"], "wrong.toml: line 2, column 23: Expected newline or end of document"),
        (["run", "--config", "unit.toml"], "unit.toml: latency_session_ms: unknown"),
        (["run", "--config", "design.toml"], "design.toml: designs: unknown design 'daul': known are dual"),
        (["run", "--config", "missing.toml"], "configuration missing.toml cannot be read: No such file or directory"),
        (["run", "--designs", "dual,dual"], "--designs = ('dual', 'dual'): 'dual' is there twice"),
        (["run", "--set", "variants=dual[speed=fast]"], "'speed=fast' is no level"),
        (["run", "--set", "variants=floor[outbox]"], "variant floor[outbox]: there is none: no agent has a task"),
        (["show", "config", "--set", "designs=daul"], "did you mean dual?"),
        (["show", "dual", "--set", "seed=1"], "--set belongs to a configuration: write storebench show config"),
        (["show", "results/nope"], "results/nope holds no run"),
    ],
)
def test_what_is_no_configuration_is_one_line_exit_2_and_nothing_written(
    storebench: Storebench, tmp_path: Path, arguments: list[str], told: str
) -> None:
    (tmp_path / "wrong.toml").write_text("seed = 1\nlatency_session_s = 12ms\n")
    (tmp_path / "unit.toml").write_text("latency_session_ms = 12\n")
    (tmp_path / "design.toml").write_text('designs = ["daul"]\n')
    before = sorted(tmp_path.rglob("*"))
    done = storebench(*arguments)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_no_design_may_take_the_word_of_the_command(installed: Callable[..., Storebench]) -> None:
    storebench = installed({"other": {"config": "odd:design"}}, {"odd": "def design(options): ..."})
    done = storebench("list", "designs")
    assert done.returncode == 2
    assert "design name 'config' (odd:design of other 1.0) is a word of the command line" in done.stderr
    assert storebench("show", "config").returncode == 2


def test_a_folder_that_is_called_as_a_design_is_given_with_a_slash(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "floor").mkdir()
    assert "tables of the central side" in storebench("show", "floor").stdout
    assert "floor holds no run" in storebench("show", "./floor").stderr
