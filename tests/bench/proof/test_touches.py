"""What a shortfall touches: the table says no less than what the expected facts and answers of a whole story show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from bench.proof.masks import Kind, expected_of, masked_answer
from bench.scenes import KINDS
from bench.verify.world import BOB, CY, DIRECT, DOT, LONELY, all_reads, whole_story
from variants.shortfalls import TOUCHES, DefectKind, GapKind
from workloads.model import Model, Refused
from workloads.operations import KIND as NAMES
from workloads.operations import READS as READ_TYPES
from workloads.operations import Join, Leave, Member, Reply, Role, Write, kind_of
from workloads.projection import KEY_COLUMNS, AgentMessageRow, Projection, Row, relations

ENDS_A_GAP: Mapping[Kind, frozenset[str]] = {
    GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN: frozenset({"join_agent"}),
    GapKind.CHANNEL_ATTRIBUTES_BEFORE_MESSAGE: frozenset({"send"}),
    GapKind.CHANNEL_SERVER_BEFORE_JOIN: frozenset({"join_agent"}),
    GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT: frozenset({"add_agent"}),
    GapKind.SERVER_ATTRIBUTES_BEFORE_MESSAGE: frozenset({"send"}),
}
"""Writes after which facts are there that an earlier one left out, in rows that every design with agents' tables writes."""

UNDOES_LESS: Mapping[Kind, frozenset[str]] = {
    GapKind.MEMBERS_WITHOUT_AGENT: frozenset({"join_agent", "leave"}),
    DefectKind.AGENT_MEMBERS_NOT_WRITTEN: frozenset({"leave", "leave_agent"}),
    DefectKind.MEMBERSHIPS_REPEATED: frozenset({"leave", "leave_agent", "join_agent"}),
}
"""Writes that make nothing worse, but remove or make up for what an earlier one did otherwise."""

Cells = Mapping[tuple[object, ...], Counter[object]]


def cells(name: str, rows: Iterable[Row]) -> Cells:
    """Every cell by relation, thing and column; a copy is known by agent, channel and time: it may not tell its message."""
    found: dict[tuple[object, ...], Counter[object]] = defaultdict(Counter)
    for row in rows:
        for column, value in zip(row._fields, row, strict=True):
            found[name, *thing(name, row), column][value] += 1
    return found


def thing(name: str, row: Row) -> tuple[object, ...]:
    if isinstance(row, AgentMessageRow):
        return (row.agent, row.channel, row.created_at_ms)
    return row[: KEY_COLUMNS[name]]


def otherwise(model: Model, whole: Projection, kind: Kind) -> set[tuple[object, ...]]:
    """The cells that a design with the shortfall has otherwise, each with what it should have."""
    facts, masked = relations(whole), relations(expected_of(model, frozenset({kind})).projection)
    found: set[tuple[object, ...]] = set()
    for name in (name for name, rows in facts.items() if rows != masked[name]):
        before, after = cells(name, facts[name]), cells(name, masked[name])
        different = (cell for cell in before.keys() | after.keys() if before.get(cell) != after.get(cell))
        found |= {(*cell, str(before.get(cell))) for cell in different}
    return found


def story() -> list[Write]:
    """The scripted story; then a user comes twice, a last agent leaves, and another speaks first where it heard nothing."""
    writes: list[Write] = [step.write for step in whole_story()]
    end_ms = writes[-1].at_ms
    return [
        *writes,
        Leave("last", end_ms + 1, DIRECT, Member(BOB, Role.AGENT)),
        Join("late", end_ms + 2, LONELY, Member(CY, Role.AGENT)),
        Join("again", end_ms + 4, LONELY, Member(DOT, Role.USER)),
        Reply("first word", end_ms + 5, LONELY, CY, "hello", "agent", "l0"),
    ]


def lived(kinds: Collection[Kind]) -> tuple[Mapping[Kind, set[str]], Mapping[Kind, set[str]], Model]:
    """Kinds of write after which more is otherwise, and such after which less is, by shortfall."""
    model, worse, better = Model(), {kind: set[str]() for kind in kinds}, {kind: set[str]() for kind in kinds}
    before: dict[Kind, set[tuple[object, ...]]] = {kind: set() for kind in kinds}
    for write in story():
        try:
            model.apply(write, model.context(write))
        except Refused:
            continue
        whole = model.projection()
        for kind in kinds:
            after = otherwise(model, whole, kind)
            if after - before[kind]:
                worse[kind].add(kind_of(write))
            if before[kind] - after:
                better[kind].add(kind_of(write))
            before[kind] = after
    return worse, better, model


def test_every_kind_of_operation_that_a_shortfall_is_seen_to_touch_is_in_the_table_and_no_other() -> None:
    worse, better, model = lived(TOUCHES.keys())
    asked = tuple(all_reads(1_500_000_001_000))
    for kind, told in TOUCHES.items():
        reads = {kind_of(read) for read in asked if masked_answer(read, frozenset({kind}), model) != model.answer(read)}
        undone = UNDOES_LESS.get(kind, frozenset())
        assert told == worse[kind] | reads | undone, kind
        assert ENDS_A_GAP.get(kind, frozenset()) <= better[kind] - told, kind
    assert {GapKind.MEMBERS_WITHOUT_AGENT, *ENDS_A_GAP} == {kind for kind in GapKind if better[kind] - worse[kind] - {"delete"}}


def test_every_touched_kind_is_one_that_is_counted_or_read() -> None:
    assert frozenset().union(*TOUCHES.values()) <= {*KINDS, *(NAMES[read] for read in READ_TYPES)}
