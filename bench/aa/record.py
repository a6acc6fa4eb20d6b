"""What is stored of windows, beside their raw rows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bench.results.record import Record


class WindowsRecord(Record):
    """`windows.json`: what was measured, on which machine and server. The raw rows lie beside it, a file for each window."""

    started_at: str
    storebench_version: str
    commit: str | None
    dirty: bool | None
    design: str
    workload: str
    agents: int | None
    pairs: Annotated[int, Field(ge=1)]
    seconds: Annotated[float, Field(gt=0)]
    sessions: Annotated[int, Field(ge=1)] = 1
    seed: Annotated[int, Field(ge=0)]
    planted: list[str]
    primary_kinds: list[str]
    smallest_effect: Annotated[float, Field(gt=0, le=1)]
    bootstrap_draws: Annotated[int, Field(ge=100)]
    machine: dict[str, object]
    server: dict[str, object]
    placement: str
