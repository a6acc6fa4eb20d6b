"""Small worlds for the checkers: a channel, two agents, a user; everything agrees until a test alters a row."""

from __future__ import annotations

from hypothesis import strategies as st

from bench.checker.columns import NEVER
from bench.checker.expectation import subscriptions
from bench.checker.observed import projected_rows
from bench.checker.rows import Copy, Link, Message, Operated, Read, Rows, Seen, Session
from bench.checker.telling import told_rows
from workloads.ids import named_id
from workloads.model import Model
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    Member,
    Reply,
    Role,
    Send,
    Write,
)

ANN, BOB, ZOE = named_id("ann"), named_id("bob"), "zoe"
SERVER, CHANNEL = named_id("server"), "general"
AGENTS = (ANN, BOB)

OPENING: tuple[Write, ...] = (
    CreateServer("s", 1, SERVER, "Harbour", "discord"),
    CreateChannel("c", 2, CHANNEL, SERVER, "general", ChannelKind.PUBLIC, "discord"),
    AddAgent("a1", 3, SERVER, ANN, "ann"),
    AddAgent("a2", 4, SERVER, BOB, "bob"),
    Join("j0", 5, CHANNEL, Member(ZOE, Role.USER)),
    Join("j1", 6, CHANNEL, Member(ANN, Role.AGENT)),
    Join("j2", 7, CHANNEL, Member(BOB, Role.AGENT)),
)


def send(key: str, at_ms: int, answers: str | None = None) -> Send:
    return Send(key, at_ms, CHANNEL, ZOE, f"text of {key}", "discord", answers)


def reply(key: str, at_ms: int, answers: str, agent: str = ANN) -> Reply:
    return Reply(key, at_ms, CHANNEL, agent, f"text of {key}", "discord", answers)


CHAT: tuple[Write, ...] = (
    *OPENING,
    send("m1", 10),
    reply("r1", 11, "m1"),
    send("m2", 12, "r1"),
    Edit("e1", 13, CHANNEL, "m2", "second thoughts", 1),
    send("m3", 14),
    Delete("d1", 15, CHANNEL, "m3"),
    Leave("l2", 16, CHANNEL, Member(BOB, Role.AGENT)),
    send("m4", 17),
)
"""Everything that the invariants speak of: BOB leaves before `m4`, `m3` is deleted, `m2` is edited and answers a reply."""


def correct(operations: tuple[Write, ...] = CHAT, *, peer_delivery: bool = True) -> Rows:
    """What a correct store says after these operations, all of them told ok."""
    model, rows = Model(peer_delivery=peer_delivery), Rows()
    for place, operation in enumerate(operations):
        context = model.context(operation)
        model.apply(operation, context)
        rows.add(told_rows(operation, [context], invoke_ns=10 * place, done_ns=10 * place + 5))
    rows.add(projected_rows(model.projection()))
    rows.subscription = subscriptions(rows.history)
    rows.id_map = links(rows)
    return rows


def links(rows: Rows) -> list[Link]:
    """An id of its own for everything that an agent has."""
    had = {
        *((row.agent, "server", row.server) for row in rows.a_server),
        *((row.agent, "channel", row.channel) for row in rows.a_channel),
        *((row.agent, "member", row.member) for row in rows.a_member),
        *((row.agent, "member", row.author) for row in rows.a_message),
        *((row.agent, "message", row.message) for row in rows.a_message if row.message is not None),
    }
    return [Link(agent, kind, central, f"{kind}/{central}/{agent}") for agent, kind, central in sorted(had)]


def message(rows: Rows, op: str) -> str:
    """The id under which an operation wrote."""
    return next(written.message for written in rows.written if written.op == op)


def central(rows: Rows, op: str) -> Message:
    return next(row for row in rows.c_message if row.message == message(rows, op))


def copy_of(rows: Rows, op: str, agent: str) -> Copy:
    return next(row for row in rows.a_message if row.message == message(rows, op) and row.agent == agent)


