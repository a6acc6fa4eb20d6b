"""A ranking as Markdown and on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from bench.ranking.ranking import Ranking, rank
from bench.ranking.showing import shown
from bench.ranking.telling import markdown
from bench.results.schema import LeftOut
from tests.bench.ranking.runs import SPEEDS, made_up

HOSTILE = "\x1b[31m`<b>|x"


def ranking(name: str = "replay", **changes: object) -> Ranking:
    return rank(made_up("synthetic"), made_up(name, is_replay=True, **changes))  # type: ignore[arg-type]  # what made_up takes


def printed(found: Ranking) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=200)
    for part in shown(found):
        console.print(part)
    return stream.getvalue().splitlines()


def test_without_inversions_the_page_says_none_and_the_last_line_counts() -> None:
    lines = markdown(ranking()).splitlines()
    assert lines[lines.index("## Inverted") + 2] == "None."
    assert lines[-1] == (
        "**0 INVERTED, 30 in the same order, of 30 comparisons of two designs that both runs separate (30 were made).**"
    )


def test_inversions_stand_before_everything_else_with_both_ratios() -> None:
    text = markdown(ranking(speeds={**SPEEDS, "option_a": 1.2}))
    place = text.index("## Inverted\n")
    assert place < text.index("The same order in both runs")
    row = next(line for line in text[place:].splitlines() if line.startswith("| latency of send | option_a | dual | "))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[3].startswith("−")
    assert cells[4].startswith("+")
    assert cells[5] == "INVERTED"
    assert text.splitlines()[-1].startswith("**4 INVERTED, 26 in the same order")


def test_the_terminal_lists_inversions_first_and_ends_with_the_count() -> None:
    lines = printed(ranking(speeds={**SPEEDS, "option_a": 1.2}))
    first = next(place for place, line in enumerate(lines) if line.startswith("by "))
    assert all(line.rstrip().endswith("INVERTED") for line in lines[first + 1 : first + 5])
    assert not lines[first + 5].rstrip().endswith("INVERTED")
    assert lines[-1].startswith("4 INVERTED, 26 in the same order, of 30 ")


def test_who_is_left_out_is_told_with_the_reason() -> None:
    gap = LeftOut(part="latency", design="option_b", kind="send", shortfall="message_content_without_agent", rows=3)
    told = "option_b is left out of latency of send: message content without agent (3 rows)"
    assert f"- **Left out**: {told}." in markdown(ranking(left_out=[gap])).splitlines()
    assert told in printed(ranking(left_out=[gap]))


def test_a_name_of_a_run_is_shown_and_not_obeyed() -> None:
    found = ranking(HOSTILE)
    assert "\x1b" not in markdown(found)
    assert not any("\x1b" in line for line in printed(found))
