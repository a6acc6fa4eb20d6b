"""A design as a readable sequence: what each operation sends, told by the design itself. No server is asked. Pure.

A design's generators are driven with made-up answers: what the operations before it stored is found, and nothing else; then the
agents find nothing at all; then nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from bench.drive.errors import ContractError, Unending
from bench.drive.flights import ACTIONS_MAX
from bench.scenes import FIRST, KINDS, WARM, WITHOUT_AGENTS, scene
from bench.show_answers import SOME_ID, Answers, Stored, made_up, mover
from variants.contract import CENTRAL_ACTOR, Begin, Commit, Design, Ensure, Rejected, Rows, Side, Statement, Task
from workloads.model import Model
from workloads.operations import (
    KIND,
    IsParticipant,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
)

FINDINGS: tuple[tuple[str, frozenset[Side]], ...] = (
    ("when all is found that was stored before", frozenset(Side)),
    ("when agents find nothing", frozenset({Side.CENTRAL})),
    ("when nothing is found", frozenset()),
)
"""Which side finds what was stored before. What a write itself is about to store is found by nobody."""

AGENTS = 2
"""Agents in the channel of every example."""

REFUSED = "refused:"

LIST_CHARACTERS = 48
"""A longer list of columns is left out."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one actor does: `lines` in order, `times` how many actors do the same.

    `added` counts the inserts of all these actors behind a `find` that finds nothing.
    """

    actor: str
    times: int
    lines: tuple[str, ...]
    added: int = field(default=0, compare=False)


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One operation: its parts by what is found, where that makes a difference. The counts are of the first."""

    title: str
    ways: tuple[tuple[str, Parts], ...]
    statements: int
    transactions: int


@dataclass(frozen=True, slots=True)
class TableLines:
    """A table: a line for each column and each index."""

    name: str
    columns: tuple[tuple[str, str, str], ...]
    indexes: tuple[str, ...]


def tables(design: Design, side: Side) -> list[TableLines]:
    """The tables of a side as they are declared."""
    return [_table(table) for table in design.tables[side].sorted_tables]


def writes(design: Design) -> Iterator[Told]:
    """Every kind of write. Raises `ContractError` when the design breaks its contract even here."""
    for kind in KINDS:
        yield _write(design, kind, WARM)
        if kind == "send":
            yield _write(design, kind, FIRST)


def reads(design: Design) -> Iterator[Told]:
    """Every kind of read."""
    made = scene("send", AGENTS, WARM, "show")
    server, channel, agent = made.server_id, made.channel_id, SOME_ID
    asked: tuple[Read, ...] = (
        *(LatestPage(channel), PageBack(channel, 1), RecallContext(agent, channel), ListChannels(server)),
        *(ListParticipants(channel), IsParticipant(channel, "user"), ListServers(agent)),
    )
    for read in asked:
        ways = _differing([(heading, partial(_read_parts, design, read, finding)) for heading, finding in FINDINGS])
        count = len(ways[0][1][0].lines)
        yield Told(KIND[type(read)], ways, count, count)


def _differing(drives: Sequence[tuple[str, Callable[[], Parts]]]) -> tuple[tuple[str, Parts], ...]:
    """What the drives give, each but once. A design need not get along with every made-up answer, but with one of them."""
    found: dict[Parts, str] = {}
    first: ContractError | None = None
    for heading, drive in drives:
        try:
            found.setdefault(drive(), heading)
        except Unending:
            raise
        except ContractError as error:
            first = first or error
    if not found and first is not None:
        raise first
    return tuple((heading, parts) for parts, heading in found.items())


def _write(design: Design, kind: str, state: str) -> Told:
    ways = _differing([(heading, partial(_parts, design, kind, state, finding)) for heading, finding in FINDINGS])
    title = f"{kind}, first contact" if state == FIRST else kind
    lines = [line for part in ways[0][1] for line in part.lines * part.times]
    began = sum(line == "BEGIN" for line in lines)
    statements = [line for line in lines if line.lstrip(" |").startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "find"))]
    alone = sum(not line.startswith("  ") for line in statements)
    added = sum(part.added for part in ways[0][1])
    return Told(title, ways, len(statements) + added, began + alone)


def _parts(design: Design, kind: str, state: str, finding: frozenset[Side]) -> Parts:
    made = scene(kind, 0 if kind in WITHOUT_AGENTS else AGENTS, state, "show")
    model, stored, told = Model(), Stored(), list[tuple[str, tuple[str, ...], int]]()
    for operation in (*made.setup, *made.target):
        is_told = operation in made.target
        sides = finding if is_told else frozenset(Side)
        context = model.context(operation)
        for task in design.write(operation, context):
            answers = Answers(stored, sides, mover(operation))
            try:
                lines = tuple(_task_lines(task, answers.to))
            except Unending:
                raise
            except ContractError as error:
                raise ContractError(f"{task.name}: {error}") from error
            answers.keep()
            if is_told:
                told.append((_actor(task), lines, answers.added))
            if lines and lines[-1].startswith(REFUSED):
                break
        model.apply(operation, context)
    grouped = ((part, [added for *_, added in same]) for part, same in groupby(told, lambda item: item[:2]))
    return tuple(Part(actor, len(added), lines, sum(added)) for (actor, lines), added in grouped)


