"""Designs that break one property each, and hardly any other: what `verify` must be able to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, column, insert, select, table

from variants.contract import (
    CENTRAL_ACTOR,
    UNOBSERVED,
    Commit,
    Defect,
    DefectKind,
    Gap,
    GapKind,
    Options,
    Query,
    Reading,
    Rejected,
    Side,
    Task,
    Writing,
)
from variants.floor import Floor
from workloads.operations import (
    Context,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    ListServers,
    Member,
    Read,
    Role,
    Write,
)


class WritingView(Floor):
    name = "writing_view"

    def views(self) -> Mapping[str, str]:
        writing = "SELECT channel_id AS channel, member_id AS member FROM members FOR UPDATE"
        return {**super().views(), "c_member": writing}


class ViewMissing(Floor):
    name = "view_missing"

    def views(self) -> Mapping[str, str]:
        return {name: view for name, view in super().views().items() if name != "c_message"}


class UnknownTable(Floor):
    name = "unknown_table"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._lost = Query(Side.CENTRAL, insert(table("lost_and_found", column("id", Text))).values(id="x"))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return [Task("central", CENTRAL_ACTOR, self._lose())]

    def _lose(self) -> Writing:
        yield self._lost(needs_rows=False)
        return None


class UnknownColumn(Floor):
    name = "unknown_column"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._colours = Query(Side.CENTRAL, select(table("servers", column("colour", Text)).c.colour))

    def read(self, operation: Read) -> Reading:
        if isinstance(operation, ListServers):
            return [(colour, "") for (colour,) in (yield self._colours())]
        return (yield from super().read(operation))


class NeverTheSame(Floor):
    name = "never_the_same"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._numbers = count()

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if isinstance(operation, CreateServer):
            operation = replace(operation, name=f"server {next(self._numbers)}")
        return super().write(operation, context)


class AcceptsEveryEdit(Floor):
    name = "accepts_every_edit"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if isinstance(operation, Edit):
            return [Task(task.name, task.actor, self._careless(task.body)) for task in super().write(operation, context)]
        return super().write(operation, context)

    def _careless(self, body: Writing) -> Writing:
        if (yield from body) is not None:
            yield Commit(Side.CENTRAL)
        return None


class RejectsLate(Floor):
    name = "rejects_late"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if isinstance(operation, Delete):
            return [*super().write(operation, context), Task("regret", CENTRAL_ACTOR, self._regret())]
        return super().write(operation, context)

    def _regret(self) -> Writing:
        yield from ()
        return Rejected("on second thought")


class TrimsIds(Floor):
    """Wrong only where two ids differ in the spaces around them alone, which no scripted story has."""

    name = "trims_ids"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if isinstance(operation, (Join, Leave)) and operation.member.role is Role.USER:
            operation = replace(operation, member=Member(operation.member.id.strip(" "), Role.USER))
        return super().write(operation, context)


class AnswersTwice(Floor):
    name = "answers_twice"

    def read(self, operation: Read) -> Reading:
        answer = yield from super().read(operation)
        return [*answer, *answer]


class GapWithoutReason(Floor):
    name = "gap_without_reason"

    def gaps(self) -> Sequence[Gap]:
        return (Gap(GapKind.ID_FORM, "", "nowhere"),)


class OwnKindOfDefect(Floor):
    name = "own_kind_of_defect"

    def defects(self) -> Sequence[Defect]:
        return (Defect("bad temper", "it is so", "seen"),)  # type: ignore[arg-type]  # the fault


class IdleDefect(Floor):
    name = "idle_defect"

    def defects(self) -> Sequence[Defect]:
        return (Defect(DefectKind.EDIT_LEAVES_COPIES, "it says so", "nowhere"),)


class UnseenColumn(Floor):
    name = "unseen_column"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.tables[Side.CENTRAL].tables["members"].append_column(Column("colour", Text))


class UnseenKey(Floor):
    """A key of any server passes: only one that is nowhere is refused."""

    name = "unseen_key"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        servers, channels = (self.tables[Side.CENTRAL].tables[name] for name in ("servers", "channels"))
        homes = Table(
            "homes",
            self.tables[Side.CENTRAL],
            Column("channel_id", Text, ForeignKey(channels.c.id), primary_key=True),
            Column("server_id", servers.c.id.type, ForeignKey(servers.c.id)),
        )
        self._home = Query(Side.CENTRAL, insert(homes).values(channel_id=bindparam("channel"), server_id=bindparam("server")))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if not isinstance(operation, CreateChannel):
            return super().write(operation, context)
        kept = Task("home", CENTRAL_ACTOR, self._kept(operation))
        return [*super().write(operation, context), kept]

    def _kept(self, operation: CreateChannel) -> Writing:
        yield self._home(needs_rows=False, channel=operation.channel_id, server=operation.server_id)
        return None


class UnseenEntry(Floor):
    """Its view reads one entry of a document that has two."""

    name = "unseen_entry"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.tables[Side.CENTRAL].tables["servers"].c.metadata.info[UNOBSERVED] = {"client.region": "nobody reads it", "a": "b"}

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if isinstance(operation, CreateServer):
            operation = replace(operation, metadata={"client": operation.metadata, "mood": "good"})
        return super().write(operation, context)

    def views(self) -> Mapping[str, str]:
        views = super().views()
        return {**views, **{name: _client(views[name]) for name in ("c_server", "a_server")}}


def _client(view: str) -> str:
    return view.replace("s.metadata", "s.metadata -> 'client' AS metadata").replace(
        "source_id, metadata", "source_id, metadata -> 'client' AS metadata"
    )


class StaleReason(Floor):
    name = "stale_reason"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.tables[Side.CENTRAL].tables["messages"].c.text.info[UNOBSERVED] = "nobody reads it"


class EmptyTable(Floor):
    name = "empty_table"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        Table("attic", self.tables[Side.CENTRAL], Column("id", Text, primary_key=True))


class UnseenRow(Floor):
    name = "unseen_row"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        diary = Table("diary", self.tables[Side.CENTRAL], Column("id", Text, info={UNOBSERVED: "it is my own"}))
        self._note = Query(Side.CENTRAL, insert(diary).values(id="x"))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        return [*super().write(operation, context), Task("diary", CENTRAL_ACTOR, self._noted())]

    def _noted(self) -> Writing:
        yield self._note(needs_rows=False)
        return None


class OneFormOnly(Floor):
    name = "one_form_only"

    def __init__(self, options: Options) -> None:
        if not options.cross_side_foreign_keys:
            raise RuntimeError("never thought of that")
        super().__init__(options)
