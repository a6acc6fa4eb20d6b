"""Histories that a correct store may have are accepted, however they end; one mistake is told as that mistake and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bench.checker.check import Violation, check
from bench.checker.expectation import subscriptions
from bench.checker.large import large
from bench.checker.observed import projected_rows
from bench.checker.rows import Copy, Rows, columns_of
from bench.checker.telling import told_rows
from tests.bench.checker.stories import ANN, BOB, CHANNEL, OPENING, ZOE, altered_rows, correct, links, told
from workloads.model import Model, Refused
from workloads.operations import Delete, Edit, Join, Leave, Member, Reply, Role, Send, Write

SETTINGS = settings(deadline=None, database=None, derandomize=True, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
PEOPLE = (Member(ZOE, Role.USER), Member("tom", Role.USER), Member(ANN, Role.AGENT), Member(BOB, Role.AGENT))


def found(rows: Rows, *, peer_delivery: bool = True) -> list[Violation]:
    return check(columns_of(rows, peer_delivery=peer_delivery))


@dataclass
class World:
    """A history in the making, with the store that goes with it."""

    model: Model
    rows: Rows
    messages: list[str]

    def do(self, operation: Write, end: str, *, happens: bool) -> None:
        """The operation ends so for its caller; it happens, or it does not. What the domain refuses is left out."""
        context = self.model.context(operation)
        if happens:
            try:
                self.model.apply(operation, context)
            except Refused:
                return
        at_ns = 10 * len(self.rows.history)
        self.rows.add(told_rows(operation, [context], told=end, invoke_ns=at_ns, done_ns=at_ns + 5))
        if happens and isinstance(operation, (Send, Reply)):
            self.messages.append(operation.key)

    def store(self) -> Rows:
        """The history with what a correct store says."""
        self.rows.add(projected_rows(self.model.projection()))
        self.rows.subscription = subscriptions(self.rows.history)
        self.rows.id_map = links(self.rows)
        return self.rows


@st.composite
def legal(draw: st.DrawFn, *, peer_delivery: bool = True, certain: bool = False) -> Rows:
    """A chat in which operations end ok, fail or unknown, and what is unknown happened or not."""
    world = World(Model(peer_delivery=peer_delivery), Rows(), [])
    for operation in OPENING:
        world.do(operation, "ok", happens=True)
    for number in range(draw(st.integers(0, 14))):
        end = "ok" if certain else draw(st.sampled_from(["ok", "ok", "ok", "fail", "info"]))
        happens = draw(st.booleans()) if end == "info" else end == "ok"
        world.do(draw(operations(f"x{number}", 20 + number, world.messages)), end, happens=happens)
    return world.store()


@st.composite
def operations(draw: st.DrawFn, key: str, at_ms: int, messages: list[str]) -> Write:
    kinds = ["send", "join", "leave"] + (["reply", "edit", "delete", "answer"] if messages else [])
    member, target = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(messages)) if messages else None
    match draw(st.sampled_from(kinds)):
        case "join":
            return Join(key, at_ms, CHANNEL, member)
        case "leave":
            return Leave(key, at_ms, CHANNEL, member)
        case "reply" if target is not None:
            return Reply(key, at_ms, CHANNEL, draw(st.sampled_from((ANN, BOB))), key, "discord", target)
        case "edit" if target is not None:
            return Edit(key, at_ms, CHANNEL, target, f"edited by {key}", at_ms)
        case "delete" if target is not None:
            return Delete(key, at_ms, CHANNEL, target)
        case "answer" if target is not None:
            return Send(key, at_ms, CHANNEL, ZOE, key, "discord", target)
    return Send(key, at_ms, CHANNEL, ZOE, key, "discord")


@SETTINGS
@given(rows=legal())
def test_a_legal_history_with_unknown_ends_is_accepted(rows: Rows) -> None:
    assert found(rows) == []


@pytest.mark.full
@settings(SETTINGS, max_examples=2000)
@given(rows=legal())
def test_many_more_legal_histories_are_accepted(rows: Rows) -> None:
    assert found(rows) == []


@SETTINGS
@given(rows=legal(peer_delivery=False))
def test_a_legal_history_without_peer_delivery_is_accepted(rows: Rows) -> None:
    assert found(rows, peer_delivery=False) == []


def unanswered(rows: Rows) -> list[Copy]:
    """Copies that no other copy links to, so that taking one away breaks no link."""
    answered = {(copy.agent, copy.reply_to) for copy in rows.a_message}
    return [copy for copy in rows.a_message if (copy.agent, copy.message) not in answered]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Alters one copy, which then breaks this invariant for this key."""

    name: str
    alter: Callable[[Rows, Copy], None]
    broken: Callable[[Copy], Violation]


def exchange(rows: Rows, copy: Copy, other: Copy | None) -> None:
    rows.a_message.remove(copy)
    if other is not None:
        rows.a_message.append(other)


