"""From a specification to a workload, in the size that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from workloads.agent_rule import AgentRule
from workloads.catalogue import refusing
from workloads.catalogue.loading import Spec
from workloads.catalogue.replay_spec import ReplaySpec
from workloads.errors import InputError
from workloads.generation.make import workload_of
from workloads.generation.spec import WorkloadSpec
from workloads.replay import replay
from workloads.trace import Window, read_trace
from workloads.workload import Workload


def scaled(spec: Spec, *, messages: int | None = None, agents_per_channel: int | None = None) -> Spec:
    """The specification in another size: `messages` of people that are measured, and agents in a channel; None: as it says.

    What is stored beforehand, a storm and the people of a restart grow or shrink by the same factor. Times are not touched.
    """
    if isinstance(spec, ReplaySpec):
        rule = spec.agents if agents_per_channel is None else str(agents_per_channel)
        return spec.model_copy(update={"messages": spec.messages if messages is None else messages, "agents": rule})
    given: dict[str, object] = {}
    if agents_per_channel is not None:
        given |= {"agents_per_channel": agents_per_channel, "agents": max(spec.agents, agents_per_channel)}
    if messages is not None:
        factor = scale(spec, messages)
        storm = min(messages, round(spec.storm_channels * factor))
        given |= {
            "messages": messages - storm,
            "storm_channels": storm,
            "preload": round(spec.preload * factor),
            "restart_clients": round(spec.restart_clients * factor),
        }
    try:
        return WorkloadSpec.model_validate(spec.model_dump() | given)
    except ValidationError as error:
        raise InputError(f"in the size that is asked for: {refusing.first(error, WorkloadSpec)}") from error


def scale(spec: WorkloadSpec, messages: int) -> float:
    """The factor between the measured messages of a specification and those that are asked for."""
    return messages / max(1, spec.messages + spec.storm_channels)


def made(
    spec: Spec,
    seed: int,
    *,
    name: str,
    messages: int | None = None,
    agents_per_channel: int | None = None,
    folders: Sequence[Path] = (),
) -> Workload:
    """The workload in the size that is asked for; `folders` are where the trace of a replay may lie besides where it says.

    `parameters` hold the specification in that size, the factor of scale and the seed. Raises `InputError`.
    """
    sized = scaled(spec, messages=messages, agents_per_channel=agents_per_channel)
    if isinstance(sized, ReplaySpec):
        return _replayed(sized, seed, name, folders)
    workload = workload_of(sized, seed, name=name)
    factor = 1.0 if messages is None or isinstance(spec, ReplaySpec) else scale(spec, messages)
    return replace(workload, parameters={**workload.parameters, "scale": factor})


def _replayed(spec: ReplaySpec, seed: int, name: str, folders: Sequence[Path]) -> Workload:
    window = Window.parse(spec.window) if spec.window else None
    trace = read_trace(found_trace(spec.trace, folders), window)
    rule, rows = AgentRule.parse(spec.agents), spec.messages or None
    workload = replay(trace, rule, spec.reply_probability, seed, spec.reads, rows=rows, name=name)
    return replace(workload, parameters={**spec.model_dump(mode="json"), **workload.parameters})


def found_trace(trace: str, folders: Sequence[Path]) -> Path:
    """Where a trace lies: as it is named, else in one of the folders. Raises `InputError`."""
    places = [Path(trace), *(folder / trace for folder in folders)]
    found = next(filter(_is_there, places), None)
    if found is None:
        looked = ", ".join(str(place) for place in places)
        raise InputError(
            f"no trace {trace!r} (looked for {looked}): name the folder of traces by STOREBENCH_TRACES, or give a path"
        )
    return found


def _is_there(place: Path) -> bool:
    """Whether somebody can try to read it; who may not look is told so when it is read."""
    try:
        return place.exists()
    except OSError:
        return True
