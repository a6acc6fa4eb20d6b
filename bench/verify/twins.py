"""A design that is asked twice for each write: both sets of tasks get the same answers, and must ask for the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import MetaData

from variants.contract import Defect, Design, Gap, Reading, Side, Task, View, Writing
from workloads.operations import Context, Read, Write, kind_of


class Differing(Exception):
    """The same write, asked for twice, gives two things."""


class Twinned:
    """The design, with every write asked for twice. Raises `Differing` at the first action that is not the same."""

    def __init__(self, design: Design) -> None:
        self._design = design
        self.name = design.name
        self.tables: Mapping[Side, MetaData] = design.tables

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        first, second = self._design.write(operation, context), self._design.write(operation, context)
        what = f"write({kind_of(operation)} {operation.key!r})"
        named = [[(task.name, task.actor) for task in tasks] for tasks in (first, second)]
        if named[0] != named[1]:
            raise Differing(f"{what} gives the tasks {named[0]}, then {named[1]}")
        return [Task(one.name, one.actor, _both(one, two.body, what)) for one, two in zip(first, second, strict=True)]

    def read(self, operation: Read) -> Reading:
        return self._design.read(operation)

    def views(self) -> Mapping[str, View]:
        return self._design.views()

    def gaps(self) -> Sequence[Gap]:
        return self._design.gaps()

    def defects(self) -> Sequence[Defect]:
        return self._design.defects()


def _both(task: Task, twin: Writing, what: str) -> Writing:
    answer: Any = None
    while True:
        action, ended = _next(task.body, answer)
        again, ended_too = _next(twin, answer)
        if (action, ended) != (again, ended_too):
            if repr(action) == repr(again):
                raise Differing(f"{what}, {task.name}: makes a Query at each call: make it once, when the design is built")
            raise Differing(f"{what}, {task.name}: yields {action!r}, then {again!r}")
        if ended:
            return action  # type: ignore[no-any-return]  # what a body returns is looked at by the driver
        answer = yield action


def _next(body: Writing, answer: Any) -> tuple[Any, bool]:
    """What a body yields, or returns (True)."""
    try:
        return body.send(answer), False
    except StopIteration as stop:
        return stop.value, True
