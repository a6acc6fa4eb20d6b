"""The records of the trials with pgbench: raw rounds, and what is derived from them.

A transaction is, in pgbench's word, what is counted: here one message of a user, whatever it takes a design.
"""

from __future__ import annotations

from bench.results.record import Record


class PgbenchRound(Record):
    """One arm of one round: a design's messages sent by so many clients in a closed loop, on a fresh copy of its store.

    `arm` is `pgbench`, `ours`, `awake` (ours, watching while it waits), `processes` (ours, two of them) or `sqlalchemy`; `exchange`
    is `plain` or `shared` (for pgbench, scripts that use its pipelines). `messages` were sent in all; the rate is of the `seconds`
    in which all clients ran warm. `client_cpu_us` is the CPU time of the client's process for each message, connecting taken off.
    `position` is the arm's place in its cell of the round.
    """

    design: str
    clients: int
    arm: str
    exchange: str
    round: int
    position: int
    messages: int
    seconds: float
    transactions_per_s: float
    client_cpu_us: float


class PgbenchSelect(Record):
    """What fetching parameters costs pgbench: `select_us` of wall time and `cpu_us` of its own for each message, one client."""

    design: str
    round: int
    select_us: float
    cpu_us: float


class PgbenchLack(Record):
    """Why an arm of a design was not measured: `design` None speaks of all."""

    design: str | None
    reason: str


class HarnessPart(Record):
    """A part of the CPU time that our own client takes for a message, one client at an exchange."""

    design: str
    exchange: str
    part: str
    cpu_us: float


class HarnessRatio(Record):
    """An arm against pgbench in the same rounds: median of the ratios of rates, with its interval at 95 % (None: too few rounds).

    `against` is the exchange of pgbench that it is compared with. The rates and CPU times are medians.
    """

    design: str
    clients: int
    arm: str
    exchange: str
    against: str
    rounds: int
    ratio: float
    low: float | None
    high: float | None
    transactions_per_s: float
    pgbench_per_s: float
    client_cpu_us: float
    pgbench_cpu_us: float


class PgbenchSummary(Record):
    """All of it: `rounds` are the raw rows, `ratios` arms against pgbench, `selects` what fetching
    parameters costs, `parts` where our own client's CPU time goes.
    """

    rounds: list[PgbenchRound]
    ratios: list[HarnessRatio]
    selects: list[PgbenchSelect]
    lacks: list[PgbenchLack]
    parts: list[HarnessPart]
