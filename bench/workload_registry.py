"""Which workloads there are: the named ones, files of TOML, and the entry points of the group `storebench.workloads`.

A workload of a stranger's code is lived once by the reference model before any design sees it, so that what is wrong with it is
told as its fault.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from itertools import chain
from pathlib import Path
from typing import TypeVar

from bench.errors import Terminated, UserError
from bench.foreign import raised, shown
from bench.registry import imported, origin, registered
from bench.suggesting import unknown
from workloads import catalogue
from workloads.errors import InputError
from workloads.model import Model, Refused
from workloads.operations import READS, WRITES, Operation, Reply, Send
from workloads.trace import Trace, read_trace
from workloads.validate import check as check_operation
from workloads.workload import MakeWorkload, Scale, Workload, digest

GROUP = "storebench.workloads"
TRACES = "STOREBENCH_TRACES"
"""The environment variable that names the folder of traces."""

AGENTS_PER_CHANNEL = 2
"""What a workload of a stranger's code is asked for when the run does not say."""

OPERATIONS_MIN, OPERATIONS_PER_MESSAGE = 10_000, 500
"""A workload that has more operations than these, for the messages it is asked for, never ends."""

T = TypeVar("T")
_END = object()


@dataclass(frozen=True, slots=True)
class Asked:
    """A workload by name or path, the text of its file where that was read, and its size; None: as it says itself."""

    name: str
    text: str | None = None
    messages: int | None = None
    agents_per_channel: int | None = None


def known() -> dict[str, EntryPoint]:
    """All workloads of entry points by name; none of them is loaded yet."""
    found = registered(GROUP, "workload")
    for name in catalogue.names():
        if name in found:
            raise UserError(
                f"workload name {name!r} ({origin(found[name])}) is that of a named workload: mend or uninstall that distribution"
            )
    return dict(sorted(found.items()))


def check(name: str, text: str | None = None) -> None:
    """Raise `UserError` in one line when there is no such workload, or its file is none; nothing is imported."""
    if catalogue.is_path(name) or catalogue.exists(name):
        _named(name, text)
    elif name not in (entries := known()):
        raise UserError(unknown("workload", name, [*catalogue.names(), *entries]))


def workloads(asked: Asked, seeds: Iterable[int]) -> list[Workload]:
    """The workload that is asked for, once for each seed; one that does not exist or cannot be is refused in one line."""
    if catalogue.is_path(asked.name) or catalogue.exists(asked.name):
        found = _named(asked.name, asked.text)
        size = {"messages": asked.messages, "agents_per_channel": asked.agents_per_channel}
        try:
            return [catalogue.made(found.spec, seed, name=found.name, folders=trace_folders(), **size) for seed in seeds]
        except InputError as error:
            raise UserError(f"workload {found.name}: {error}") from error
    make = load(asked.name)
    if asked.messages is None:
        raise UserError(f"workload {asked.name!r} has no size of its own: say how many messages by latency_messages")
    agents = AGENTS_PER_CHANNEL if asked.agents_per_channel is None else asked.agents_per_channel
    return [made(asked.name, make, Scale(asked.messages, agents), seed) for seed in seeds]


def read_named_trace(path: Path) -> Trace:
    """A trace by its path, or by its name in the folder of traces. Raises `UserError` in one line."""
    try:
        return read_trace(catalogue.found_trace(str(path), trace_folders()))
    except InputError as error:
        raise UserError(str(error)) from error


def trace_folders() -> list[Path]:
    """Where traces lie that a workload names without a path."""
    folder = os.environ.get(TRACES)
    return [Path(folder)] if folder else []


def load(name: str) -> MakeWorkload:
    """What makes the workload of an entry point; an unknown one, or one that cannot be imported, is refused in one line."""
    entries = known()
    if name not in entries:
        raise UserError(unknown("workload", name, [*catalogue.names(), *entries]))
    make: MakeWorkload = imported(entries[name], "workload")
    return make


def made(name: str, make: MakeWorkload, scale: Scale, seed: int) -> Workload:
    """The workload of this scale and seed, when every operation of it is one that the rules allow; else `UserError`."""
    workload: object = _called(name, make, scale, seed)
    if not isinstance(workload, Workload):
        raise UserError(f"workload {name!r} gives {shown(workload)}, which is no Workload")
    _described(name, workload)
    _lived(name, workload, OPERATIONS_MIN + OPERATIONS_PER_MESSAGE * scale.messages)
    if digest(workload) != digest(workload):
        raise UserError(f"workload {name!r} is another one each time it is asked for: draw everything from its seed")
    return workload


def specification(name: str) -> catalogue.Named:
    """What a named workload or a file says; one of an entry point, or an unknown one, is refused in one line."""
    if not catalogue.is_path(name) and not catalogue.exists(name) and name in known():
        raise UserError(f"workload {name!r} is code of an entry point: only named workloads and files of TOML say their parameters")
    return _named(name, None)


def _named(name: str, text: str | None) -> catalogue.Named:
    try:
        return catalogue.read(name, text if catalogue.is_path(name) else None)
    except InputError as error:
        raise UserError(str(error)) from error


def _described(name: str, workload: Workload) -> None:
    if not isinstance(workload.name, str):
        raise UserError(f"workload {name!r} is named {shown(workload.name)}, which is no text")
    try:
        json.dumps(dict(workload.parameters))
    except (TypeError, ValueError) as error:
        raise UserError(f"workload {name!r} has parameters that JSON cannot hold: {raised(error)}") from error


def _lived(name: str, workload: Workload, operations_max: int) -> None:
    model, messages = Model(), 0
    parts = ((workload.setup, WRITES), (workload.operations, (*WRITES, *READS)))
    operations = chain.from_iterable(_each(name, part, kinds) for part, kinds in parts)
    for number, operation in enumerate(operations, start=1):
        if number > operations_max:
            raise UserError(f"workload {name!r} does not end: more than {operations_max} operations")
        try:
            check_operation(operation)
            if isinstance(operation, WRITES):
                model.apply(operation, model.context(operation))
        except (InputError, Refused) as error:
            raise UserError(f"workload {name!r}: operation {number} is not allowed: {error}") from error
        except (TypeError, ValueError, AttributeError) as error:
            raise UserError(f"workload {name!r}: operation {number} is not allowed: {raised(error)}") from error
        messages += isinstance(operation, (Send, Reply))
    if not messages:
        raise UserError(f"workload {name!r} has no message: there is nothing to compare")


def _each(name: str, part: Callable[[], Iterable[Operation]], kinds: tuple[type[Operation], ...]) -> Iterator[Operation]:
    """The operations of one part, each asked for by a call of its own."""
    iterator = _called(name, lambda: iter(part()))
    while (operation := _called(name, lambda: next(iterator, _END))) is not _END:
        if not isinstance(operation, kinds):
            raise UserError(f"workload {name!r} yields {shown(operation)}, which is no operation that may stand there")
        yield operation


def _called(name: str, call: Callable[..., T], *arguments: object) -> T:
    """What a call into a workload gives; whatever it raises is told as the workload's fault."""
    try:
        return call(*arguments)
    except Terminated:
        raise
    except BaseException as error:
        raise UserError(f"workload {name!r} raises {raised(error)}") from error


WATCHED = (_called,)
"""The calls below which a workload's own code runs, for `bench.watchdog`."""
