"""Which workloads there are: the entry points of the group `storebench.workloads`, ours and a stranger's alike.

A workload is lived once by the reference model before any design sees it, so that what is wrong with it is told as its fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import EntryPoint
from itertools import chain
from typing import TypeVar

from bench.errors import Terminated, UserError
from bench.foreign import raised, shown
from bench.registry import imported, registered
from bench.suggesting import unknown
from workloads.errors import InputError
from workloads.model import Model, Refused
from workloads.operations import READS, WRITES, Operation, Reply, Send
from workloads.validate import check
from workloads.workload import MakeWorkload, Scale, Workload, digest

GROUP = "storebench.workloads"

OPERATIONS_MIN, OPERATIONS_PER_MESSAGE = 10_000, 500
"""A workload that has more operations than these, for the messages it is asked for, never ends."""

T = TypeVar("T")
_END = object()


def known() -> dict[str, EntryPoint]:
    """All registered workloads by name; none of them is loaded yet."""
    return dict(sorted(registered(GROUP, "workload").items()))


def load(name: str) -> MakeWorkload:
    """What makes the workload of this name; an unknown one, or one that cannot be imported, is refused in one line."""
    entries = known()
    if name not in entries:
        raise UserError(unknown("workload", name, entries))
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
            check(operation)
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
