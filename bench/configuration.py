"""What a run does, resolved: every number that shapes it, with its unit, stored with the results."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bench.errors import UserError
from bench.registry import NARROW, OURS
from workloads.agent_rule import AGENTS_MAX

Agents = Annotated[int, Field(ge=0, le=AGENTS_MAX)]
"""Agents in a channel."""


class Configuration(BaseModel):
    """The default run. Times are limits in seconds; a phase that reaches its limit stops and says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = Field(1, ge=0, lt=2**63, description="seeds workloads, order of variants and bootstrap")
    designs: tuple[str, ...] = Field(OURS, min_length=1)
    anatomy_agents: tuple[Agents, ...] = Field((0, 1, 2, 4), description="agents per channel at which writes are counted")
    anatomy_scenes: int = Field(4, ge=1, le=1000, description="operations counted for each cell")
    workload: str = Field("chat", description="the registered workload of the paired runs")
    latency_agents: int = Field(2, ge=0, le=50, description="agents per channel of the paired workload")
    latency_sessions: int = Field(4, ge=1, le=1000, description="fresh databases and connections, the outer bootstrap level")
    latency_messages: int = Field(600, ge=1, le=10**7, description="user messages a session, unless its time is over first")
    latency_session_s: float = Field(12.0, gt=0, description="measured seconds a session at the most")
    latency_warmup_messages: int = Field(20, ge=0, description="first messages of a session, recorded as warm-up")
    crash_agents: tuple[Agents, ...] = Field((2,), description="agents per channel at which operations are broken")
    reads_rows: int = Field(6_000, ge=0, le=10**7, description="messages of the stores that reads are measured on; 0: no reads")
    reads_sessions: int = Field(4, ge=1, le=1000, description="fresh connections to them, the outer bootstrap level")
    reads_session_s: float = Field(3.0, gt=0, description="measured seconds of each")
    bootstrap_draws: int = Field(2000, ge=100, le=100_000)
    variants: tuple[str, ...] = Field((), description="more variants in the paired runs, such as dual[ensure=remembered]")
    peer_delivery: bool = Field(True, description="an agent's reply is delivered to the channel's other agents")


class TraceConfiguration(BaseModel):
    """A replay of a trace: closed loop, in trace order, one transaction for each side."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = Field(1, ge=0, lt=2**63)
    designs: tuple[str, ...] = Field(NARROW, min_length=1)
    trace: Path
    window: str | None = Field(None, description="START:LENGTH in seconds of the trace's own time; all of it when absent")
    agents: str = Field("1,50:2,top10:4", description="agents of a room by its activity")
    reply: float = Field(0.15, ge=0, le=1, description="probability that an agent answers a user's message")
    bootstrap_draws: int = Field(2000, ge=100, le=100_000)
    variants: tuple[str, ...] = Field((), description="more variants in the replay, such as dual[joined]")
    peer_delivery: bool = Field(True, description="an agent's reply is delivered to the channel's other agents")


C = TypeVar("C", bound=BaseModel)


def resolve(kind: type[C], given: Mapping[str, object], settings: Iterable[str]) -> C:
    """A configuration from what the command line gave (None: not given) and `key=value` settings, which win.

    A value is JSON, or else text; a list may be given with commas. What does not fit is refused in one line.
    """
    values = {key: value for key, value in given.items() if value is not None}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise UserError(f"--set {setting!r}: write key=value")
        if key not in kind.model_fields:
            raise UserError(f"--set {key}: unknown; known are {', '.join(kind.model_fields)}")
        value = _value(text)
        one_of_many = isinstance(value, (str, int)) and kind.model_fields[key].default.__class__ is tuple
        values[key] = [value] if one_of_many else value
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UserError(f"{where} = {first['input']!r}: {first['msg']}") from error


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        # A comma within brackets belongs to the name of a variant.
        parts = [part.strip() for part in re.split(r",(?![^\[\]]*\])", text)]
        return [_value(part) for part in parts] if len(parts) > 1 else text
