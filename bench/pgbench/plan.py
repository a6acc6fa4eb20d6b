"""How many messages each client sends, and which arms a design has. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.drive.flights import Exchange

MESSAGES_AN_ITERATION = 5
"""Messages for one fetch of parameters, so that the fetch is a small part of what is measured."""

WARM_UP, ITERATIONS_MIN = 2, 8
"""Iterations of each client before its rate counts (in the first, every statement is prepared), and the fewest that it makes."""

PGBENCH, OURS, AWAKE, TWO_PROCESSES, SQLALCHEMY = "pgbench", "ours", "awake", "processes", "sqlalchemy"
"""Awake is our own client that watches its sockets while it waits; two processes are our own client's, half of the clients each."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Who sends the messages, and how: `exchange` of pgbench is a script without or with its pipelines."""

    name: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class PgbenchPlan:
    """The size of the comparison; `is_apart`: clients have one CPU, and the server the others."""

    rounds: int
    messages: int
    clients: tuple[int, ...]
    agents: int
    seed: int
    is_apart: bool = False

    def each(self, clients: int) -> int:
        """Messages of each of so many clients: whole iterations, enough to leave some after the warm-up."""
        return max(ITERATIONS_MIN, self.messages // clients // MESSAGES_AN_ITERATION) * MESSAGES_AN_ITERATION

    def counts(self) -> tuple[int, ...]:
        """By client, the most messages that it ever sends."""
        return tuple(max(self.each(c) for c in self.clients if c > client) for client in range(self.clients[-1]))

    def cells(self, *, is_baseline: bool) -> Sequence[tuple[int, Sequence[Arm]]]:
        """For each number of clients the arms that run side by side; only the baseline has more than the first number."""
        arms = [Arm(name, exchange) for name in (PGBENCH, OURS) for exchange in Exchange]
        if not is_baseline:
            return [(self.clients[0], arms)]
        return [(clients, [*arms, *self._alone(clients)]) for clients in self.clients]

    def _alone(self, clients: int) -> Sequence[Arm]:
        """What runs at one number of clients alone.

        The control arm has one client. So has the one that stays awake, if it has a CPU of its own: with more, somebody is always
        answered. Two processes run with the most clients, if they may have two CPUs.
        """
        awake = [Arm(AWAKE, exchange) for exchange in Exchange] if clients == 1 and self.is_apart else []
        control = [Arm(SQLALCHEMY, Exchange.PLAIN)] if clients == 1 else []
        halves = [Arm(TWO_PROCESSES, Exchange.PLAIN)] if clients == self.clients[-1] and clients > 1 and not self.is_apart else []
        return [*awake, *control, *halves]

    def arms(self, designs: int) -> int:
        """How many arms a round has."""
        of_baseline = sum(len(arms) for _, arms in self.cells(is_baseline=True))
        return of_baseline + (designs - 1) * sum(len(arms) for _, arms in self.cells(is_baseline=False))
