"""Operations that touch the same thing go one after another, and nobody else waits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bench.load.turns import Turns


def test_who_touches_what_is_free_goes_at_once_and_others_wait_in_order() -> None:
    turns = Turns()
    assert turns.arrive(0, ["a"])
    assert not turns.arrive(1, ["a"])
    assert turns.arrive(2, ["b"])
    assert not turns.arrive(3, ["a"])
    assert turns.leave(2) == []
    assert turns.leave(0) == [1]
    assert turns.leave(1) == [3]


def test_who_touches_two_things_waits_for_both() -> None:
    turns = Turns()
    assert turns.arrive(0, ["a"])
    assert turns.arrive(1, ["b"])
    assert not turns.arrive(2, ["a", "b"])
    assert not turns.arrive(3, ["b"])
    assert turns.leave(0) == []
    assert turns.leave(1) == [2]
    assert turns.leave(2) == [3]


@given(st.lists(st.sets(st.sampled_from("abcd"), min_size=1, max_size=3), max_size=40), st.randoms(use_true_random=False))
def test_whatever_ends_first_all_go_once_and_in_order_where_they_meet(things: list[set[str]], random: object) -> None:
    turns = Turns()
    under_way = [number for number, touched in enumerate(things) if turns.arrive(number, sorted(touched))]
    began = list(under_way)
    while under_way:
        held = [thing for number in under_way for thing in things[number]]
        assert len(held) == len(set(held))
        ending = under_way.pop(random.randrange(len(under_way)))  # type: ignore[attr-defined]  # hypothesis gives a Random
        free = turns.leave(ending)
        under_way += free
        began += free
    assert sorted(began) == list(range(len(things)))
    place = {number: at for at, number in enumerate(began)}
    for first in range(len(things)):
        for second in range(first + 1, len(things)):
            if things[first] & things[second]:
                assert place[first] < place[second]