def operated(rows: Rows, op: str) -> Operated:
    return next(row for row in rows.history if row.op == op)


def told(rows: Rows, op: str, end: str) -> None:
    """Another end of an operation."""
    place = rows.history.index(operated(rows, op))
    rows.history[place] = rows.history[place]._replace(told=end, done_ns=NEVER if end == "pending" else rows.history[place].done_ns)
    rows.subscription = subscriptions(rows.history)


@st.composite
def altered_rows(draw: st.DrawFn) -> Rows:
    """A correct store and history in which anything may have been altered, doubled, taken away, told otherwise or not told."""
    rows = correct(peer_delivery=True)
    read_something(rows, draw(st.booleans()))
    names = ["c_server", "c_channel", "c_agent", "c_member", "c_message", "a_server", "a_channel", "a_member", "a_message"]
    names += ["id_map", "history", "written", "subscription", "read", "seen"]
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(names))
        relation: list[tuple[object, ...]] = getattr(rows, name)
        if relation:
            place = draw(st.integers(0, len(relation) - 1))
            match draw(st.sampled_from(["double", "drop", "swap"])):
                case "double" if name not in {"history", "written", "read"}:
                    relation.append(relation[place])
                case "drop":
                    relation.pop(place)
                case _:
                    relation[place] = _with_other_cell(draw, name, relation, place)
    for place in draw(st.sets(st.integers(0, 9), max_size=2)):
        if place < len(rows.a_message):
            rows.a_message[place] = rows.a_message[place]._replace(message=None)
    for row in draw(st.lists(st.sampled_from(["m1", "r1", "e1", "d1", "j1", "l2", "m4"]), max_size=2)):
        if any(found.op == row for found in rows.history):
            told(rows, row, draw(st.sampled_from(["ok", "fail", "info", "pending"])))
    if draw(st.booleans()):
        rows.session.append(Session("idle in transaction", "client 1"))
    return rows


_KEPT = {"history": {"op", "f", "told"}, "written": {"message"}, "read": {"read", "f"}, "seen": {"position"}}
"""Cells that make a row what it is: with others there would be two of one name, or none."""


def _with_other_cell(draw: st.DrawFn, name: str, relation: list[tuple[object, ...]], place: int) -> tuple[object, ...]:
    """The row with a cell of another row of its relation."""
    row = relation[place]
    fields: tuple[str, ...] = row._fields  # type: ignore[attr-defined]  # all rows are named tuples
    column = draw(st.sampled_from([field for field in fields if field not in _KEPT.get(name, set())]))
    other = draw(st.sampled_from(relation))
    changed: tuple[object, ...] = row._replace(**{column: getattr(other, column)})  # type: ignore[attr-defined]
    return changed


def read_something(rows: Rows, is_cut: bool) -> None:
    """A user who reads the channel twice, an agent that reads with a cursor, and a snapshot of both sides."""
    places = {row.message: row.seq for row in rows.c_message}
    now_ns = 10_000
    for number in (1, 2):
        rows.read.append(
            Read(f"page-{number}", "client", "page", CHANNEL, None, 1, 0, now_ns + number * 10, now_ns + number * 10 + 5)
        )
        rows.seen += [Seen(f"page-{number}", None, found, place) for found, place in places.items()]
    rows.read.append(Read("cursor", "reader", "cursor", CHANNEL, None, 1, 0, now_ns, now_ns + 1))
    shown = list(places.items())[1:] if is_cut else list(places.items())
    rows.seen += [Seen("cursor", None, found, place) for found, place in shown]
    rows.read.append(Read("both", "watcher", "snapshot", CHANNEL, None, 1, 0, now_ns, now_ns + 1))
    rows.seen += [Seen("both", None, row.message, row.seq) for row in rows.c_message]
    rows.seen += [Seen("both", row.agent, row.message, row.seq) for row in rows.a_message if row.message is not None]
