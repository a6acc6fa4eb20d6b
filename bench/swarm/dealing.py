"""How one stream of steps is dealt to several processes, step by step. Pure.

All steps of a channel go to one process: a new channel to the one that has least so far. A step that touches more than a channel
(a member who joins a second one, the list of a server) may follow a step of another process; it waits until it is told that this
one has ended. Every process deals the whole stream in the same way and keeps its own part, so nobody has to be asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.load.stream import Step
from bench.load.things import Thing


@dataclass(frozen=True, slots=True)
class Dealt:
    """Whose step it is, and which earlier ones of other processes must have ended before it: their numbers by process."""

    process: int
    behind: tuple[tuple[int, int], ...]


class Dealer:
    """Deals steps in the order of the stream."""

    def __init__(self, processes: int) -> None:
        self._given = [0] * processes
        self._homes: dict[Thing, int] = {}
        self._last: dict[Thing, tuple[int, int]] = {}

    def deal(self, step: Step) -> Dealt:
        """The next step of the stream."""
        process = self._home(step.things)
        self._given[process] += 1
        behind = {before for thing in step.things if (before := self._last.get(thing)) is not None and before[0] != process}
        for thing in step.things:
            self._last[thing] = (process, step.number)
        return Dealt(process, tuple(sorted(behind)))

    def _home(self, things: Iterable[Thing]) -> int:
        # Of everything that is touched the channel, where there is one: it is what most steps touch.
        thing = min(things, key=lambda thing: (thing[0] != "channel", thing))
        home = self._homes.get(thing)
        if home is None:
            home = self._homes[thing] = self._given.index(min(self._given))
        return home