def _actor(task: Task) -> str:
    return "central" if task.actor == CENTRAL_ACTOR else "agent"


def _task_lines(task: Task, answered: Callable[[Any], Any]) -> Iterator[str]:
    """The actions of a task; those inside a transaction are indented."""
    answer: Any = None
    inside = ""
    for _ in range(ACTIONS_MAX):
        try:
            action = task.body.send(answer)
        except StopIteration as stop:
            if isinstance(stop.value, Rejected):
                yield f"{REFUSED} {stop.value.reason}"
            return
        match action:
            case Begin():
                yield "BEGIN"
                inside, answer = "  ", None
            case Commit():
                yield "COMMIT"
                inside, answer = "", None
            case tuple():
                bar = "| " if len(action) > 1 else ""
                yield from (f"{inside}{bar}{line}" for member in action for line in _lines(member))
                answer = [answered(member) for member in action]
            case _:
                yield from (f"{inside}{line}" for line in _lines(action))
                answer = answered(action)
    raise ContractError(f"does not end: more than {ACTIONS_MAX} actions")


def _lines(action: object) -> Iterator[str]:
    match action:
        case Statement():
            yield short(action.constant.sql) + ("  -> rows" if action.needs_rows and not action.constant.writes else "")
        case Ensure():
            yield f"find {short(action.find.constant.sql)}"
            yield from (f"else {short(add.constant.sql)}" for add in action.add)
        case _:
            raise ContractError(f"yields {action!r:.80}, which is no action")


def _read_parts(design: Design, read: Read, finding: frozenset[Side]) -> Parts:
    return (Part("", 1, tuple(_read_lines(design, read, finding))),)


def _read_lines(design: Design, read: Read, finding: frozenset[Side]) -> Iterator[str]:
    reading = design.read(read)
    rows: Rows | None = None
    for _ in range(ACTIONS_MAX):
        try:
            statement = next(reading) if rows is None else reading.send(rows)
        except StopIteration:
            return
        if not isinstance(statement, Statement):
            raise ContractError(f"a read yields {statement!r:.80}, which is no statement")
        yield f"{statement.side}: {short(statement.constant.sql)}"
        rows = made_up(statement, SOME_ID) if statement.side in finding else ()
    raise ContractError(f"a read does not end: more than {ACTIONS_MAX} statements")


_SELECTED = re.compile(r"\b(SELECT(?: DISTINCT)?) ((?:(?!\bFROM\b)[^()])*) FROM ")
_VALUES = re.compile(r"^(INSERT INTO [^(]+)\(([^)]*)\) VALUES \(.*?\)(?= ON | RETURNING |$)")
_PARAMETER = re.compile(r"\$\d+(?:::[A-Z]+(?: WITHOUT TIME ZONE)?(?:\(\d+\))?(?:\[\])?)?")
_NAMED = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN) (\w+)")


def short(sql: str) -> str:
    """A statement on one line: no values of an insert, no long lists of columns, no types of parameters."""
    line = _PARAMETER.sub("?", " ".join(sql.split()))
    line = _VALUES.sub(lambda found: f"{found[1]}({_listed(found[2])})", line)
    line = _SELECTED.sub(lambda found: f"{found[1]} {_listed(found[2])} FROM ", line)
    named = set(_NAMED.findall(line))
    return line.replace(f"{named.pop()}.", "") if len(named) == 1 else line


def _listed(columns: str) -> str:
    count = columns.count(",") + 1
    return columns if len(columns) <= LIST_CHARACTERS or count == 1 else f"{count} columns"


def _table(table: Table) -> TableLines:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialect constructors are untyped
    columns = []
    for column in table.columns:
        notes = ["key"] if column.primary_key else [] if column.nullable else ["not null"]
        notes += [f"-> {key.target_fullname}" for key in sorted(column.foreign_keys, key=lambda key: key.target_fullname)]
        columns.append((column.name, column.type.compile(dialect).lower().removesuffix(" without time zone"), ", ".join(notes)))
    indexes = sorted(
        f"{'unique ' if index.unique else ''}index {index.name} ({', '.join(_named(part) for part in index.expressions)})"
        for index in table.indexes
    )
    return TableLines(table.name, tuple(columns), tuple(indexes))


def _named(part: Any) -> str:
    return str(getattr(part, "name", part))


def declared(shortfalls: Sequence[Any]) -> list[tuple[str, str, str]]:
    """Kind, reason and citation of each gap or defect."""
    return [(str(item.kind), item.reason, item.citation) for item in shortfalls]
