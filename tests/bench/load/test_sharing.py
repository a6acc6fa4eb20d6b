"""A stretch dealt to processes: nothing twice, nothing lost, and no thing in two of them."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bench.load.sharing import shares
from bench.load.stream import Step, Stream
from bench.load.things import touched
from workloads import catalogue
from workloads.operations import AddAgent, Join, ListServers, Member, Role


def _steps(messages: int = 60) -> list[Step]:
    workload = catalogue.made(catalogue.load("chat"), 1, name="chat", messages=messages, agents_per_channel=1)
    return Stream(workload, frozenset(), peer_delivery=True).take(10_000)


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_every_step_has_one_process_and_no_thing_is_in_two(processes: int) -> None:
    steps = _steps()
    given = shares(steps, processes)
    assert len(given) == len(steps)
    assert set(given) <= set(range(processes))
    of_thing = defaultdict(set)
    for step, process in zip(steps, given, strict=True):
        for thing in step.things:
            of_thing[thing].add(process)
    assert all(len(found) == 1 for found in of_thing.values())


def test_groups_that_do_not_meet_are_dealt_evenly() -> None:
    whole = _steps(200)
    steps = [step for step in whole if len(step.things) == 1][-150:]
    given = shares(steps, 2)
    assert len(set(given)) == 2
    assert given == shares(steps, 2)


def test_what_is_wider_than_a_channel_is_touched_too() -> None:
    agent = Member("0b0f4d0e-6f0f-4f0f-8f0f-0f0f0f0f0f0f", Role.AGENT)
    assert touched(Join("k", 1, "c", agent)) == (("channel", "c"), ("member", agent.id))
    assert touched(AddAgent("k", 1, "s", agent.id, "helper")) == (("server", "s"), ("member", agent.id))
    assert touched(ListServers(agent.id)) == (("member", agent.id),)
