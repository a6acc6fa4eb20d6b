"""What a run says of itself: `run.json`, `trial.json` of each trial, `withheld.json`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bench.results.record import Record
from bench.results.schema import DesignRecord, Phase

FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")]
"""A name that can be no path."""


class Attempt(Record):
    """One process that worked on a run. `ended` is None when it was killed: it could not say so any more.

    `error` is the line that it ended with, `trial` what it was measuring then.
    """

    started_at: str
    ended_at: str | None = None
    ended: Literal["finished", "interrupted", "failed"] | None = None
    error: str | None = None
    trial: FileName | None = None
    phases: list[Phase] = Field(default_factory=list)


class StoredFile(Record):
    """A file of a trial: its size and its SHA-256."""

    bytes: int
    sha256: str


class TrialRecord(Record):
    """`trial.json`: what a trial is and which files hold its raw data; written with them, last of all.

    `attempt` counts from 0 the processes that worked on the run. `placement` says which CPUs were used, where that was chosen.
    `stopped_early` are the safety limits that ended it before its declared end. `stolen_share` is the share of the CPUs' time that
    the hypervisor gave to others meanwhile, `load_average_1min` is of its end. `checkpoints` began amid the operations of a paired
    session, warm-up included; None for what is no such session. `digest` is that of the rest of the record.
    """

    name: FileName
    phase: str
    attempt: int
    started_at: str
    took_s: float | None
    files: dict[FileName, StoredFile]
    placement: str | None = None
    stopped_early: list[str] = Field(default_factory=list)
    stolen_share: float | None = None
    load_average_1min: float | None = None
    checkpoints: int | None = None
    digest: str = ""


class RunRecord(Record):
    """`run.json`: how the run came about, written before the first trial; at each end of a process `attempts` is made to say so.

    `code` is the SHA-256 of the sources, `workloads` gives the digest of each, `trials` the names of all that are to be measured,
    in order. `digest` is that of the rest of the record.
    """

    schema_version: int
    storebench_version: str
    commit: str | None
    dirty: bool | None
    code: str | None
    started_at: str
    arguments: list[str]
    configuration: dict[str, object]
    seed: int
    workloads: dict[str, str]
    machine: dict[str, object]
    server: dict[str, object]
    designs: dict[str, DesignRecord]
    workload_parameters: dict[str, object]
    trials: list[FileName]
    attempts: list[Attempt]
    digest: str = ""

    @property
    def phases(self) -> list[Phase]:
        """The phases of all attempts that could tell, those of one name as one."""
        found: dict[str, Phase] = {}
        for phase in (phase for attempt in self.attempts for phase in attempt.phases):
            before = found.get(phase.name)
            took_s = phase.took_s + (before.took_s if before is not None else 0)
            found[phase.name] = Phase(name=phase.name, budget_s=phase.budget_s, took_s=round(took_s, 3))
        return list(found.values())


class Withheld(Record):
    """`withheld.json`: why a run has no results."""

    reason: str
    lines: list[str]
