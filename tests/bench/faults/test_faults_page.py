"""docs/consistency.md is written from a run, and every figure in it stands between two marks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.faults_page import PAGE, blocks, main, renewed
from bench.results.folder import SUMMARY
from tests.bench.faults.made_up import kills
from tests.bench.faults.made_up import summary as faults
from tests.bench.report.made_up import run, summary
from tests.bench.results.stored import stored_run


def test_every_block_of_the_page_is_written_and_there_is_none_without_its_place() -> None:
    page = PAGE.read_text(encoding="utf-8")
    marked = re.findall(r"<!-- ([a-z ]+), from a run -->", page)
    assert sorted(marked) == sorted(blocks(faults(), run()))
    assert page.count("<!-- end -->") == len(marked)


def test_a_page_that_is_renewed_twice_stays_as_it_is_and_text_by_hand_stays() -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = renewed(page, faults(kills=kills(n=200, partial=0)), run())
    assert renewed(found, faults(kills=kills(n=200, partial=0)), run()) == found
    assert "0 of 200, " in found
    assert "- `dual`: per side, in 6 of 12 cuts: a send from message 3 (COMMIT central)" in found
    assert "found 2 of 2 mutants" in found
    strip = re.compile(r"(<!-- [a-z ]+, from a run -->\n).*?(<!-- end -->)", re.DOTALL)
    assert strip.sub(r"\1\2", found) == strip.sub(r"\1\2", page)


def test_the_command_writes_the_page_from_a_run_s_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "consistency.md"
    page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr("bench.faults_page.PAGE", page)
    folder = stored_run(tmp_path)
    (folder.path / SUMMARY).write_text(summary(faults=faults()).model_dump_json())
    main([str(folder.path)])
    assert "found 2 of 2 mutants" in page.read_text(encoding="utf-8")


def test_a_run_without_faults_and_a_command_without_a_run_are_refused(tmp_path: Path) -> None:
    folder = stored_run(tmp_path)
    (folder.path / SUMMARY).write_text(summary().model_dump_json())
    with pytest.raises(UserError, match="it has no faults"):
        main([str(folder.path)])
    with pytest.raises(UserError, match="give one run"):
        main([])
