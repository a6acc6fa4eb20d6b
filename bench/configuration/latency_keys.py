"""Keys of the paired sessions, of what is declared of them before they run, and of isolated trials."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from bench.configuration.values import MESSAGES_MAX, SESSIONS_MAX, Names
from bench.errors import UserError
from bench.latency.planting import parse
from bench.scenes import KINDS
from workloads.key import Key

BLOCKS_MAX = 100


def _kinds(names: tuple[str, ...]) -> tuple[str, ...]:
    strange = [name for name in names if name not in KINDS]
    if strange:
        raise ValueError(f"{strange[0]!r} is no kind of write: choose from {', '.join(map(str, KINDS))}")
    return names


def _planted(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        costs = [parse(name).name for name in names]
    except UserError as error:
        raise ValueError(str(error)) from error
    if len(set(costs)) < len(costs):
        raise ValueError("a planted cost is there twice: take one of them out")
    return names


PrimaryKinds = Annotated[
    Names,
    Field(min_length=1),
    AfterValidator(_kinds),
    Key(
        "the kinds of operation whose latencies, taken together, are the primary comparison",
        "kinds of write",
        "our choice: a message, whoever sends it, is what a chat server does most; docs/paired.md",
    ),
]
SmallestEffect = Annotated[
    float,
    Field(gt=0, le=1, allow_inf_nan=False),
    Key(
        "smallest difference of latency that anybody would care for: what is surely smaller is called no relevant difference",
        "a share",
        "our choice: nobody changes a schema for less than 5 %",
    ),
]
PlantedCosts = Annotated[
    Names,
    AfterValidator(_planted),
    Key(
        "costs that are planted in copies of the baseline, beside its plain copy; none: no copy has one",
        "shares of the baseline's latency such as +1%, or +statement",
        "docs/paired.md: a run shows what it can find",
    ),
]
LatencySessions = Annotated[
    int,
    Field(ge=0, le=SESSIONS_MAX),
    Key(
        "paired sessions, each with fresh databases and connections: the unit of the bootstrap; 0: none",
        "sessions",
        "Kalibera and Jones, Rigorous Benchmarking in Reasonable Time (2013): repeat where the variance is",
    ),
]
FactorSessions = Annotated[
    int,
    Field(ge=0, le=SESSIONS_MAX),
    Key(
        "paired sessions of joined designs and of variants, beside the designs as they are; 0: none",
        "sessions",
        "docs/paired.md: apart, so that they neither slow nor disturb the comparison of designs",
    ),
]
FactorMessages = Annotated[
    int,
    Field(ge=1, le=MESSAGES_MAX),
    Key("messages of users in such a session", "messages", "measured: with these, one of all designs lasts about 4 s on 2 cores"),
]
IsolatedBlocks = Annotated[
    int,
    Field(ge=0, le=BLOCKS_MAX),
    Key(
        "blocks of isolated trials: each holds every design once, in random order, alone on a fresh server; 0: none",
        "blocks",
        "docs/paired.md, Isolated trials: the interval has as many degrees of freedom, less one",
    ),
]
IsolatedMessages = Annotated[
    int,
    Field(ge=1, le=MESSAGES_MAX),
    Key(
        "messages of users in an isolated trial",
        "messages",
        "measured: with these, a trial lasts about as long as its server starts",
    ),
]
