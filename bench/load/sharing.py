"""How a stretch of steps is dealt to several processes, so that no thing is touched by two of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bench.load.stream import Step
from bench.load.things import Thing


def shares(steps: Sequence[Step], processes: int) -> list[int]:
    """The process of each step, from 0.

    Steps that touch the same thing, directly or through others, stay together; the largest of these groups are dealt first, each to
    the process that has least. One group may hold most of a stretch: then one process has most of the work.
    """
    parent: dict[Thing, Thing] = {}

    def root(thing: Thing) -> Thing:
        parent.setdefault(thing, thing)
        while parent[thing] != thing:
            parent[thing] = parent[parent[thing]]
            thing = parent[thing]
        return thing

    for step in steps:
        first = root(step.things[0])
        for thing in step.things[1:]:
            parent[root(thing)] = first
    groups = [root(step.things[0]) for step in steps]
    sizes = Counter(groups)
    load, given = [0] * processes, dict[Thing, int]()
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        given[group] = load.index(min(load))
        load[given[group]] += sizes[group]
    return [given[group] for group in groups]
