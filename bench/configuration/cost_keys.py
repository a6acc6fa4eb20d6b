"""Keys of the split of costs, of what observing costs, and of counting across a checkpoint."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from bench.anatomy.plan import AGENTS_MAX
from bench.configuration.values import AgentCounts
from bench.cost.pairs import PAIRS_MIN
from workloads.key import Key

OPERATIONS_MAX, REPETITIONS_MAX, PAIRS_MAX = 10_000, 1_000, 10_000


def _pairs(pairs: int) -> int:
    if 0 < pairs < PAIRS_MIN:
        raise ValueError(f"give 0 for no observers, or {PAIRS_MIN} or more")
    return pairs


AnatomyCheckpointAgents = Annotated[
    AgentCounts,
    Key(
        "agents in a channel at which changes of messages are counted plain and across a forced checkpoint; none: they are not",
        "numbers of agents",
        "docs/counters.md: that records and bytes stay is shown for one and for several copies of a message",
    ),
]
CostOperations = Annotated[
    int,
    Field(ge=0, le=OPERATIONS_MAX),
    Key(
        "operations of each kind in a block whose time is split into CPU, fsync and waiting; 0: no time is split",
        "operations",
        "docs/counters.md: a block of these is long beside the clocks' resolution, which is printed with the result",
    ),
]
CostRepetitions = Annotated[
    int,
    Field(ge=2, le=REPETITIONS_MAX),
    Key(
        "repetitions of all blocks, each on fresh connections: what the intervals of the split are over",
        "repetitions",
        "Kalibera and Jones, Rigorous Benchmarking in Reasonable Time (2013): repeat where the variance is",
    ),
]
CostAgents = Annotated[
    int,
    Field(ge=1, le=AGENTS_MAX),
    Key("agents in the channel whose costs are split", "agents", "as many as the paired workload has"),
]
ObserverPairs = Annotated[
    int,
    Field(ge=0, le=PAIRS_MAX),
    AfterValidator(_pairs),
    Key(
        "pairs of blocks, on and off, for each observer: recording, and what the server counts and times; 0: none",
        "pairs",
        "docs/counters.md: what observing costs is told with its interval, which these make",
    ),
]
