"""A workload as a stream of steps: each operation with all that it takes to perform and to check it. Pure.

The reference model lives through the workload beforehand, in the order of the stream. Since no operation overtakes another one that
touches the same things, what the model says then is what holds when the operation is performed, whatever others are under way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from bench.load.things import Thing, needed_messages, touched
from bench.proof.masks import Kind, masked_answer
from workloads.answers import AnswerRow
from workloads.model import Model, Refused
from workloads.operations import Context, ListChannels, ListServers, Operation, Write, kind_of
from workloads.validate import check
from workloads.workload import Workload


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: `number` is its place in the stream, `at_ms` the time that it has in the workload.

    `context` is what a design is told of a write, `refused` why the model refuses it. `answer` is what a read must answer; None
    where that may depend on operations under way beside it. `things` are what it touches, `needs` the messages it is about.
    """

    number: int
    at_ms: int
    kind: str
    operation: Operation
    context: Context | None
    refused: str | None
    answer: tuple[AnswerRow, ...] | None
    things: tuple[Thing, ...]
    needs: tuple[str, ...]


class Stream:
    """The steps of a workload in order, made as they are asked for."""

    def __init__(
        self, workload: Workload, shortfalls: frozenset[Kind], *, peer_delivery: bool, first: Iterable[Write] = ()
    ) -> None:
        """`shortfalls` are those of the design whose answers are checked; `first` comes before the workload's own set-up."""
        self._shortfalls = shortfalls
        self._model = Model(peer_delivery=peer_delivery)
        self._number = self._at_ms = 0
        self.setup = tuple(self._lived((*first, *workload.setup())))
        self._operations = workload.operations()

    def take(self, count: int) -> list[Step]:
        """The next so many steps; fewer at the end of the stream."""
        return list(self._lived(islice(self._operations, count)))

    def _lived(self, operations: Iterable[Operation]) -> Iterator[Step]:
        for operation in operations:
            check(operation)
            yield self._step(operation)

    def _step(self, operation: Operation) -> Step:
        number = self._number
        self._number += 1
        context, refused, answer = None, None, None
        if isinstance(operation, Write):
            self._at_ms = operation.at_ms
            context = self._model.context(operation)
            try:
                self._model.apply(operation, context)
            except Refused as error:
                refused = str(error)
        elif not isinstance(operation, (ListChannels, ListServers)):
            answer = tuple(masked_answer(operation, self._shortfalls, self._model))
        kind, things, needs = kind_of(operation), touched(operation), needed_messages(operation)
        return Step(number, self._at_ms, kind, operation, context, refused, answer, things, needs)


def acknowledged(setup: Iterable[Step], steps: Iterable[Step], done: Collection[int], *, peer_delivery: bool) -> Model:
    """The world in which the set-up and those steps happened whose numbers are `done`, and nothing else.

    Raises `Refused` when one of them cannot have happened without one that did not.
    """
    model = Model(peer_delivery=peer_delivery)
    for step in setup:
        _apply(model, step)
    for step in steps:
        if step.number in done:
            _apply(model, step)
    return model


def _apply(model: Model, step: Step) -> None:
    if step.context is not None and isinstance(step.operation, Write) and step.refused is None:
        model.apply(step.operation, step.context)
