"""A design behind glass: whatever it does wrong is a `ContractError` that names the design, the operation and the fault.

A design is a stranger's code. It may raise, return something else than its contract says, or leave the program; none of that may
end a run in a traceback, or without a word.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import MetaData

from bench.drive.errors import ContractError, Unending
from bench.errors import Terminated
from bench.foreign import raised, shown
from bench.outbox.table import NAME as OUTBOX
from bench.watchdog import Endless
from variants.contract import CENTRAL_ACTOR, Defect, DefectKind, Design, Gap, GapKind, Reading, Side, Task, View, Writing
from workloads.operations import AddAgent, Context, Join, Leave, Read, Reply, Write, kind_of

S = TypeVar("S", Gap, Defect)

_NOT_ITS_OWN = (ContractError, Terminated)
"""What comes through a design without being its fault, or tells it already."""


class Guarded:
    """The design, with every call into it watched. Raises `ContractError` at once when its tables are no tables."""

    def __init__(self, design: Design) -> None:
        self._design = design
        self.module = type(design).__module__
        self.name = design.name
        with self._watching("tables"):
            self.tables: Mapping[Side, MetaData] = dict(design.tables)
        for side in Side:
            if not isinstance(self.tables.get(side), MetaData):
                raise ContractError(f"{self.name}: tables has no MetaData for the {side} side")
            if OUTBOX in self.tables[side].tables:
                raise ContractError(f"{self.name}: tables has {OUTBOX}, which is the name of the harness's own table")

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        what = f"write({kind_of(operation)} {operation.key!r})"
        with self._watching(what):
            tasks = list(self._design.write(operation, context))
        actors = _actors(operation, context)
        return [self._guarded_task(task, what, actors) for task in tasks]

    def _guarded_task(self, task: Task, what: str, actors: Sequence[str]) -> Task:
        if not isinstance(task, Task):
            raise ContractError(f"{self.name}: {what} gives {shown(task)}, which is no Task")
        if task.actor not in actors:
            raise ContractError(f"{self.name}: {what} has a task of {shown(task.actor)}, who has no part in it")
        return Task(f"{self.name}: {what}, {task.name}", task.actor, _body(task.body))

    def read(self, operation: Read) -> Reading:
        what = f"read({kind_of(operation)})"
        try:
            with self._watching(what):
                answer = yield from _delegated(self._design.read(operation))
                if not isinstance(answer, Iterable):
                    raise ContractError(f"{self.name}: {what} returns {shown(answer)}, which is no answer")
                return list(answer)
        except _Closed as closed:
            raise GeneratorExit from closed

    def views(self) -> Mapping[str, View]:
        with self._watching("views()"):
            views = dict(self._design.views())
        for name, view in views.items():
            if not isinstance(view, str):
                raise ContractError(f"{self.name}: view {name} is {shown(view)}, which is no SQL text")
        return views

    def gaps(self) -> Sequence[Gap]:
        return self._declared("gaps()", self._design.gaps, Gap, GapKind)

    def defects(self) -> Sequence[Defect]:
        return self._declared("defects()", self._design.defects, Defect, DefectKind)

    def _declared(self, what: str, declare: Callable[[], Sequence[S]], form: type[S], kinds: type[enum.StrEnum]) -> Sequence[S]:
        with self._watching(what):
            found = tuple(declare())
        for item in found:
            if not isinstance(item, form):
                raise ContractError(f"{self.name}: {what} has {shown(item)} in it, which is no {form.__name__}")
            if not isinstance(item.kind, kinds):
                raise ContractError(f"{self.name}: {what} has kind {shown(item.kind)}, which is none of {kinds.__name__}")
        return found

    @contextmanager
    def _watching(self, what: str) -> Iterator[None]:
        try:
            yield
        except (*_NOT_ITS_OWN, _Closed):
            raise
        except Endless as error:
            raise Unending(f"{self.name}: {what} {error}") from error
        except BaseException as error:
            raise ContractError(f"{self.name}: {what} raises {raised(error)}") from error


class _Closed(BaseException):
    """The harness asks for no more of a generator; a GeneratorExit that is raised below is the stranger's own."""


def _delegated(inner: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """As `yield from`, but that an end which the harness wants can be told from one that the stranger raises."""
    answer: object = None
    while True:
        try:
            action = inner.send(answer)
        except StopIteration as stop:
            return stop.value
        try:
            answer = yield action
        except GeneratorExit as closing:
            inner.close()
            raise _Closed from closing


def _actors(operation: Write, context: Context) -> Sequence[str]:
    """Who may have a part in an operation: the central side, and the agents that it is of or that are to be told."""
    match operation:
        case AddAgent() | Reply():
            own: tuple[str, ...] = (operation.agent_id,)
        case Join() | Leave():
            own = (operation.member.id,)
        case _:
            own = ()
    return (CENTRAL_ACTOR, *own, *context.recipients, *context.holders)


def _body(body: Writing) -> Writing:
    """The body of a task; the driver puts the task's name before what it did wrong."""
    try:
        return (yield from _delegated(body))  # type: ignore[no-any-return]  # what a body returns is checked by the driver
    except _Closed as closed:
        raise GeneratorExit from closed
    except _NOT_ITS_OWN:
        raise
    except Endless as error:
        raise Unending(str(error)) from error
    except BaseException as error:
        raise ContractError(f"raises {raised(error)}") from error


WATCHED: tuple[Callable[..., object], ...] = (
    *(Guarded.__init__, Guarded.write, Guarded.read, Guarded.views, Guarded.gaps, Guarded.defects),
    _body,
)
"""The calls below which a design's own code runs, for `bench.watchdog`."""
