"""A clock that is set by hand, and listeners that remember or fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.progress.events import Event, Told
from bench.progress.telling import Listener, Teller

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s

    def moment(self) -> datetime:
        return START + timedelta(seconds=self.now_s)


@dataclass
class Ear:
    """Remembers what it heard."""

    heard: list[Told] = field(default_factory=list)
    name: str = "the ear"
    closed: bool = False

    def hear(self, told: Told) -> None:
        self.heard.append(told)

    def close(self) -> None:
        self.closed = True

    def events(self) -> list[Event]:
        return [told.event for told in self.heard]


@dataclass
class Broken(Ear):
    """Fails from its second event on."""

    failure: Exception = field(default_factory=lambda: OSError(28, "No space left on device"))

    def hear(self, told: Told) -> None:
        if self.heard:
            raise self.failure
        super().hear(told)


def teller(clock: Clock, *listeners: Listener) -> Teller:
    return Teller(*listeners, clock=clock, now=clock.moment)
