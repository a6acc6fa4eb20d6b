"""Keys of growth: sizes at which writes and reads are measured, and streams of messages whose wall time is taken."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bench.configuration.values import MESSAGES_MAX, SESSIONS_MAX, AgentCounts, Names, Seconds, Text, as_tuple, growing
from bench.growth.sizes import CHANNELS_MAX, CHANNELS_MIN, ROWS_MAX, ROWS_MIN
from workloads.key import Key

Rows = Annotated[int, Field(ge=ROWS_MIN, le=ROWS_MAX)]
Channels = Annotated[int, Field(ge=CHANNELS_MIN, le=CHANNELS_MAX)]
Stream = Annotated[int, Field(ge=100, le=MESSAGES_MAX)]

GrowthAgents = Annotated[
    AgentCounts,
    AfterValidator(growing),
    Key(
        "agents in a channel at which a send is measured and counted; none: no growth in agents",
        "numbers of agents",
        "docs/growth.md: 0 to 50, two sizes or more give a slope",
    ),
]
GrowthRows = Annotated[
    tuple[Rows, ...],
    BeforeValidator(as_tuple),
    AfterValidator(growing),
    Key(
        "stored messages at which a send and the reads are measured; none: no growth in rows",
        "messages",
        "docs/growth.md: each is ten times the one before, so that a slope per decade has points",
    ),
]
GrowthRowsLeftOut = Annotated[
    Names,
    Key(
        "designs of the run whose stores are not filled for growth in rows, unless that leaves none",
        "names of designs",
        "our choice: none, unless stores of a million messages take too long or too much disk",
    ),
]
GrowthChannels = Annotated[
    tuple[Channels, ...],
    BeforeValidator(as_tuple),
    AfterValidator(growing),
    Key(
        "channels among which the same messages lie, at which a send and the reads are measured; none: no growth in channels",
        "channels",
        "docs/growth.md: 10 to 10,000",
    ),
]
GrowthSessions = Annotated[
    int,
    Field(ge=1, le=SESSIONS_MAX),
    Key(
        "sessions of each axis, each with fresh connections; each gives a line, and how they differ gives the interval",
        "sessions",
        "as latency_sessions; with one, its blocks give the lines",
    ),
]
GrowthTurns = Annotated[
    int,
    Field(ge=8, le=MESSAGES_MAX),
    Key(
        "turns of a session: in each, every design performs every kind of operation once at every size",
        "turns",
        "measured: the median of so many differs between sessions by less than the sessions themselves do",
    ),
]
GrowthSessionSeconds = Annotated[
    Seconds,
    Key(
        "safety limit of a session of one axis: it stops there, and the report says so",
        "seconds",
        "our choice: several times what a session of the profile growth takes",
    ),
]
GrowthMessages = Annotated[
    tuple[Stream, ...],
    BeforeValidator(as_tuple),
    AfterValidator(growing),
    Key(
        "lengths of streams of messages whose wall time is taken; none: no wall time",
        "messages",
        "docs/growth.md: 10,000 to 1,000,000 show whether the harness itself grows with what it did",
    ),
]
GrowthMessagesDesign = Annotated[
    Text,
    Key(
        "the design that the streams of growth_messages go through",
        "the name of a design",
        "docs/growth.md: one is enough, since what is looked at is the harness",
    ),
]
