"""Readers of older schemas: what version 1 stored, told in the words of today. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bench.results.run_record import TrialRecord
from bench.results.schema import SCHEMA_VERSION

_PHASE_OF = {
    "anatomy": "write anatomy",
    "crash": "crash points",
    "latency": "paired latency",
    "reads": "paired reads",
    "paths": "code paths",
}
_ORDER_OF_1 = ("anatomy", "crash", "latency", "reads", "paths")


def run_of_1(value: Mapping[str, object], trials: Iterable[str]) -> dict[str, object]:
    """`run.json` of version 1 as a record of today, still to be validated.

    It was written at the end of a run, so its trials are all that were planned and its one attempt is finished.
    """
    kept = {key: field for key, field in value.items() if key not in {"phases", "placement"}}
    started = value.get("started_at")
    attempt = {"started_at": started, "ended": "finished", "phases": value.get("phases")}
    planned = sorted(trials, key=_place)
    return kept | {"schema_version": SCHEMA_VERSION, "code": None, "trials": planned, "attempts": [attempt]}


def trials_of_1(run: Mapping[str, object], trials: Iterable[str]) -> list[TrialRecord]:
    """What version 1 knew of its trials: CPUs were told once for all of them, files had no digests, and times are not known."""
    placement = run.get("placement")
    return [
        TrialRecord(
            name=name,
            phase=_PHASE_OF.get(name.partition("-")[0], name),
            attempt=0,
            started_at=str(run.get("started_at")),
            took_s=None,
            files={},
            placement=str(placement) if placement and name.startswith("latency") else None,
        )
        for name in trials
    ]


def _place(trial: str) -> tuple[int, str]:
    first = trial.partition("-")[0]
    return (_ORDER_OF_1.index(first) if first in _ORDER_OF_1 else len(_ORDER_OF_1)), trial
