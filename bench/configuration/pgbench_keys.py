"""Keys of the comparison with pgbench."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bench.anatomy.plan import AGENTS_MAX
from bench.configuration.values import MESSAGES_MAX, as_tuple, growing, one_of
from bench.load.placing import LoadPlacement
from workloads.key import Key

ROUNDS_MAX, CLIENTS_MAX = 1_000, 64


PgbenchRounds = Annotated[
    int,
    Field(ge=0, le=ROUNDS_MAX),
    Key(
        "rounds in which pgbench and the harness send the same messages, in random order; 0: none",
        "rounds",
        "docs/driver.md: medians of ten",
    ),
]
PgbenchMessages = Annotated[
    int,
    Field(ge=40, le=MESSAGES_MAX),
    Key(
        "messages of an arm in a round, divided among its clients; each client sends 40 at the least",
        "messages",
        "measured: with these, an arm takes one to three seconds on 2 cores",
    ),
]
PgbenchClients = Annotated[
    tuple[Annotated[int, Field(ge=1, le=CLIENTS_MAX)], ...],
    BeforeValidator(as_tuple),
    AfterValidator(growing),
    Field(min_length=1),
    Key(
        "clients at once, for the baseline; other designs are compared with the first of these",
        "numbers of clients",
        "docs/driver.md: one waits for each answer, four and sixteen keep two cores busy",
    ),
]
PgbenchAgents = Annotated[
    int,
    Field(ge=0, le=AGENTS_MAX),
    Key("agents in each channel of the comparison with pgbench", "agents", "as many as the paired workload has"),
]
PgbenchPlacing = Annotated[
    str,
    one_of(LoadPlacement),
    Key(
        "apart: all clients, pgbench's and ours, on one CPU, the server on the others; free: wherever the system puts them",
        "apart or free",
        "docs/driver.md: as in the paired instrument; a client that shares its CPU finds its caches full of the server's work",
    ),
]
