"""Keys of load: operations that are due at times fixed before, the search for a capacity, and the points below it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bench.configuration.values import MESSAGES_MAX, SECONDS_MAX, Variants, as_tuple, growing, one_of
from bench.drive.flights import Exchange
from bench.factors import Ids, parse
from bench.load.arrivals import Arrivals
from bench.load.placing import LoadPlacement
from workloads.key import Key

CONNECTIONS_MAX = 200
PROCESSES_MAX = 64
REPEATS_MAX = 100
PROBES_MAX = 50
RATE_MAX = 1e6


def _loadable(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        levels = parse(text)[1]
        if levels.repair or levels.ids is not Ids.DERIVED or levels.atomicity == "outbox":
            raise ValueError(f"{text!r} cannot be put under load: leave out outbox, repair and ids=fresh")
    return texts


Percent = Annotated[int, Field(ge=1, le=100)]
Rate = Annotated[float, Field(gt=0, le=RATE_MAX, allow_inf_nan=False)]

LoadWindow = Annotated[
    float,
    Field(ge=0, le=SECONDS_MAX, allow_inf_nan=False),
    Key(
        "how long a rate is kept up and analysed; 0: no load",
        "seconds",
        "docs/open-loop.md: a p99 is told from 10,000 operations on, which is 20 s at 500 a second",
    ),
]
LoadWarmup = Annotated[
    float,
    Field(ge=0, le=SECONDS_MAX, allow_inf_nan=False),
    Key("how long a rate is kept up before that, recorded and not analysed", "seconds", "our choice: queues settle within it"),
]
LoadRepeats = Annotated[
    int,
    Field(ge=1, le=REPEATS_MAX),
    Key(
        "how often capacity is searched for, and every point measured, each time on a fresh database",
        "repeats",
        "our choice: two show how far searches are apart; their median is told",
    ),
]
LoadProbes = Annotated[
    int,
    Field(ge=1, le=PROBES_MAX),
    Key(
        "rates that one search tries at the most",
        "rates",
        "docs/open-loop.md: six come within a fifth from twofold off, misses tried twice",
    ),
]
LoadResolution = Annotated[
    float,
    Field(gt=0, le=1, allow_inf_nan=False),
    Key(
        "how near the kept and the missed rate must be before a search ends; 0.05: 5 % apart",
        "a share",
        "our choice: searches differ by more than that from each other",
    ),
]
LoadObjective = Annotated[
    float,
    Field(gt=0, le=1e6, allow_inf_nan=False),
    Key(
        "the response that 99 of 100 operations must keep, from when they were due: what capacity means",
        "milliseconds",
        "our choice: half of the 100 ms that people take for at once (Nielsen, Usability Engineering, 1993)",
    ),
]
LoadPercents = Annotated[
    tuple[Percent, ...],
    BeforeValidator(as_tuple),
    AfterValidator(growing),
    Key(
        "shares of each variant's own capacity at which it is measured; none: none",
        "percent",
        "docs/open-loop.md: idle looks slower than busy, so designs are compared at several stated utilisations",
    ),
]
LoadRates = Annotated[
    tuple[Rate, ...],
    BeforeValidator(as_tuple),
    AfterValidator(growing),
    Key(
        "rates at which all variants are measured; none: load_percents of the slowest one's capacity",
        "operations a second",
        "docs/open-loop.md: at equal rates all variants have the same operations due at the same times",
    ),
]
LoadConnections = Annotated[
    int,
    Field(ge=1, le=CONNECTIONS_MAX),
    Key(
        "connections of each generator, an operation at a time on each",
        "connections",
        "our choice: a few for each core; docs/open-loop.md tells waiting for one apart",
    ),
]
LoadProcesses = Annotated[
    int,
    Field(ge=1, le=PROCESSES_MAX),
    Key(
        "processes that generate load, among which channels are dealt",
        "processes",
        "docs/open-loop.md: one until its core is full, which a point says",
    ),
]
LoadMessages = Annotated[
    int,
    Field(ge=10, le=MESSAGES_MAX),
    Key(
        "messages of users in the workload that is put under load; a trial whose points need more of them ends and says so",
        "messages",
        "measured: chat has four operations for each message; these are enough for a search of a minute and a half at 500 a second",
    ),
]
LoadArrivals = Annotated[
    str,
    one_of(Arrivals),
    Key(
        "when operations are due: poisson, independently of each other, or workload, its own times on another scale, bursts kept",
        "poisson or workload",
        "our choice: with poisson all variants have the same due times at equal rates whatever was said before",
    ),
]
LoadExchange = Annotated[
    str,
    one_of(Exchange),
    Key(
        "how statements travel under load",
        "plain or shared",
        "docs/method.md, Factors: plain is what the real server's driver does",
    ),
]
LoadPlacing = Annotated[
    str,
    one_of(LoadPlacement),
    Key(
        "apart: generator on one CPU, server on the others; free: wherever the system puts them, as always with several processes",
        "apart or free",
        "docs/open-loop.md: a generator that shares its CPU with the server is late",
    ),
]
LoadVariants = Annotated[
    Variants,
    AfterValidator(_loadable),
    Key(
        'more variants that are put under load, such as "dual[joined]"; each is one of a design of this run',
        "names of variants",
        "docs/method.md, Factors: a level of a factor is compared when it is asked for",
    ),
]
LoadSeriesWindow = Annotated[
    float,
    Field(ge=0, le=SECONDS_MAX, allow_inf_nan=False),
    Key(
        "how long a variant is watched at a steady rate over checkpoints, with autovacuum as PostgreSQL has it; 0: not at all",
        "seconds",
        "docs/open-loop.md: three checkpoints are seen in it",
    ),
]
LoadSeriesPercent = Annotated[
    Percent,
    Key("the share of its own capacity at which a variant is watched", "percent", "our choice: busy, and far from its limit"),
]
LoadCheckpoint = Annotated[
    float,
    Field(gt=0, le=SECONDS_MAX, allow_inf_nan=False),
    Key(
        "how long after the last one a checkpoint is asked for while a variant is watched",
        "seconds",
        "our choice: a run would wait 5 minutes for PostgreSQL's own, and the least it takes for checkpoint_timeout is 30 s",
    ),
]
