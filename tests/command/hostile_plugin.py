"""A design and a workload that do all that is asked, and whose every name and word tries to do harm where it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Column, Index, MetaData, Table, Text

from variants.contract import Gap, GapKind, Options, Query, Side, Statement, View
from variants.floor import Floor
from variants.schema.inserts import one_row
from workloads import operations as ops
from workloads.workload import Scale, Workload

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
CONTROL = "\x1b]0;owned\x07\x1b[31m\r\x08\u202e\u2066\nstorebench: forged"
MARKDOWN = "[x](http://evil.example) ![y](http://evil.example/y.png) | `*_~ https://evil.example\n# head\n| a | b |"
FORMAT = "{{7*7}} {% raw %} {0} {name} %s %(x)s ${HOME} $(id)"
SQL = "'; DROP TABLE runs; --\""
FORMULA = "=cmd()|' /C calc'!A0"
PATH = "../../escaped"
ALL = f"{FORMULA} {MARKUP} {SQL} {PATH} {FORMAT} {CONTROL} {MARKDOWN}"

TABLES = (FORMULA, MARKUP[:60], SQL + PATH, FORMAT[:60], CONTROL[:60], MARKDOWN[:60])
"""PostgreSQL cuts longer names, so SQLAlchemy refuses them."""


class Hostile(Floor):
    __doc__ = ALL
    name = "hostile"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        central = self.tables[Side.CENTRAL]
        made = [_table(name, central) for name in TABLES]
        self._extra = [Query(Side.CENTRAL, one_row(table, by_default=[table.name])) for table in made]

    def _rows(self, operation: ops.Write, context: ops.Context) -> Sequence[Statement]:
        rows = list(super()._rows(operation, context))
        if isinstance(operation, ops.CreateServer):
            rows += [query(needs_rows=False, value=f"{operation.server_id}{ALL}") for query in self._extra]
        return rows

    def views(self) -> Mapping[str, View]:
        return {name: f"{text} /* {SQL} {PATH} */" for name, text in super().views().items()}

    def gaps(self) -> Sequence[Gap]:
        return [Gap(GapKind.ID_FORM, ALL, ALL)]


def _table(name: str, metadata: MetaData) -> Table:
    """One with a key of a plain name, and a column and an index that are called as the table is."""
    table = Table(name, metadata, Column("value", Text, primary_key=True), Column(name, Text, nullable=True))
    Index(f"i{name}"[:60], table.c[name])
    return table


class Raising(Floor):
    name = "raising"

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[object]:  # type: ignore[override]  # the fault
        raise RuntimeError(ALL)


class NulTable(Floor):
    name = "nul_table"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        Table("a\0b", self.tables[Side.CENTRAL], Column("id", Text, primary_key=True))


def unbuildable(_options: Options) -> Floor:
    raise RuntimeError(ALL)


ROOM, PERSON, KEY = f"{MARKUP} {SQL} {CONTROL}", f"{FORMULA} {FORMAT} {MARKDOWN}", f"{PATH} {CONTROL} {FORMULA}"
"""An id may have 255 bytes."""

SERVER = "00000000-0000-4000-8000-000000000001"


def crowd(scale: Scale, seed: int) -> Workload:
    """A workload of rooms and people of such names."""

    def setup() -> Iterator[ops.Write]:
        yield ops.CreateServer("s", 1, SERVER, ALL, "test")
        yield ops.CreateChannel("c", 2, ROOM, SERVER, ALL, ops.ChannelKind.PUBLIC, "test", topic=ALL, metadata={ALL: ALL})
        yield ops.Join("j", 3, ROOM, ops.Member(PERSON, ops.Role.USER))

    def operations() -> Iterator[ops.Operation]:
        for number in range(scale.messages):
            yield ops.Send(f"{KEY}{number}", 10 + number, ROOM, PERSON, f"{ALL}{seed}", "test", metadata={ALL: ALL})

    return Workload(ALL, {ALL: ALL}, setup, operations)
