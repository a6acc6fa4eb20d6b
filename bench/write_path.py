"""How one process performs writes on a design: the design's tasks under the levels of the factors. Pure; nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence

from bench.drive.conflict import Conflict, Tolerant
from bench.drive.ensuring import EnsureLevel, Ensuring, Memory
from bench.drive.flights import Atomicity, Exchange, Flights, operation_flights
from bench.factors import Levels
from bench.outbox.flights import Outbox, client_flights, relay_flights
from variants.contract import Design, Task
from workloads.operations import Context, Reply, Send, Write


class WritePath:
    """The flights of one process, with what it knows: statements made from the design's, and rows it made sure of."""

    def __init__(self, design: Design, levels: Levels, exchange: Exchange) -> None:
        self.design = design
        self.levels = levels
        self.exchange = exchange
        self._tolerant = Tolerant()
        self._memory = Memory(design.tables) if levels.ensure is EnsureLevel.REMEMBERED else None
        self._outbox = Outbox() if levels.atomicity is Atomicity.OUTBOX else None

    def flights(self, operation: Write, context: Context) -> Flights:
        """One attempt of a write, as a client makes it."""
        tasks = self.tasks(operation, context)
        if self._outbox is not None:
            return client_flights(self._outbox, operation, context, tasks, self.exchange, self._ensuring())
        return operation_flights(tasks, self.levels.atomicity, self.exchange, self._ensuring())

    def tasks(self, operation: Write, context: Context) -> Sequence[Task]:
        """The design's tasks of one attempt, with inserts of messages as these levels want them."""
        tasks = self.design.write(operation, context)
        if self.levels.conflict is Conflict.ON_CONFLICT and isinstance(operation, (Send, Reply)):
            return self._tolerant.tasks(tasks)
        return tasks

    def of_tasks(self, tasks: Sequence[Task]) -> Flights:
        """Some of the tasks of an attempt, with their own transactions: the part of one process."""
        return operation_flights(tasks, Atomicity.PER_SIDE, self.exchange, self._ensuring())

    def relayed(self) -> Flights:
        """One note of the outbox applied; `Rejected` when none waits."""
        if self._outbox is None:
            raise ValueError("there is no outbox at these levels")
        return relay_flights(self._outbox, self.design, self._tolerant, self.exchange, self._ensuring())

    def repeated(self, operation: Write, context: Context) -> Flights:
        """All tasks of a write once more, with no insert that minds a row that is there: what a repair sends."""
        atomicity = Atomicity.PER_SIDE if self._outbox is not None else self.levels.atomicity
        tasks = self._tolerant.tasks(self.design.write(operation, context))
        return operation_flights(tasks, atomicity, self.exchange, self._ensuring())

    def outbox_ddl(self) -> list[str]:
        """What makes the outbox's table; nothing where these levels need none."""
        return self._outbox.table.ddl() if self._outbox is not None else []

    def of_relay(self) -> WritePath:
        """The same levels in a process of its own, which remembers for itself."""
        return WritePath(self.design, self.levels, self.exchange)

    def _ensuring(self) -> Ensuring:
        return Ensuring(self.levels.ensure, self._memory)
