"""With an outbox nothing is left in part, whatever point the client dies at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from bench.cells import missing
from bench.crash.census import census, replay
from bench.crash.points import parse_schedule
from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.factors import Levels
from bench.registry import build, known, load
from bench.results.schema import CrashPoint
from bench.scenes import KINDS
from bench.stores import Store
from variants.contract import Design, Options
from variants.floor import Floor

FreshStore = Callable[[Design], Store]
DESIGNS = [name for name, make in load(known()).items() if missing(name, make, Levels(atomicity=Atomicity.OUTBOX)) is None]


def found(store: Store, kinds: tuple[str, ...], *, peer_delivery: bool = True) -> list[CrashPoint]:
    outbox = (Atomicity.OUTBOX,)
    return list(census(store, kinds, (2,), lambda _done, _total: None, atomicities=outbox, peer_delivery=peer_delivery))


def designed(name: str) -> Design:
    return build(load([name]), Options())[name]


@pytest.mark.parametrize("name", ["dual", "hybrid"])
def test_an_outbox_has_three_points_wherever_a_relay_has_a_part_and_leaves_nothing_in_part(
    name: str, fresh_store: FreshStore
) -> None:
    points = found(fresh_store(designed(name)), KINDS)
    assert {(point.point, point.left) for point in points} == {
        ("before-step-1", "lost"),
        ("before-commit-1", "lost"),
        ("after-commit-1", "whole"),
    }
    joins = {"join", "join_agent"} if name == "hybrid" else set()
    kinds = {"leave", "leave_agent", "send", "reply", "edit", "delete"} | joins
    assert Counter(point.kind for point in points) == dict.fromkeys(kinds, 3)


@pytest.mark.full
@pytest.mark.parametrize("name", DESIGNS)
def test_no_design_leaves_anything_in_part_with_an_outbox(name: str, fresh_store: FreshStore) -> None:
    assert {point.left for point in found(fresh_store(designed(name)), KINDS)} == {"lost", "whole"}


def test_what_the_client_was_told_is_as_without_an_outbox(fresh_store: FreshStore) -> None:
    whole = [point for point in found(fresh_store(designed("dual")), ("send",)) if point.left == "whole"]
    (point,) = whole
    assert (point.point, point.retry_same, point.told_same) == ("after-commit-1", "whole", "fail")
    assert (point.retry_fresh, point.told_fresh) == ("duplicated", "ok")


def test_agents_who_are_not_told_of_replies_have_no_part_in_them(fresh_store: FreshStore) -> None:
    store = fresh_store(designed("dual"))
    for point in found(store, ("reply",), peer_delivery=False):
        assert point.schedule.startswith("dual/outbox/reply/k=2,peer_delivery=no/")
        assert replay(store, parse_schedule(point.schedule)).exposures[0].left.outcome == point.left


def test_a_schedule_with_an_outbox_is_replayed_and_tells_what_the_relay_made_of_it(fresh_store: FreshStore) -> None:
    lines = replay(fresh_store(designed("dual")), parse_schedule("dual/outbox/send/k=2/after-commit-1")).lines
    assert lines[0] == "dual/outbox/send/k=2/after-commit-1"
    assert any("INSERT INTO storebench_outbox" in line for line in lines)
    left = lines.index("left, once a relay had applied what waited: whole")
    assert lines[left + 1 : left + 4] == ("  central: there", "  agent 1 of 2: there", "  agent 2 of 2: there")


def test_a_design_without_tasks_of_agents_has_no_outbox_to_replay(fresh_store: FreshStore) -> None:
    with pytest.raises(UserError, match="floor has no outbox: no agent has a task of its own that a relay could apply"):
        replay(fresh_store(Floor(Options())), parse_schedule("floor/outbox/send/k=2/after-commit-1"))
