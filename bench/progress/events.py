"""What a run tells: one frozen event for each thing that is worth being told. Pure.

The fields are told to machines under the same names, so a name here is a promise.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


class Outcome(enum.StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    FAILED = "failed"
    WITHHELD = "withheld"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RunBegan:
    """A command begins to tell. `storebench_version` and `versions`: of this program, Python and the libraries it stands on."""

    storebench_version: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunDescribed:
    """What is measured, where and by what: `code` is the digest of the program's sources; `configuration` is the resolved one."""

    code: str | None
    seed: int
    designs: tuple[str, ...]
    configuration: Mapping[str, object]
    machine: Mapping[str, object]
    server: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase to come, with the seconds it is given."""

    name: str
    budget_s: float


@dataclass(frozen=True, slots=True)
class RunPlanned:
    """The phases to come. The bytes are upper bounds: of the results, and of the databases at their largest.

    `disk_free_bytes` is what is free where the results lie; None: not asked.
    """

    phases: tuple[PlannedPhase, ...]
    result_bytes: int | None = None
    database_bytes: int | None = None
    disk_free_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """A phase begins; `budget_s` is what it is given, `run_left_s` what the whole run may still take."""

    phase: str
    budget_s: float
    run_left_s: float


@dataclass(frozen=True, slots=True)
class PhaseEnded:
    """A phase came to its end."""

    phase: str
    budget_s: float
    took_s: float


@dataclass(frozen=True, slots=True)
class PhaseFailed:
    """A phase was cut short: `outcome` is `failed` or `interrupted`."""

    phase: str
    budget_s: float
    took_s: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TrialBegan:
    """A trial begins."""

    trial: str


@dataclass(frozen=True, slots=True)
class TrialStored:
    """A trial is in the run's folder, complete."""

    trial: str
    took_s: float


@dataclass(frozen=True, slots=True)
class TrialKept:
    """A trial was stored by an earlier attempt and is not measured again."""

    trial: str


@dataclass(frozen=True, slots=True)
class TrialFailed:
    """A trial was not stored: `outcome` is `failed` or `interrupted`."""

    trial: str
    took_s: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class HowFar:
    """`done` of the phase, from 0 to 1, and the seconds that the phase and the whole run may still take."""

    phase: str
    done: float
    phase_left_s: float
    run_left_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words for people. `logged` is what the run log may hold of them: our own words and figures, no name from outside."""

    text: str
    logged: str | None = None


@dataclass(frozen=True, slots=True)
class TraceImported:
    """A trace is written, to `file` as the user gave it. `digest` does not depend on the numbers of channels and users.

    `rejected` counts rows by the reason; `left_out` what is no message; `links_lost` rows whose link to what they answer was left
    out. `times` says how times were read.
    """

    file: str
    rows: int
    channels: int
    users: int
    rejected: Mapping[str, int]
    left_out: Mapping[str, int]
    links_lost: Mapping[str, int]
    times: str
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception without any value from outside.

    `kind` is its class; `reason` what the code says, with placeholders for values; `code` a number or name by which the system or
    the server calls it (`ENOSPC`, `57P01`); `where` file, line and function below the package; `caused_by` the exception behind it.
    """

    kind: str
    reason: str | None
    code: str | None
    where: str | None
    caused_by: Fault | None = None


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The last event. `run` and `report` are paths as the user gave them, `error` the line that the user is told.

    `fault` is the same for a bug report, and `trace` the places that an internal error came through, innermost last.
    """

    outcome: Outcome
    exit_code: int
    run: str | None = None
    report: str | None = None
    error: str | None = None
    fault: Fault | None = None
    trace: tuple[str, ...] = ()


Event = (
    RunBegan
    | RunDescribed
    | RunPlanned
    | PhaseBegan
    | PhaseEnded
    | PhaseFailed
    | TrialBegan
    | TrialStored
    | TrialKept
    | TrialFailed
    | HowFar
    | Line
    | TraceImported
    | RunEnded
)

NAMES: Mapping[type[object], str] = {
    RunBegan: "run_began",
    RunDescribed: "run_described",
    RunPlanned: "run_planned",
    PhaseBegan: "phase_began",
    PhaseEnded: "phase_ended",
    PhaseFailed: "phase_failed",
    TrialBegan: "trial_began",
    TrialStored: "trial_stored",
    TrialKept: "trial_kept",
    TrialFailed: "trial_failed",
    HowFar: "how_far",
    Line: "line",
    TraceImported: "trace_imported",
    RunEnded: "run_ended",
}
"""What machines call an event."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event and when it happened: `at` absolute, `elapsed_s` since the command began to tell."""

    event: Event
    at: datetime
    elapsed_s: float
