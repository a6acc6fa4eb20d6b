from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.drive.conflict import Conflict
from bench.drive.ensuring import EnsureLevel
from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.factors import DEFAULT, FACTORS, RETRIES_MAX, Ids, Levels, name, parse, single_levels
from variants.contract import Indexes

LEVELS = st.builds(
    Levels,
    st.sampled_from(Atomicity),
    st.sampled_from(EnsureLevel),
    st.none() | st.sampled_from(Indexes),
    st.sampled_from(Ids),
    st.sampled_from(Conflict),
    st.integers(0, RETRIES_MAX),
    st.booleans(),
)
DESIGNS = st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True)


@given(DESIGNS, LEVELS)
def test_a_variant_reads_back_from_its_name(design: str, levels: Levels) -> None:
    written = name(design, levels)
    assert parse(written) == (design, levels)
    assert name(*parse(written)) == written
    assert " " not in written


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("dual", Levels()),
        ("dual[joined]", Levels(atomicity=Atomicity.JOINED)),
        ("hybrid[outbox,retry=3+repair]", Levels(atomicity=Atomicity.OUTBOX, retry=3, repair=True)),
        ("floor[indexes=declared]", Levels(indexes=Indexes.DECLARED)),
        ("dual[ids=fresh,conflict=on_conflict]", Levels(ids=Ids.FRESH, conflict=Conflict.ON_CONFLICT)),
        ("dual[ensure=remembered]", Levels(ensure=EnsureLevel.REMEMBERED)),
    ],
)
def test_a_variant_looks_as_in_the_documentation(text: str, levels: Levels) -> None:
    design, found = parse(text)
    assert found == levels
    assert name(design, levels) == text


def test_levels_may_come_in_any_order_and_defaults_may_be_given() -> None:
    assert parse("dual[retry=0,joined,indexes=own,ids=derived]") == ("dual", Levels(atomicity=Atomicity.JOINED))
    assert parse("dual[conflict=on_conflict,atomicity=outbox]") == parse("dual[outbox,conflict=on_conflict]")
    assert name(*parse("dual[per_side,ensure=find_first,conflict=plain,retry=0]")) == "dual"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "write a design's name and levels in brackets, such as dual, dual[joined]"),
        ("Dual", "write a design's name"),
        ("dual[]", "write a design's name"),
        ("dual[joined", "write a design's name"),
        ("dual[joined]x", "write a design's name"),
        ("dual joined", "write a design's name"),
        ("dual\n[joined]", "write a design's name"),
        ("dual[merged]", "'merged' is no level; write per_side or joined or outbox, or one of ensure=..., indexes=..., ids=..."),
        ("dual[again]", "'again' is no level"),
        ("dual[,joined]", "'' is no level"),
        ("dual[repair=yes]", "'repair=yes' is no level"),
        ("dual[joined,outbox]", "atomicity is given twice; joined and outbox exclude each other"),
        ("dual[ids=fresh,ids=fresh]", "ids is given twice"),
        ("dual[ids=random]", "ids=random is no level; ids is derived or fresh"),
        ("dual[indexes=none]", "indexes=none is no level; indexes is own or declared or deployed or advised"),
        ("dual[retry=10]", "retry=10 is no level; write retry=0 to retry=9, with +repair if wanted"),
        ("dual[retry=+repair]", "retry=+repair is no level"),
        ("dual[peer_delivery=no]", "peer_delivery is one for all variants of a run, not a level of one variant"),
        ("dual[exchange=shared]", "exchange is one for all variants of a run"),
    ],
)
def test_what_is_no_variant_is_refused_in_one_line_that_says_why(text: str, problem: str) -> None:
    with pytest.raises(UserError, match=re.escape(problem)) as caught:
        parse(text)
    assert str(caught.value).startswith(f"variant {text!r}: ")
    assert "\n" not in str(caught.value)


def test_every_factor_has_a_question_of_the_note_a_default_and_meanings() -> None:
    assert [factor.name for factor in FACTORS] == [
        *("atomicity", "ensure", "indexes", "ids", "conflict", "retry"),
        *("peer_delivery", "exchange"),
    ]
    for factor in FACTORS:
        assert '"' in factor.question
        assert len(factor.levels) > 1
        assert factor.default in factor.levels
        assert all(factor.levels.values())


def test_the_levels_of_the_table_are_those_that_can_be_asked_for() -> None:
    found = [(factor.name, level) for factor, level, _ in single_levels()]
    assert found == [(factor.name, level) for factor in FACTORS if not factor.of_run for level in factor.levels]
    defaults = {factor.name: levels for factor, level, levels in single_levels() if level == factor.default}
    assert set(defaults.values()) == {DEFAULT}
    others = [levels for factor, level, levels in single_levels() if level != factor.default]
    assert len(set(others)) == len(others)
    assert DEFAULT not in others


def test_more_retries_than_one_digit_do_not_exist() -> None:
    with pytest.raises(ValueError, match="retry is 10"):
        Levels(retry=RETRIES_MAX + 1)
