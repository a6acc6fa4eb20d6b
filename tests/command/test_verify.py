"""`storebench verify`: a line for each property, a short example of what is broken, and one line for what cannot be checked."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.verify.properties import Property

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.database
def test_a_good_design_keeps_every_property(storebench: Storebench, tmp_path: Path) -> None:
    done = storebench("verify", "floor", "--stories", "5", "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [[str(promise), "ok"] for promise in Property]
    assert {path.name for path in tmp_path.iterdir()} <= {".cache"}


@pytest.mark.database
def test_a_broken_property_is_named_with_the_operations_that_show_it(storebench: Storebench) -> None:
    done = storebench("verify", "truncated_text", "--stories", "1")
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("storebench: truncated_text: answers: read the latest 50 messages of channel ")
    assert "also broken: facts" in line
    shown = done.stdout.splitlines()
    begin = shown.index(next(line for line in shown if line.startswith("facts           FAILED")))
    for line, words in zip(
        shown[begin + 2 :], (": create server ", ": create public channel ", " joins ", " sends 'plain' "), strict=False
    ):
        assert words in line
    assert shown[begin + 6] == "    expected: the facts of the reference model"
    assert "text is 'plai', not 'plain'" in shown[begin + 7]


@pytest.mark.database
@pytest.mark.parametrize(
    ("design", "status", "told"),
    [
        ("never_yields", 3, "central: does not come back: more than 1 s in one call"),
        ("leaves_the_program", 3, "raises SystemExit: 0"),
        ("no_tables", 3, "no_tables: tables raises AttributeError"),
        ("bad_tables", 2, "design 'bad_tables': its tables cannot be created"),
        ("talkative", 3, "talkative: silence: printed 'hello"),
    ],
)
def test_a_broken_design_is_told_in_one_line(storebench: Storebench, design: str, status: int, told: str) -> None:
    done = storebench("verify", design, "--stories", "1", "--limit", "1")
    assert done.returncode == status, done.stderr
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


IMPORTS = {
    "raises": ("raise RuntimeError('not today')", "cannot be imported: RuntimeError: not today"),
    "leaves": ("import sys\nsys.exit(0)", "cannot be imported: SystemExit: 0"),
    "interrupts": ("raise KeyboardInterrupt('mine')", "cannot be imported: KeyboardInterrupt: mine"),
    "mute": (
        "class Mute(Exception):\n    def __str__(self):\n        raise RuntimeError\nraise Mute",
        "cannot be imported: Mute, which cannot tell what it says",
    ),
    "misspelt": ("def design(:", "cannot be imported: SyntaxError: "),
    "endless": ("while True:\n    pass", "cannot be imported: Endless: does not come back: more than 1 s in one call"),
    "number": ("design = 42", "is 42, which cannot be called"),
    "empty": ("", "cannot be imported: AttributeError: "),
    "shouting": ("class design:\n    name = 'SHOUTING'\n    def __init__(self, options):\n        pass", "calls itself 'SHOUTING'"),
    "nameless": ("def design(options):\n    return None", "cannot be built: AttributeError: "),
    "unready": ("def design():\n    return None", "cannot be built: TypeError: "),
}


@pytest.mark.parametrize("fault", list(IMPORTS))
def test_what_cannot_be_imported_or_built_is_told_in_one_line(installed: Callable[..., Storebench], fault: str) -> None:
    source, told = IMPORTS[fault]
    done = installed({"other": {"odd": "odd:design"}}, {"odd": source})("verify", "odd", "--limit", "1")
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("storebench: design 'odd' ")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["Notes", "my design", "1st", "", "naïve", "dual[joined]", "x" * 32])
def test_a_bad_name_is_told_with_the_distribution_that_brings_it(installed: Callable[..., Storebench], name: str) -> None:
    done = installed({"other": {name: "odd:design"}}, {})("list", "designs")
    assert done.returncode == 2, done.stdout
    assert f"design name {name!r} (odd:design of other 1.0): use small letters" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_two_designs_of_one_name_are_told_with_both_distributions(installed: Callable[..., Storebench]) -> None:
    done = installed({"one": {"odd": "odd:design"}, "two": {"odd": "even:design"}}, {})("verify", "odd")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("storebench: two designs are called 'odd': ")
    assert "odd:design of one 1.0" in line
    assert "even:design of two 1.0" in line


def test_a_stranger_may_not_take_the_name_of_one_of_ours(installed: Callable[..., Storebench]) -> None:
    done = installed({"other": {"dual": "odd:design"}}, {})("verify", "dual")
    assert done.returncode == 2
    assert "two designs are called 'dual': " in done.stderr
    assert "variants.dual:Dual of storebench" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope"], "unknown design 'nope': known are dual"),
        (["floor", "--stories", "0"], "Invalid value for '--stories'"),
        (["floor", "--seed", "-1"], "Invalid value for '--seed'"),
        (["floor", "--limit", "never"], "Invalid value for '--limit'"),
        ([], "Missing argument 'NAME'"),
    ],
)
def test_bad_input_is_one_line(storebench: Storebench, arguments: list[str], told: str) -> None:
    done = storebench("verify", *arguments)
    assert done.returncode == 2
    assert told in done.stderr.splitlines()[-1]
