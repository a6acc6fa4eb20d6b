"""The flights of an attempt as a gate sees them: which of the client's messages travel together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.crash.client import described
from bench.drive.drivers import Completion, Links, stepping
from bench.drive.flights import Flight, Flights

_PLAIN = ("Bind", "Describe", "Execute", "Sync")
"""What a client sends for a prepared command that travels alone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One flight of an attempt: its frontend messages from `first` to `last`, counted from 1, and its commands in words."""

    first: int
    last: int
    commands: tuple[str, ...]

    def labels(self) -> list[str]:
        """Its messages in a few words each, such as `1 Bind INSERT central`."""
        side, _, sql = self.commands[0].partition(": ")
        what = f"{sql.split()[0].upper()} {side}"
        if len(self.commands) > 1:
            what += f" and {len(self.commands) - 1} more"
        length = self.last - self.first + 1
        names = _PLAIN if length == len(_PLAIN) else [f"message {place} of {length}" for place in range(1, length + 1)]
        return [f"{number} {name} {what}" for number, name in enumerate(names, start=self.first)]


class Sent:
    """What goes over links, flight by flight; `count` tells the frontend messages that they sent so far."""

    def __init__(self, links: Links, count: Callable[[], int]) -> None:
        self._links = links
        self._count = count
        self._flights: list[Flight] = []
        self._ends: list[int] = []

    def performed(self, flights: Flights) -> Completion:
        """Perform an operation, or a part of one, to its end; it adds to what was sent before."""
        steps = stepping(self._links, flights)
        under_way = False
        while True:
            try:
                flight = next(steps)
            except StopIteration as stop:
                if under_way:
                    self._ends.append(self._count())
                completion: Completion = stop.value
                return completion
            if under_way:
                self._ends.append(self._count())
            under_way = True
            self._flights.append(flight)

    def passages(self) -> tuple[Passage, ...]:
        """All flights so far."""
        return tuple(
            Passage(before + 1, end, tuple(map(described, flight)))
            for before, end, flight in zip([0, *self._ends], self._ends, self._flights, strict=False)
        )
