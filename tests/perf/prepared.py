"""What the operations of the suite need: a small world to read, and a scene of its own for each round of each kind of write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from bench import perform
from bench.drive.drivers import Completion, Links
from bench.drive.flights import Atomicity, Exchange
from bench.reads import asked
from bench.reads.world import Scale, world
from bench.scenes import KINDS, WARM, WITHOUT_AGENTS, scene
from variants.contract import Design
from workloads.model import Model
from workloads.operations import Context, Read, Write, kind_of

ROUNDS, WARMUP = 60, 8
"""Rounds of each operation that are kept, and before them some that are not: until then all statements are prepared."""

SPARE = 1
"""Targets of each kind of write that no round performs."""

WORLD_ROWS = 2_000
AGENTS = 2
SEED = 1

Told = tuple[Write, Context]


@dataclass(frozen=True, slots=True)
class Prepared:
    """`setup` makes the world and the scenes; of each kind there is a target for every round, on rows that no other one touches."""

    setup: Sequence[Told]
    writes: Mapping[str, Sequence[Told]]
    reads: Mapping[str, Sequence[Read]]


@dataclass(frozen=True, slots=True)
class Lane:
    """A design with a store in which the setup was done, and its connection."""

    design: Design
    links: Links
    prepared: Prepared

    def rounds(self, kind: str) -> Sequence[Callable[[], Completion]]:
        """What is called in each round of a kind, those of the warm-up first."""
        if kind in self.prepared.reads:
            return [partial(perform.read, self.design, self.links, read) for read in self.prepared.reads[kind]]
        return [
            partial(perform.write, self.design, self.links, operation, context, Atomicity.PER_SIDE, Exchange.PLAIN)
            for operation, context in self.prepared.writes[kind]
        ]


def prepare() -> Prepared:
    """The same for every design; the reference model says what each is told of its operations."""
    model = Model()

    def told(operation: Write) -> Told:
        context = model.context(operation)
        model.apply(operation, context)
        return operation, context

    made = world(Scale(WORLD_ROWS), SEED)
    setup = [told(operation) for operation in made.writes()]
    writes: dict[str, list[Told]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        for number in range(WARMUP + ROUNDS + SPARE):
            played = scene(kind, 0 if kind in WITHOUT_AGENTS else AGENTS, WARM, f"perf-{kind}-{number}")
            setup += [told(operation) for operation in played.setup]
            writes[kind] += [told(operation) for operation in played.target]
    asking = asked.mix(made, np.random.default_rng(SEED))
    drawn = list(islice(asking, (WARMUP + ROUNDS) * asked.SELDOM * len(asked.KINDS)))
    reads = {kind: [read for read in drawn if kind_of(read) == kind][: WARMUP + ROUNDS] for kind in asked.KINDS}
    return Prepared(setup, writes, reads)
