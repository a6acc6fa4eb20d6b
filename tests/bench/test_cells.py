"""Which levels exist for which design, and the reason where one does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from bench.cells import cells, missing, variant_of
from bench.errors import UserError
from bench.factors import parse
from bench.registry import known, load
from tests.bench.drive.toy import Toy
from variants.contract import CENTRAL_ACTOR, Build, Indexes, NotOffered, Options, Query, Side, Statement, Task, Writing
from variants.dual import Dual
from variants.floor import Floor
from workloads.operations import Context, Send, Write

REGISTERED = load(known())


def why_not(make: Build, variant: str) -> str | None:
    design, levels = parse(variant)
    return missing(design, make, levels)


@pytest.mark.parametrize("design", REGISTERED)
def test_every_cell_of_a_design_of_ours_exists_or_says_why_not_in_one_line(design: str) -> None:
    found = list(cells(design, REGISTERED[design]))
    assert len(found) == 3 + 3 + 4 + 2 + 2 + 3
    for cell in found:
        if cell.level == cell.factor.default:
            assert cell.missing is None
        if cell.missing is not None:
            assert "\n" not in cell.missing
            assert len(cell.missing) > 20


def test_the_floor_has_no_outbox_and_nothing_to_make_sure_of() -> None:
    assert why_not(Floor, "floor[outbox]") == "no agent has a task of its own that a relay could apply"
    assert why_not(Floor, "floor[ensure=remembered]") == "it yields no Ensure: the level makes no difference"
    assert why_not(Floor, "floor[ensure=insert]") == "it yields no Ensure: the level makes no difference"
    assert why_not(Floor, "floor[joined,ids=fresh,conflict=on_conflict,retry=2+repair]") is None


def test_the_plain_design_of_the_note_has_every_level_but_indexes_that_differ_in_nothing() -> None:
    assert {(cell.factor.name, cell.level) for cell in cells("dual", Dual) if cell.missing is not None} <= {
        ("indexes", "declared"),
        ("indexes", "deployed"),
        ("indexes", "advised"),
    }


class OneForm(Dual):
    """`dual` with one level of indexes that it refuses, and two that are its own."""

    name = "one_form"

    def __init__(self, options: Options) -> None:
        if options.indexes is Indexes.DEPLOYED:
            raise NotOffered("nobody runs it")
        super().__init__(Options(options.cross_side_foreign_keys))


def test_a_level_of_indexes_is_refused_by_the_design_or_because_it_is_no_other_one() -> None:
    assert why_not(OneForm, "one_form[indexes=deployed]") == "nobody runs it"
    assert why_not(OneForm, "one_form[indexes=advised]") == "its tables at advised indexes are those that it has anyway"
    assert why_not(OneForm, "one_form") is None


class Plain(Toy):
    """The toy inserts messages by SQLAlchemy's general insert."""

    def __init__(self, options: Options) -> None:
        del options
        super().__init__()


def test_an_insert_that_cannot_be_given_an_on_conflict_is_named() -> None:
    reason = (
        "it inserts a message by a statement that is not PostgreSQL's insert of SQLAlchemy, to which ON CONFLICT could be added"
    )
    assert why_not(SendsAlone, "toy[conflict=on_conflict]") == reason
    assert why_not(SendsAlone, "toy[retry=1+repair]") == reason
    assert why_not(SendsAlone, "toy[retry=1]") is None


class SendsAlone(Plain):
    """Knows nothing but messages."""

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if not isinstance(operation, Send):
            return []
        central = Task("central", CENTRAL_ACTOR, one(self.statement(operation)))
        return [central, *(Task("agent", agent, one(self.copied(operation))) for agent in context.recipients[:1])]

    def statement(self, operation: Send) -> Statement:
        return self.add(needs_rows=False, id=operation.key, channel=operation.channel_id, place=0, text=operation.text)

    def copied(self, operation: Send) -> Statement:
        return self.copy(needs_rows=False, id=operation.key, room=operation.channel_id)


def one(statement: Statement) -> Writing:
    yield statement
    return None


class CopiesByText(SendsAlone):
    """Its agents write by a text."""

    def copied(self, operation: Send) -> Statement:
        return Query(Side.AGENT, text("INSERT INTO copies VALUES ('a', 'b')"))(needs_rows=False)


class AsksForTheRow(SendsAlone):
    """Needs the row that it inserted."""

    def statement(self, operation: Send) -> Statement:
        log = self.tables[Side.CENTRAL].tables["log"]
        adding = postgres_insert(log).values(id=operation.key, channel="c", place=0, text="t").returning(log.c.id)
        return Query(Side.CENTRAL, adding)()


class InsertsWithin(SendsAlone):
    """Inserts in a WITH."""

    def statement(self, operation: Send) -> Statement:
        log = self.tables[Side.CENTRAL].tables["log"]
        inserted = insert(log).values(id=operation.key, channel="c", place=0, text="t").returning(log.c.id).cte()
        return Query(Side.CENTRAL, inserted.select())()


@pytest.mark.parametrize(
    ("make", "variant", "reason"),
    [
        (
            CopiesByText,
            "toy[outbox]",
            "a relay could not repeat an agent's task: it inserts by a statement that is not PostgreSQL's",
        ),
        (AsksForTheRow, "toy[conflict=on_conflict]", "it inserts a message by a statement that asks for the inserted row"),
        (InsertsWithin, "toy[conflict=on_conflict]", "it inserts a message by a statement that is not PostgreSQL's insert"),
    ],
)
def test_a_stranger_s_design_is_told_what_keeps_it_from_a_level(make: Build, variant: str, reason: str) -> None:
    found = why_not(make, variant)
    assert found is not None
    assert found.startswith(reason)


def test_a_variant_that_does_not_exist_is_refused_with_the_reason() -> None:
    design, levels = parse("floor[outbox]")
    with pytest.raises(UserError, match=r"variant floor\[outbox\]: there is none: no agent has a task of its own"):
        variant_of(design, Floor, levels)


def test_a_variant_is_built_with_its_indexes() -> None:
    design, levels = parse("dual_deployed[indexes=advised]")
    built = variant_of(design, REGISTERED[design], levels)
    assert built.name == "dual_deployed"
    names = {index.name for table in built.tables[Side.AGENT].tables.values() for index in table.indexes}
    own = variant_of(design, REGISTERED[design], parse(design)[1])
    assert names != {index.name for table in own.tables[Side.AGENT].tables.values() for index in table.indexes}
