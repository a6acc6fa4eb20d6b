"""The shortest part of a story that shows something."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bench.verify.shortest import shortest
from workloads.operations import Delete, Write


def _write(number: int) -> Delete:
    return Delete(f"k{number}", number, "c", "m")


@given(st.sets(st.integers(0, 39), min_size=1, max_size=5))
def test_only_what_is_needed_stays(needed: set[int]) -> None:
    writes = [_write(number) for number in range(40)]
    found = shortest(writes, lambda kept: needed <= {write.at_ms for write in kept})
    assert [write.at_ms for write in found] == sorted(needed)


def test_what_needs_one_of_two_keeps_the_earlier() -> None:
    writes = [_write(number) for number in range(10)]
    found = shortest(writes, lambda kept: any(write.at_ms in {3, 7} for write in kept))
    assert [write.at_ms for write in found] == [3]


def test_a_fault_that_needs_nothing_has_an_empty_story() -> None:
    assert shortest([_write(1), _write(2)], lambda _: True) == ()


def test_it_gives_up_after_so_many_tries() -> None:
    tried: list[int] = []

    def shows(kept: Sequence[Write]) -> bool:
        tried.append(len(kept))
        return False

    assert len(shortest([_write(number) for number in range(100)], shows, tries_max=7)) == 100
    assert len(tried) == 7
