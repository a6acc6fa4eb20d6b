"""The agents' process: it works off what waits on its bus, and does what the bus says when its connection is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.bus.bus import ATTEMPTS_MAX, Bus
from bench.bus.path import BusPath, Delivery
from bench.drive.drivers import Completion, Links, run


@dataclass(frozen=True, slots=True)
class Handled:
    """One attempt at a delivery, and how it ended. An error of the server is logged by such a process and nothing more."""

    delivery: Delivery
    attempt: int
    completion: Completion


@dataclass(frozen=True, slots=True)
class Consumed:
    """All attempts in order, and the deliveries that will never come again though none of their attempts was told ok."""

    handled: tuple[Handled, ...]
    lost: tuple[Delivery, ...]


def consume(path: BusPath, deliveries: Sequence[Delivery], links: Links, reconnect: Callable[[], Links]) -> Consumed:
    """Work a queue off until nothing waits.

    When a connection is lost, the process goes on with those of `reconnect`. It has lost its memory with all that waited there, or
    the bus gives it what it did not acknowledge again, at most `ATTEMPTS_MAX` times.
    """
    waiting = deque((delivery, 1) for delivery in deliveries)
    handled: list[Handled] = []
    lost: list[Delivery] = []
    while waiting:
        delivery, attempt = waiting.popleft()
        completion = run(links, path.delivered(delivery))
        handled.append(Handled(delivery, attempt, completion))
        if not completion.lost:
            continue
        links = reconnect()
        path.restarted()
        if path.bus is Bus.REDELIVERED and attempt < ATTEMPTS_MAX:
            waiting.appendleft((delivery, attempt + 1))
        elif path.bus is Bus.REDELIVERED:
            lost.append(delivery)
        else:
            lost += [delivery, *(item for item, _ in waiting)]
            waiting.clear()
    return Consumed(tuple(handled), tuple(lost))
