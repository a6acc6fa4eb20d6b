from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bench.claims.catalogue import Claim, claims
from bench.claims.measures import MEASURES
from tests.bench.claims.note_bullets import bullets
from tests.bench.report.made_up import DESIGNS


def test_every_bullet_of_the_note_has_a_row(note: Path) -> None:
    rows = {claim.line for claim in claims()}
    without = [f"line {bullet.line}: {bullet.text}" for bullet in bullets(note.read_text("utf-8")) if bullet.line not in rows]
    assert without == []


def test_every_row_quotes_the_line_that_it_names(note: Path) -> None:
    lines = note.read_text("utf-8").splitlines()
    wrong = [
        f"{claim.id}: line {claim.line} reads {lines[claim.line - 1]!r}, not {claim.quote!r}"
        for claim in claims()
        if claim.line > len(lines) or claim.quote not in lines[claim.line - 1]
    ]
    assert wrong == []


def test_a_quote_is_most_of_its_bullet(note: Path) -> None:
    text = {bullet.line: bullet.text for bullet in bullets(note.read_text("utf-8"))}
    short = [claim.id for claim in claims() if claim.line in text and len(claim.quote) * 3 < len(text[claim.line])]
    assert short == []


def test_the_bullets_are_found_in_every_section(note: Path) -> None:
    lines = [bullet.line for bullet in bullets(note.read_text("utf-8"))]
    for first, last in ((133, 136), (161, 164), (168, 169), (184, 186), (190, 192), (207, 211), (328, 331), (363, 367)):
        assert set(range(first, last + 1)) <= set(lines)
    assert {337, 339, 340, 342, 344, 345, 347, 349, 350, 352, 353, 354, 355} <= set(lines)
    assert len(lines) == 43


def test_a_bullet_without_a_row_would_be_named() -> None:
    note = "**Problems**:\n\n1. One thing\n   - and a part of it\n\n---\n\n- not in a section\n\nThis gives us:\n\n- more\n"
    assert [(bullet.line, bullet.text) for bullet in bullets(note)] == [
        (3, "One thing"),
        (4, "and a part of it"),
        (12, "more"),
    ]


def test_every_measure_that_a_row_names_exists_and_is_used() -> None:
    named = {claim.measure for claim in claims() if claim.measure is not None}
    assert named == set(MEASURES)


def test_a_measured_row_is_about_one_of_the_designs() -> None:
    assert {claim.design for claim in claims() if claim.measure is not None} <= set(DESIGNS)


def test_rows_stand_in_the_order_of_the_note_and_have_names_of_their_own() -> None:
    rows = claims()
    assert [claim.line for claim in rows] == sorted(claim.line for claim in rows)
    assert len({claim.id for claim in rows}) == len(rows)


def test_no_reason_holds_a_figure_of_a_run() -> None:
    texts = [claim.not_measurable or claim.later or "" for claim in claims()]
    assert [text for text in texts if any(sign.isdigit() for sign in text)] == []


@pytest.mark.parametrize(
    "ways",
    [
        {},
        {"measure": "twofold", "design": "dual", "later": "something that comes later"},
        {"measure": "twofold"},
        {"design": "dual", "later": "something that comes later"},
        {"not_measurable": "no reason given"},
    ],
)
def test_a_row_with_no_way_or_two_ways_of_judging_is_refused(ways: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Claim.model_validate({"id": "a", "section": "Problems", "line": 1, "quote": "a claim", **ways})
