"""Which cells are counted, in which scenes, and what is refused."""

from __future__ import annotations

import pytest

from bench.anatomy.plan import AnatomyPlan, Cell, scenes_of, warm_up_scene
from bench.drive.flights import DIRECT, Atomicity
from bench.errors import UserError
from bench.scenes import FIRST, KINDS, WARM, exists


def test_every_kind_is_counted_at_each_k_at_which_it_exists_and_in_both_atomicities() -> None:
    cells = AnatomyPlan(ks=(0, 2)).cells()
    expected = {
        (atomicity, kind, k, state)
        for atomicity in DIRECT
        for kind in KINDS
        for k in (0, 2)
        for state in (WARM, FIRST)
        if exists(kind, k, state)
    }
    assert {(cell.atomicity, cell.kind, cell.k, cell.state) for cell in cells} == expected
    assert len(cells) == len(expected)


def test_only_a_message_has_a_first_contact() -> None:
    assert {cell.kind for cell in AnatomyPlan().cells() if cell.state == FIRST} == {"send"}


def test_the_order_of_cells_does_not_depend_on_anything_but_the_plan() -> None:
    assert AnatomyPlan().cells() == AnatomyPlan().cells()


def test_a_k_given_twice_is_counted_once() -> None:
    assert AnatomyPlan(ks=(1, 1)).cells() == AnatomyPlan(ks=(1,)).cells()


def test_each_kind_and_state_is_warmed_up_once_at_its_largest_k() -> None:
    warm_ups = AnatomyPlan(ks=(4, 0, 2)).warm_ups()
    assert ("send", 4, WARM) in warm_ups
    assert ("send", 4, FIRST) in warm_ups
    assert ("create_server", 0, WARM) in warm_ups
    assert len({(kind, state) for kind, _, state in warm_ups}) == len(warm_ups)


def test_scenes_of_all_cells_have_ids_of_their_own_and_of_one_length() -> None:
    cell = Cell(Atomicity.PER_SIDE, "send", 1, WARM)
    scenes = [scene for number in (0, 7, 123) for scene in scenes_of(number, cell, 12)]
    channels = {scene.channel_id for scene in scenes}
    assert len(channels) == 36
    assert len({len(channel) for channel in channels}) == 1
    assert warm_up_scene(7, ("send", 1, WARM)).channel_id not in channels


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scenes": 0}, "anatomy scenes 0: give a number from 1 to 999"),
        ({"scenes": 1000}, "anatomy scenes 1000: give a number from 1 to 999"),
        ({"ks": (1, -1)}, "anatomy agents -1: give numbers from 0 to 50"),
        ({"ks": (51,)}, "anatomy agents 51: give numbers from 0 to 50"),
        ({"ks": ()}, "anatomy agents (none): give numbers from 0 to 50"),
        ({"kinds": ("send", "shout")}, f"anatomy kinds shout: known are {', '.join(KINDS)}"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_refused_in_one_line(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(UserError) as refused:
        AnatomyPlan(**wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert str(refused.value) == words
