"""Which part of the work a generator has. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of the work a generator has: `process` of so many, each with so many connections."""

    process: int
    processes: int
    connections: int

    @property
    def lanes(self) -> range:
        """The numbers of its connections among those of all generators."""
        return range(self.process * self.connections, (self.process + 1) * self.connections)
