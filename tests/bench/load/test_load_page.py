"""The page of load says what a run says."""

from __future__ import annotations

from bench.load_page import PAGE, renewed
from tests.bench.load.made_up import made_up_load


def test_every_table_of_the_page_is_written_from_a_run() -> None:
    page = renewed(PAGE.read_text(encoding="utf-8"), made_up_load("late"))
    assert "| `dual` | 200 | 200 to 400 | 1 | design |" in page
    assert "| `hybrid` | 60 % | 2,000 | 0.000 ms | 0.000 ms | 4.00 ms | 10 % | 0 | yes |" in page
    assert "| 120 | `hybrid` | 2,000 | 4.00 ms | 4.00 ms | 0.000 ms | no |" in page
    assert "Objective 50 ms, poisson arrivals" in page


def test_shares_that_are_withheld_are_told_below_the_capacities() -> None:
    found = made_up_load()
    apart = [one.model_copy(update={"apart": "its searches kept 1 to 9 a second"}) for one in found.capacities]
    page = renewed(PAGE.read_text(encoding="utf-8"), found.model_copy(update={"capacities": apart}))
    assert "Shares of the capacity of `dual` are withheld: its searches kept 1 to 9 a second." in page


def test_what_is_written_by_hand_is_left_alone_and_writing_twice_changes_nothing() -> None:
    page = PAGE.read_text(encoding="utf-8")
    once = renewed(page, made_up_load())
    assert renewed(once, made_up_load()) == once
    assert once.startswith(page[: page.index("<!--")])
