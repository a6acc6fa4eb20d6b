"""One stream is dealt to several processes: each step once, and nothing out of order."""

from __future__ import annotations

import random

import pytest

from bench.load.stream import Step
from bench.swarm.crossing import Crossing
from bench.swarm.dealing import Dealer
from bench.swarm.digests import Part, Summing, union
from tests.bench.swarm.made_up import steps

STEPS = steps(600)


def _parts(found: list[Step], processes: int) -> list[Part]:
    dealer, sums = Dealer(processes), [Summing() for _ in range(processes)]
    for step in found:
        sums[dealer.deal(step).process].add(step)
    return [one.part for one in sums]


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_the_parts_are_the_stream_each_step_once(processes: int) -> None:
    whole = Summing()
    for step in STEPS:
        whole.add(step)
    parts = _parts(STEPS, processes)
    assert union(parts) == whole.part
    assert all(part.operations > 0 for part in parts)


def test_a_step_that_is_missing_twice_or_another_one_changes_the_digest() -> None:
    digests = {union(_parts(found, 2)).digest for found in (STEPS, STEPS[1:], [*STEPS, STEPS[0]], [*STEPS[1:], STEPS[1]])}
    assert len(digests) == 4


def test_all_steps_of_a_channel_go_to_one_process() -> None:
    dealer = Dealer(4)
    homes: dict[str, set[int]] = {}
    for step in STEPS:
        process = dealer.deal(step).process
        for kind, name in step.things:
            if kind == "channel":
                homes.setdefault(name, set()).add(process)
    assert all(len(found) == 1 for found in homes.values())


@pytest.mark.parametrize("seed", range(5))
def test_four_processes_that_run_as_they_like_touch_each_thing_in_the_order_of_the_stream(seed: int) -> None:
    rng, processes = random.Random(seed), 4
    dealer = Dealer(processes)
    dealt = {step.number: dealer.deal(step) for step in STEPS}
    followers: list[dict[int, set[int]]] = [{} for _ in range(processes)]
    for one in dealt.values():
        for process, number in one.behind:
            followers[process].setdefault(number, set()).add(one.process)
    on_the_way: list[tuple[int, int]] = []
    crossings = [
        Crossing(
            {number: [other for _, other in one.behind] for number, one in dealt.items() if one.process == process and one.behind},
            lambda number, to: on_the_way.extend((process, number) for process in to),
            followers[process],
        )
        for process in range(processes)
    ]
    arriving = [[step for step in STEPS if dealt[step.number].process == process] for process in range(processes)]
    ready: list[list[int]] = [[] for _ in range(processes)]
    done: list[int] = []
    while len(done) < len(STEPS):
        process = rng.randrange(processes)
        match rng.randrange(3):
            case 0 if arriving[process]:
                step = arriving[process].pop(0)
                if crossings[process].arrive(step.number, step.things):
                    ready[process].append(step.number)
            case 1 if ready[process]:
                number = ready[process].pop(rng.randrange(len(ready[process])))
                done.append(number)
                ready[process] += crossings[process].leave(number)
            case 2 if on_the_way:
                to, number = on_the_way.pop(rng.randrange(len(on_the_way)))
                crossings[to].ended([number])
                ready[to] += crossings[to].released()
    place = {number: when for when, number in enumerate(done)}
    last: dict[tuple[str, str], int] = {}
    for step in STEPS:
        for thing in step.things:
            assert place[step.number] > place.get(last.get(thing, -1), -1)
            last[thing] = step.number
    assert sorted(done) == [step.number for step in STEPS]


def test_who_waits_for_a_process_that_is_gone_is_released_when_nobody_is_waited_for() -> None:
    crossing = Crossing({5: [1], 6: [2]}, lambda *_: None, {})
    assert not crossing.arrive(5, [("channel", "a")])
    assert crossing.released() == []
    crossing.abandon()
    assert crossing.released() == [5]
    assert crossing.arrive(6, [("channel", "b")])
