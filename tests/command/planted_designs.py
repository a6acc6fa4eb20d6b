"""Designs with one planted lie each; they are what a run must catch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import MetaData

from variants.contract import CENTRAL_ACTOR, Defect, Gap, Options, Reading, Side, Task, View
from variants.dual import Dual
from workloads.operations import Context, Join, Read, Reply, Role, Send, Write


class _OverDual:
    """`dual`, with everything passed on; what lies says otherwise in one method."""

    name: str

    def __init__(self, options: Options) -> None:
        self._dual = Dual(options)
        self.tables: Mapping[Side, MetaData] = self._dual.tables

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return self._dual.write(operation, context)

    def read(self, operation: Read) -> Reading:
        return self._dual.read(operation)

    def views(self) -> Mapping[str, View]:
        return self._dual.views()

    def gaps(self) -> Sequence[Gap]:
        return self._dual.gaps()

    def defects(self) -> Sequence[Defect]:
        return self._dual.defects()


class WrongAgentRow(_OverDual):
    name = "wrong_agent_row"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        if isinstance(operation, Send) and context.recipients:
            other = super().write(replace(operation, text="something else"), context)
            return _swap(tasks, other, context.recipients[0])
        return tasks


class MissingParticipant(_OverDual):
    name = "missing_participant"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if isinstance(operation, Join) and operation.member.role is Role.USER:
            return ()
        return super().write(operation, context)


class SwappedOrder(_OverDual):
    """Each agent's first copy of a second message is dated before the first one."""

    name = "swapped_order"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        if isinstance(operation, Send) and context.recipients:
            earlier = super().write(operation, replace(context, created_at_ms=context.created_at_ms - 60_000))
            return _swap(tasks, earlier, context.recipients[0])
        return tasks


class TruncatedText(_OverDual):
    name = "truncated_text"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        if isinstance(operation, Send):
            return _swap(tasks, super().write(replace(operation, text=operation.text[:-1]), context), CENTRAL_ACTOR)
        return tasks


class LostReplyLink(_OverDual):
    name = "lost_reply_link"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if isinstance(operation, Reply):
            tasks = super().write(operation, context)
            return _swap(tasks, super().write(operation, replace(context, reply_to_id=None)), operation.agent_id)
        return super().write(operation, context)


def _swap(tasks: Sequence[Task], others: Sequence[Task], actor: str) -> Sequence[Task]:
    """The tasks with those of one actor taken from elsewhere."""
    return [other if task.actor == actor else task for task, other in zip(tasks, others, strict=True)]


def broken(_: Options) -> Dual:
    raise RuntimeError("this design cannot be built")
