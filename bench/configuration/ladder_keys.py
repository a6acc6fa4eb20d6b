"""Keys of the ladder: designs in an order in which each differs from the one before in one change."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bench.configuration.values import MESSAGES_MAX, SESSIONS_MAX, TEXT_MAX, Agents
from workloads.key import Key

LadderName = Annotated[
    str,
    Field(max_length=TEXT_MAX),
    Key(
        "the ladder that is climbed: all of its rungs are counted and measured in the same rounds; empty: none",
        "the name of a ladder",
        "docs/growth.md: dual_to_hybrid, so that each difference between the two has a cause",
    ),
]
LadderSessions = Annotated[
    int,
    Field(ge=1, le=SESSIONS_MAX),
    Key("paired sessions of the ladder, each with fresh databases and connections", "sessions", "as latency_sessions"),
]
LadderMessages = Annotated[
    int,
    Field(ge=1, le=MESSAGES_MAX),
    Key(
        "messages of users in a session of the ladder, of the workload of the paired sessions",
        "messages",
        "as latency_messages",
    ),
]
LadderAgents = Annotated[
    Agents,
    Key(
        "agents in a channel at which the writes of each rung are counted",
        "agents",
        "two, as in the paired workload",
    ),
]
