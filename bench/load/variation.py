"""What a variant sends under load, and which variants can be put under load. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.drive.flights import DIRECT, Flights, reading_flights
from bench.factors import Ids
from bench.latency.variants import Entry
from bench.load.stream import Step
from bench.write_path import WritePath
from workloads.operations import Context, Write


@dataclass(frozen=True, slots=True)
class Variation:
    """A variant as the generator performs it: one attempt of a step as flights, and how many more attempts a failure may have."""

    name: str
    path: WritePath

    @property
    def retry(self) -> int:
        """How many more attempts an operation gets."""
        return self.path.levels.retry

    def flights(self, step: Step, context: Context | None) -> Flights:
        """One attempt of a step."""
        operation = step.operation
        if isinstance(operation, Write):
            if context is None:
                raise ValueError("a write has a context")
            return self.path.flights(operation, context)
        return reading_flights(self.path.design.read(operation))


def loaded(entries: Sequence[Entry]) -> list[Entry]:
    """The variants that are put under load: every design, and of the variants asked for those whose client does all of the work.

    Left out are the second one of the A/A pair, joined forms that nobody asked for, outboxes (a relay's work is nobody's response),
    repairs (they read the whole store) and fresh ids (a later change must know which attempt of a message was stored).
    """
    return [
        entry
        for entry in entries
        if not entry.again and entry.levels.atomicity in DIRECT and not entry.levels.repair and entry.levels.ids is Ids.DERIVED
    ]
