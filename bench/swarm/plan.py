"""What all processes of a run must agree on, in a form that can be sent to another machine: no passwords, no addresses. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from bench.errors import UserError
from bench.load.share import Share
from bench.swarm.phases import Shape
from bench.workload_registry import Asked

LIMIT_BEYOND_S = 60.0
"""So long after the last operation was due nothing more is begun."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run of one variant on one store.

    `run` counts the runs of a Locust process. The workload is named as `bench.workload_registry.Asked` has it, drawn from
    `workload_seed`; its digest must be the same everywhere. `schedule_seed` draws the due times. `rate_per_s` is the mean over the
    run. `database` is a name on the server, whose address each process knows by itself.
    """

    run: int
    variant: str
    exchange: str
    workload: str
    workload_text: str | None
    messages: int
    agents: int | None
    workload_seed: int
    workload_digest: str
    schedule_seed: int
    peer_delivery: bool
    shape: str
    users: int
    processes: int
    rate_per_s: float
    run_s: float
    database: str

    @property
    def operations(self) -> int:
        """How many operations are due."""
        return max(1, round(self.rate_per_s * self.run_s))

    @property
    def asked(self) -> Asked:
        """The workload."""
        return Asked(self.workload, self.workload_text, self.messages, self.agents)

    @property
    def limit_ns(self) -> int:
        """When nothing more is begun, after the beginning of the run."""
        return round((self.run_s + LIMIT_BEYOND_S) * 1e9)

    def share(self, process: int) -> Share:
        """The part of one process; the users are dealt out evenly."""
        return Share(process, self.processes, math.ceil(self.users / self.processes))

    def as_mapping(self) -> dict[str, Any]:
        """The plan as plain values."""
        return asdict(self)

    @classmethod
    def of(cls, values: object) -> Self:
        """The plan that another process sent. Raises `UserError` when that is none."""
        names = {field.name for field in fields(cls)}
        if not isinstance(values, Mapping) or set(values) != names or values["shape"] not in set(Shape):
            raise UserError("the master sent no plan that this worker knows: use the same version of storebench on all machines")
        return cls(**values)
