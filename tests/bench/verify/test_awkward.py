"""Ids that are nearly one: three of a family, all of them allowed."""

from __future__ import annotations

import pytest
from hypothesis import given

from bench.verify.awkward import BASES, FAMILIES, RELATIONS, WORDS, cut, family
from workloads.operations import Delete
from workloads.validate import ID_BYTES_MAX, check


@given(FAMILIES)
def test_a_family_is_three_different_ids_that_a_store_must_take(found: tuple[str, ...]) -> None:
    assert len(set(found)) == len(found) == 3
    for name in found:
        assert 1 <= len(name.encode()) <= ID_BYTES_MAX
        check(Delete("k", 1, name, name))


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("relation", RELATIONS)
def test_every_word_makes_a_family_in_every_way(relation: object, word: str) -> None:
    assert len(family(relation, word)) == 3  # type: ignore[arg-type]  # one of RELATIONS


@given(BASES)
def test_a_cut_is_a_beginning_and_never_half_a_character(base: str) -> None:
    for size_bytes in range(len(base.encode()) + 1):
        part = cut(base, size_bytes)
        assert base.startswith(part)
        assert len(part.encode()) <= size_bytes
