"""Designs of a stranger, each broken in one way; each must be told in one line that names the fault."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Table, Text, select

from variants.contract import CENTRAL_ACTOR, Begin, Commit, Options, Query, Reading, Side, Statement, Task, Writing
from variants.floor import Floor
from workloads.operations import Context, Read, Write


class _Bodily(Floor):
    def body(self) -> Writing:
        raise NotImplementedError
        yield

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return [Task("central", CENTRAL_ACTOR, self.body())]


class YieldsNonsense(_Bodily):
    name = "yields_nonsense"

    def body(self) -> Writing:
        yield "INSERT"  # type: ignore[misc]  # the fault
        return None


class CommitsTwice(_Bodily):
    name = "commits_twice"

    def body(self) -> Writing:
        yield Begin(Side.CENTRAL)
        yield Commit(Side.CENTRAL)
        yield Commit(Side.CENTRAL)
        return None


class StaysOpen(_Bodily):
    name = "stays_open"

    def body(self) -> Writing:
        yield Begin(Side.CENTRAL)
        return None


class NeverEnds(_Bodily):
    name = "never_ends"

    def body(self) -> Writing:
        while True:
            yield ()


class RaisesInBody(_Bodily):
    name = "raises_in_body"

    def body(self) -> Writing:
        yield Begin(Side.CENTRAL)
        raise KeyError("lost")


class RaisesInWrite(Floor):
    name = "raises_in_write"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        raise ZeroDivisionError("by design")


class LeavesTheProgram(Floor):
    name = "leaves_the_program"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        sys.exit(0)


class WritesNothing(Floor):
    name = "writes_nothing"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return None  # type: ignore[return-value]  # the fault


class WrongParameter(Floor):
    name = "wrong_parameter"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        messages = self.tables[Side.CENTRAL].tables["messages"]
        self._named = Query(Side.CENTRAL, messages.delete().where(messages.c.id == "x"))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        return [Task(task.name, task.actor, self._broken()) for task in tasks]

    def _broken(self) -> Writing:
        yield Statement(self._named, (7,), Side.CENTRAL)
        return None


class LyingView(Floor):
    name = "lying_view"

    def views(self) -> Mapping[str, str]:
        return {**super().views(), "c_member": "SELECT 'nowhere' AS channel, 'nobody' AS member"}


class ViewWithoutColumn(Floor):
    name = "view_without_column"

    def views(self) -> Mapping[str, str]:
        return {**super().views(), "c_member": "SELECT channel_id AS channel FROM members"}


class ViewsRaise(Floor):
    name = "views_raise"

    def views(self) -> Mapping[str, str]:
        raise RuntimeError("no views today")


class OddGaps(Floor):
    name = "odd_gaps"

    def gaps(self) -> Sequence[Any]:
        return [42]


class WrongAnswers(Floor):
    name = "wrong_answers"

    def read(self, operation: Read) -> Reading:
        yield from ()
        return None  # type: ignore[return-value]  # the fault


class NoTables(Floor):
    name = "no_tables"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        del self.tables


class BadTables(Floor):
    name = "bad_tables"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        central = MetaData()
        Table("orphans", central, Column("id", Text, ForeignKey("nowhere.id")))
        self.tables = {Side.CENTRAL: central, Side.AGENT: MetaData()}


class OutOfHereError(BaseException):
    pass


class LeavesByBaseException(_Bodily):
    name = "leaves_by_base_exception"

    def body(self) -> Writing:
        yield Begin(Side.CENTRAL)
        raise OutOfHereError("none of your business")


class NeverYields(_Bodily):
    name = "never_yields"

    def body(self) -> Writing:
        yield Begin(Side.CENTRAL)
        while True:
            pass


class NeverBuilt(Floor):
    name = "never_built"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        while True:
            pass


class NeverAnswers(Floor):
    name = "never_answers"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._one = Query(Side.CENTRAL, select(self.tables[Side.CENTRAL].tables["servers"].c.id).limit(1))

    def read(self, operation: Read) -> Reading:
        while True:
            yield self._one()


class Recursive(Floor):
    name = "recursive"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return self.write(operation, context)


class Talkative(Floor):
    name = "talkative"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        print("hello")  # noqa: T201  # the fault
        return super().write(operation, context)


class OtherName(Floor):
    name = "Other Name"


not_callable = 42
