"""The page about counters shows what stored runs found, in each of its parts."""

from __future__ import annotations

from bench.counters_page import NOT_MEASURED, PAGE, PARTS, renewed
from bench.results.schema import CheckpointCell
from tests.bench.report.made_up import cell, costs_summary, inserted, relation, summary

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_has_every_part_once() -> None:
    asked: list[str] = []

    def of(name: str) -> list[str]:
        asked.append(name)
        return ["x"]

    renewed(TEXT, of)
    assert asked == list(PARTS)


def test_parts_are_renewed_and_the_words_around_them_stay() -> None:
    told = [relation("memories", "memories", 2, 1000), relation("transactions", "", 3, 102)]
    send = cell("dual", "send", 2, inserted(memories=2)).model_copy(update={"relations": told})
    found = summary(anatomy=[send], costs=costs_summary(), checkpoints=[CheckpointCell(plain=send, across=None)])
    page = renewed(TEXT, lambda name: PARTS[name](found))
    assert NOT_MEASURED not in page
    assert "Recording by itself takes 2.00 µs of CPU an operation" in page
    assert "memories" in page
    assert "1,000 [900, 1,100]" in page
    assert renewed(page, lambda _: []) == renewed(TEXT, lambda _: [])


def test_what_no_run_measured_says_so() -> None:
    page = renewed(TEXT, lambda name: PARTS[name](summary()))
    assert page.count(NOT_MEASURED) == len(PARTS)
