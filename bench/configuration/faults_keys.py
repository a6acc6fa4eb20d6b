"""Keys of the faults: what is broken, where, how often, and how the checkers are tried."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bench.configuration.values import ITEMS_MAX, as_tuple
from bench.faults.cells import NAMES as CELLS
from bench.faults.names import LANES
from bench.scenes import KINDS
from bench.suggesting import unknown
from workloads.key import Key

SCHEDULES_MAX = 1_000_000
EXPOSURES_MAX = 1_000_000
KILLS_MAX = 100_000
STREAMS_MAX = 10_000
WORKERS_MAX = 16
STORED_MAX = 2_000_000


def _known(what: str, known: tuple[str, ...]) -> object:
    """Names out of a closed list, each once."""

    def check(names: tuple[str, ...]) -> tuple[str, ...]:
        for place, name in enumerate(names):
            if name not in known:
                raise ValueError(unknown(what, name, known))
            if name in names[:place]:
                raise ValueError(f"{name!r} is there twice: take one of them out")
        return names

    return AfterValidator(check)


Cells = Annotated[tuple[str, ...], BeforeValidator(as_tuple), _known("cell", CELLS), Field(max_length=ITEMS_MAX)]
Kinds = Annotated[tuple[str, ...], BeforeValidator(as_tuple), _known("kind", KINDS), Field(max_length=ITEMS_MAX)]
Lanes = Annotated[tuple[str, ...], BeforeValidator(as_tuple), _known("lane", LANES), Field(min_length=1, max_length=len(LANES))]

FaultsCells = Annotated[
    Cells,
    Key(
        "cells of the factors in which operations meet faults; none: no faults at all",
        "names of cells",
        "docs/consistency.md, Cells: each answers a question of the design note",
    ),
]
FaultsKinds = Annotated[
    Kinds,
    Key(
        "kinds of operation that meet one fault at every message, with one agent in the channel",
        "kinds of operation",
        "docs/consistency.md: what a chat does most; all kinds in the larger profiles",
    ),
]
FaultsKindsTwoAgents = Annotated[
    Kinds,
    Key(
        "the same with two agents in the channel",
        "kinds of operation",
        "two are the fewest with which one agent can have an operation that another one lacks",
    ),
]
FaultsKindsTwice = Annotated[
    Kinds,
    Key(
        "kinds of operation that meet two faults, the second in the retry, by flight, with one agent; where the cell retries",
        "kinds of operation",
        "docs/consistency.md: a retry that is hit too is where two transactions and one differ",
    ),
]
FaultsLanes = Annotated[
    Lanes,
    Key(
        "how one fault is made: by a proxy that cuts the connection, by a lane that does what the server then does, or by both,"
        " which are compared outcome by outcome; two faults go through the last one",
        "proxy, fast",
        "docs/consistency.md, Lanes: the fast one is as good where both agree, and some ten times faster",
    ),
]
FaultsSchedules = Annotated[
    int,
    Field(ge=1, le=SCHEDULES_MAX),
    Key(
        "the most schedules of one sweep, taken evenly over it; what is left out is counted",
        "schedules",
        "our choice: a first look at every cell within a minute",
    ),
]
FaultsWorkers = Annotated[
    int,
    Field(ge=1, le=WORKERS_MAX),
    Key("processes that run schedules side by side", "processes", "measured: on 2 cores, two do most of what more would"),
]
FaultsKills = Annotated[
    int,
    Field(ge=0, le=KILLS_MAX),
    Key(
        "clients that are killed at random instants, of each design in each of the cells per_side and joined; 0: none",
        "clients",
        "299 without one bad end bound its share below 1 %, 30 are the fewest that are told as a share",
    ),
]
FaultsInterruptions = Annotated[
    bool,
    Key(
        "whether operations are interrupted by the server and by what it lacks: ended and cancelled backends, timeouts, locks,"
        " aborts at COMMIT, connections that are not to be had; and clients paused past a takeover",
        "true or false",
        "docs/consistency.md, Faults",
    ),
]
FaultsStreams = Annotated[
    int,
    Field(ge=0, le=STREAMS_MAX),
    Key(
        "streams of messages through a bus that loses, repeats, reorders and delays, for each fault of it; 0: none",
        "streams",
        "our choice: each has some tens of messages",
    ),
]
FaultsExposures = Annotated[
    int,
    Field(ge=0, le=EXPOSURES_MAX),
    Key(
        "exposures of the negative controls, in which nothing may be found wrong; 0: no controls and no mutants",
        "exposures",
        "2,995 clean ones bound the share of false alarms below 0.1 % with 95 % confidence",
    ),
]
FaultsStored = Annotated[
    int,
    Field(ge=0, le=STORED_MAX),
    Key(
        "messages of a store on which both checkers are timed, with four agents; 0: they are not",
        "messages",
        "docs/consistency.md, Checkers: a store of a busy year",
    ),
]
CrashKinds = Annotated[
    Kinds,
    Field(min_length=1),
    Key(
        "kinds of operation whose client is killed at every step point",
        "kinds of operation",
        "docs/method.md, Crash points: sends by default, since faults at every message tell more; all in the larger profiles",
    ),
]
