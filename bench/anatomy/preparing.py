"""Setting scenes up: what comes before the part that is counted, as fast as the design allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import join, shared
from bench.errors import InvalidMeasurement
from variants.contract import Design, Ensure, Group, Side, Statement, Task, Writing
from workloads.model import Model
from workloads.operations import Write


def set_up(design: Design, links: Links, model: Model, operations: Iterable[Write]) -> None:
    """Perform operations on the model and, as one transaction, on the store.

    Rows that may exist are inserted without a look, and nothing is waited for that the design does not need: a scene is mostly
    one flight. Raises `InvalidMeasurement` when the store does not take what the model takes.
    """
    tasks: list[Task] = []
    for operation in operations:
        context = model.context(operation)
        tasks += [insisting(task) for task in design.write(operation, context)]
        model.apply(operation, context)
    if tasks:
        _check(design.name, run(links, shared(join(tasks), Side.CENTRAL)))


def _check(design: str, completion: Completion) -> None:
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{design}: the set-up of a scene ended {completion.told}: {completion.reason}")


def insisting(task: Task) -> Task:
    """The same task with every `Ensure` as its insert alone: ON CONFLICT DO NOTHING leaves a row that exists."""
    return Task(task.name, task.actor, _insisting(task.body))


def _insisting(body: Writing) -> Writing:
    answer: object = None
    while True:
        try:
            action = body.send(answer)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]  # StopIteration.value is untyped
        match action:
            case Ensure():
                yield action.add
                answer = action.key
            case tuple():
                answer = _answers(action, (yield _statements(action)))
            case _:
                answer = yield action


def _statements(group: Group) -> tuple[Statement, ...]:
    return tuple(statement for member in group for statement in (member.add if isinstance(member, Ensure) else (member,)))


def _answers(group: Group, answers: Sequence[object]) -> list[object]:
    """One answer for each member: an `Ensure` has as many as it adds rows, and is answered by its key."""
    remaining = iter(answers)
    given: list[object] = []
    for member in group:
        if isinstance(member, Ensure):
            for _ in member.add:
                next(remaining)
            given.append(member.key)
        else:
            given.append(next(remaining))
    return given
