"""How an operation travels over a bus: the client's part, the deliveries that it leaves, and how one is handled. Pure.

The parts are made of the very tasks that the client runs itself without a bus. A delivery names one of them; whoever handles it
asks the design for the tasks again, so it may do so in another process, and more than once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.bus.bus import Bus
from bench.drive.errors import ContractError
from bench.drive.flights import Atomicity, Exchange, Flights
from bench.factors import Levels
from bench.outbox.flights import is_outboxed
from bench.write_path import WritePath
from variants.contract import CENTRAL_ACTOR, Design, Task
from workloads.operations import Context, Write


@dataclass(frozen=True, slots=True)
class Delivery:
    """An agent is to do its part of an operation: the task at this place among those of the design."""

    operation: Write
    context: Context
    actor: str
    place: int


class BusPath:
    """The flights of a client and of the agents' process behind its bus, each with what it remembers."""

    def __init__(self, design: Design, levels: Levels, exchange: Exchange, bus: Bus) -> None:
        if bus.is_async and levels.atomicity is not Atomicity.PER_SIDE:
            raise ValueError(f"{levels.atomicity} leaves no task for a bus")
        self.bus = bus
        self._client = WritePath(design, levels, exchange)
        self._agents = WritePath(design, levels, exchange)

    def client(self, operation: Write, context: Context) -> Flights:
        """The client's part of one attempt: all of it without a queue, else the tasks up to the last central one."""
        if not self.bus.is_async:
            return self._client.flights(operation, context)
        tasks = self._client.tasks(operation, context)
        return self._client.of_tasks(tasks[: _published_from(operation, tasks)])

    def deliveries(self, operation: Write, context: Context) -> tuple[Delivery, ...]:
        """What the client has put on the bus once its own part ended well, in order."""
        if not self.bus.is_async:
            return ()
        tasks = self._client.tasks(operation, context)
        first = _published_from(operation, tasks)
        return tuple(Delivery(operation, context, task.actor, place) for place, task in enumerate(tasks[first:], start=first))

    def delivered(self, delivery: Delivery) -> Flights:
        """One delivery handled once. Raises `ContractError` when the design does not give the same tasks again."""
        tasks = self._agents.tasks(delivery.operation, delivery.context)
        if delivery.place >= len(tasks) or tasks[delivery.place].actor != delivery.actor:
            name = self._agents.design.name
            raise ContractError(f"{name}: write() gives other tasks when it is asked again for {delivery.operation.key!r}")
        return self._agents.of_tasks([tasks[delivery.place]])

    def restarted(self) -> None:
        """The agents' process starts again: it remembers nothing."""
        self._agents = WritePath(self._agents.design, self._agents.levels, self._agents.exchange)


def _published_from(operation: Write, tasks: Sequence[Task]) -> int:
    """The place of the first task that waits on a bus: the one behind the last central one, or the first where none is central.

    What makes a server or an agent known is never put on a bus.
    """
    if not is_outboxed(operation, tasks):
        return len(tasks)
    return max((place + 1 for place, task in enumerate(tasks) if task.actor == CENTRAL_ACTOR), default=0)
