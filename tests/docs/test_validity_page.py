"""The page about validity has all 31 points, each with words of ours, a command that exists, and an output of that point."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.results.folder import RunFolder
from bench.validity.answering import evidence_of
from bench.validity.points import POINTS
from bench.validity_page import PAGE, block, command, renewed
from tests.bench.results.stored import stored_run
from tests.fuzz.inprocess import call

SECTION = re.compile(
    r"^## (?P<number>\d+)\. (?P<question>.+)\n\n(?P<words>.+?)\n\n<!-- answer of point (?P=number) -->\n"
    r"```sh\n(?P<command>.+)\n```\n\n```text\n(?P<output>.+?)\n```\n<!-- end of point (?P=number) -->$",
    re.MULTILINE | re.DOTALL,
)


def sections() -> list[dict[str, str]]:
    return [found.groupdict() for found in SECTION.finditer(PAGE.read_text(encoding="utf-8"))]


def test_there_are_exactly_31_points_each_with_words_a_command_and_an_output() -> None:
    found = sections()
    assert [int(section["number"]) for section in found] == list(range(1, 32))
    assert len(re.findall(r"^## ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == 31
    for section, point in zip(found, POINTS, strict=True):
        assert section["question"] == point.question
        assert len(section["words"].split()) > 20
        assert section["command"] == command(point.number)
        assert section["output"].startswith(f"{point.number}. {point.question}\n  ")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return stored_run(tmp_path_factory.mktemp("stored"))


def test_the_commands_of_the_page_print_what_the_program_writes_into_it(stored: RunFolder) -> None:
    evidence = evidence_of([stored])
    for number in (5, 18, 30):
        arguments = command(number).removeprefix(".venv/bin/storebench ").replace("results/RUN", str(stored.path)).split()
        printed = call(*arguments)
        assert printed.status == 0, printed.errors
        assert printed.output.rstrip("\n") in block(POINTS[number - 1], evidence)


def test_the_command_without_a_point_prints_them_all(stored: RunFolder) -> None:
    printed = call("validity", str(stored.path))
    assert printed.status == 0, printed.errors
    assert re.findall(r"^(\d+)\. ", printed.output, re.MULTILINE) == [str(point.number) for point in POINTS]


@pytest.mark.parametrize("wrong", [("--point", "32"), ("--point", "0"), ("--point", "x")])
def test_a_point_that_is_none_is_bad_input(stored: RunFolder, wrong: tuple[str, str]) -> None:
    assert call("validity", str(stored.path), *wrong).status == 2


def test_a_folder_without_a_run_is_bad_input(tmp_path: Path) -> None:
    refused = call("validity", str(tmp_path))
    assert refused.status == 2
    assert "holds no run" in refused.errors


def test_a_stale_answer_is_renewed_and_the_words_around_it_stay() -> None:
    stale = "before\n<!-- answer of point 7 -->\nstale\n<!-- end of point 7 -->\nafter\n"
    assert renewed(stale, lambda number: f"fresh {number}\n") == stale.replace("stale", "fresh 7")