MISTAKES = (
    Mistake("gone", lambda rows, copy: exchange(rows, copy, None), lambda copy: Violation("I4", key(copy), "central-only")),
    Mistake(
        "other text",
        lambda rows, copy: exchange(rows, copy, copy._replace(content="other")),
        lambda copy: Violation("I5", (*key(copy), "content"), "altered"),
    ),
    Mistake(
        "twice",
        lambda rows, copy: rows.a_message.append(copy),
        lambda copy: Violation("I3", (copy.agent, op_of[copy.message or ""]), "duplicate"),
    ),
    Mistake(
        "no link",
        lambda rows, copy: rows.id_map.remove(next(x for x in rows.id_map if (x.agent, x.central) == key(copy))),
        lambda copy: Violation("I11", (copy.agent, "message", copy.message or ""), "missing"),
    ),
)
op_of: dict[str, str] = {}


def key(copy: Copy) -> tuple[str, str]:
    return (copy.agent, copy.message or "")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
@SETTINGS
@given(rows=legal(certain=True), place=st.integers(0, 10**6))
def test_one_mistake_is_told_as_that_mistake_alone(mistake: Mistake, rows: Rows, place: int) -> None:
    copies = unanswered(rows)
    assume(copies)
    copy = copies[place % len(copies)]
    op_of.clear()
    op_of.update({written.message: written.op for written in rows.written})
    mistake.alter(rows, copy)
    assert found(rows) == [mistake.broken(copy)]


def names(violations: list[Violation]) -> set[tuple[str, tuple[str, ...]]]:
    return {(violation.invariant, violation.key) for violation in violations}


@SETTINGS
@given(rows=altered_rows(), op=st.sampled_from(["m1", "r1", "m2", "m3", "m4"]))
def test_knowing_less_of_a_messages_end_never_adds_a_violation(rows: Rows, op: str) -> None:
    before = names(found(rows))
    if any(row.op == op and row.told == "ok" for row in rows.history):
        told(rows, op, "info")
        assert names(found(rows)) <= before


@SETTINGS
@given(rows=altered_rows())
def test_forgetting_reads_never_adds_a_violation(rows: Rows) -> None:
    before = found(rows)
    rows.read.clear()
    rows.seen.clear()
    assert set(found(rows)) <= set(before)


@SETTINGS
@given(rows=altered_rows(), seed=st.integers(0, 1000))
def test_the_order_of_rows_and_the_names_of_processes_do_not_matter(rows: Rows, seed: int) -> None:
    before = [violation for violation in found(rows) if violation.invariant not in {"I8", "I13", "I14"}]
    for name in ("c_message", "a_message", "c_member", "a_member", "id_map", "written", "subscription", "seen"):
        random.Random(seed).shuffle(getattr(rows, name))
    rows.history[:] = [row._replace(process=f"another {row.process}") for row in rows.history]
    rows.read[:] = [row._replace(process=f"another {row.process}") for row in rows.read]
    after = [violation for violation in found(rows) if violation.invariant not in {"I8", "I13", "I14"}]
    assert after == before


def test_a_large_store_shows_exactly_what_was_planted() -> None:
    columns, planted = large(2_000)
    assert set(check(columns)) == planted
    assert len(planted) == 200
    # Every invariant looks at it: one more mistake of another kind is told too.
    told_fail = replace(columns, c_channel={name: cells[:-1] for name, cells in columns.c_channel.items()})
    assert {violation.invariant for violation in check(told_fail)} == {"I4", "I5", "I9"}


def test_stores_of_many_scenes_are_judged_at_once() -> None:
    together = Rows()
    for scene in range(3):
        rows = correct()
        renamed = {CHANNEL: f"{CHANNEL}-{scene}"}
        if scene == 1:
            rows.a_message.remove(next(copy for copy in rows.a_message if copy.agent == ANN and copy.reply_to is None))
        together.add(_renamed(rows, renamed, f"-{scene}"))
    assert {violation.invariant for violation in found(together)} <= {"I4", "I9"}
    assert any(violation.invariant == "I4" for violation in found(together))


def _renamed(rows: Rows, named: dict[str, str], suffix: str) -> Rows:
    """The rows with all texts of one world told apart from those of others."""
    words = {"ok", "client", "discord", "send", "reply", "edit", "delete", "join", "leave", "join_agent", "leave_agent"}
    words |= {"server", "channel", "member", "message", "create_server", "create_channel", "add_agent", "NULL"}

    def other(cell: object) -> object:
        return named.get(cell, cell if cell in words else f"{cell}{suffix}") if isinstance(cell, str) else cell

    changed = Rows()
    for relation in Rows.__dataclass_fields__:
        getattr(changed, relation).extend(type(row)(*map(other, row)) for row in getattr(rows, relation))
    return changed
