"""A design behind glass: whatever it does wrong is a `ContractError` that names the design, the operation and the fault.

A design is a stranger's code. It may raise, return something else than its contract says, or leave the program; none of that may
end a run in a traceback, or without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import MetaData

from bench.drive.errors import ContractError, Unending
from bench.errors import Terminated
from bench.watchdog import Endless
from variants.contract import Defect, Design, Gap, Reading, Side, Task, View, Writing
from workloads.operations import Context, Read, Write, kind_of

T = TypeVar("T")

_NOT_ITS_OWN = (ContractError, GeneratorExit, KeyboardInterrupt, Terminated)
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

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        what = f"write({kind_of(operation)} {operation.key!r})"
        with self._watching(what):
            tasks = list(self._design.write(operation, context))
        return [self._guarded_task(task, what) for task in tasks]

    def _guarded_task(self, task: Task, what: str) -> Task:
        if not isinstance(task, Task):
            raise ContractError(f"{self.name}: {what} gives {task!r}, which is no Task")
        return Task(f"{self.name}: {what}, {task.name}", task.actor, _body(task.body))

    def read(self, operation: Read) -> Reading:
        what = f"read({kind_of(operation)})"
        with self._watching(what):
            answer = yield from self._design.read(operation)
            if not isinstance(answer, Iterable):
                raise ContractError(f"{self.name}: {what} returns {answer!r}, which is no answer")
            return list(answer)

    def views(self) -> Mapping[str, View]:
        with self._watching("views()"):
            views = dict(self._design.views())
        for name, view in views.items():
            if not isinstance(view, str):
                raise ContractError(f"{self.name}: view {name} is {view!r}, which is no SQL text")
        return views

    def gaps(self) -> Sequence[Gap]:
        return self._declared("gaps()", self._design.gaps, Gap)

    def defects(self) -> Sequence[Defect]:
        return self._declared("defects()", self._design.defects, Defect)

    def _declared(self, what: str, declare: Callable[[], Sequence[T]], kind: type[T]) -> Sequence[T]:
        with self._watching(what):
            found = tuple(declare())
        for item in found:
            if not isinstance(item, kind):
                raise ContractError(f"{self.name}: {what} has {item!r} in it, which is no {kind.__name__}")
        return found

    @contextmanager
    def _watching(self, what: str) -> Iterator[None]:
        try:
            yield
        except _NOT_ITS_OWN:
            raise
        except Endless as error:
            raise Unending(f"{self.name}: {what} {error}") from error
        except BaseException as error:
            raise ContractError(f"{self.name}: {what} raises {type(error).__name__}: {error}") from error


def _body(body: Writing) -> Writing:
    """The body of a task; the driver puts the task's name before what it did wrong."""
    try:
        return (yield from body)
    except _NOT_ITS_OWN:
        raise
    except Endless as error:
        raise Unending(str(error)) from error
    except BaseException as error:
        raise ContractError(f"raises {type(error).__name__}: {error}") from error


WATCHED: tuple[Callable[..., object], ...] = (
    *(Guarded.__init__, Guarded.write, Guarded.read, Guarded.views, Guarded.gaps, Guarded.defects),
    _body,
)
"""The calls below which a design's own code runs, for `bench.watchdog`."""


def guard_all(designs: Mapping[str, Design]) -> dict[str, Design]:
    """Every design behind glass."""
    return {name: Guarded(design) for name, design in designs.items()}
