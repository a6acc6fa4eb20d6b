"""Odd histories, legal and not, each with what is wrong with it by the words of the invariants: known answers for both checkers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bench.checker.columns import RELATIONS, Kind
from bench.checker.expectation import subscriptions
from bench.checker.rows import Link, Rows
from bench.checker.violation import Violation
from bench.mutants.victims import copied
from tests.bench.checker.stories import (
    ANN,
    BOB,
    CHANNEL,
    OPENING,
    SERVER,
    ZOE,
    copy_of,
    correct,
    links,
    message,
    reply,
    send,
    told,
)
from workloads.ids import named_id
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    Delete,
    Edit,
    Join,
    Leave,
    Member,
    Role,
    Send,
    Write,
)


@dataclass(frozen=True, slots=True)
class Odd:
    """One history with its store, and all that is wrong with it."""

    name: str
    rows: Rows
    wrong: frozenset[Violation]
    peer_delivery: bool = True


def odd(name: str, rows: Rows, *wrong: Violation, peer_delivery: bool = True) -> Odd:
    return Odd(name, copied(rows), frozenset(wrong), peer_delivery)


def again(rows: Rows) -> Rows:
    """With the subscriptions and ids that follow from the rest."""
    rows.subscription = subscriptions(rows.history)
    rows.id_map = links(rows)
    return rows


def _renamed(rows: Rows, names: Mapping[str, str]) -> Rows:
    """The rows with other ids; words stay as they are."""
    changed = Rows()
    for relation, kinds in RELATIONS.items():
        for row in getattr(rows, relation):
            cells = {column: names.get(cell, cell) if kinds[column] is Kind.ID else cell for column, cell in row._asdict().items()}
            getattr(changed, relation).append(type(row)(**cells))
    return again(changed)


def _names() -> Iterable[Odd]:
    """Ids that a careless comparison would take for one another, and ids that are words of the checkers themselves."""
    chat = correct()
    ids = {op: message(chat, op) for op in ("m1", "r1", "m2", "m3", "m4")}
    for name, texts in {
        "ids that differ in their normal form, their case or a space": ("é", "e\u0301", "É", "é ", " é"),
        "ids that begin with each other": ("m", "m1", "m10", "m1\n", "m1-1"),
        "ids that look like keys of the checkers": ("#7", "=central", "NULL", "\\N", '"'),
        "ids that are words": ("send", "ok", "central", "message", "id"),
    }.items():
        named = dict(zip(ids.values(), texts, strict=True))
        yield odd(name, _renamed(chat, named))
        gone = _renamed(chat, named)
        gone.a_message.remove(next(copy for copy in gone.a_message if copy.message == texts[4]))
        yield odd(f"{name}, one copy gone", again(gone), Violation("I4", (ANN, texts[4]), "central-only"))
    people = _renamed(chat, {ANN: "central", BOB: "NULL", ZOE: "ok", CHANNEL: "message", SERVER: "reply"})
    yield odd("an agent called central, another called NULL, a user called ok", people)
    people.id_map.append(Link(None, "member", "ok", "the central side's own"))
    yield odd("an agent called central beside the central side's own id", people)
    people.id_map.append(Link(None, "member", "ok", "another of the central side"))
    yield odd("two ids of the central side", people, Violation("I11", ("central", "member", "ok"), "ambiguous"))


def _few_and_many() -> Iterable[Odd]:
    """No channel, an empty one, no agent, fifty agents."""
    yield odd("a server without a channel", correct(OPENING[:1]))
    yield odd("a channel without a member", correct(OPENING[:2]))
    yield odd("a channel without a message", correct(OPENING))
    alone = (OPENING[0], OPENING[1], OPENING[4], send("m1", 10), send("m2", 11, "m1"), Delete("d", 12, CHANNEL, "m2"))
    yield odd("no agent", correct(alone))
    lost = correct(alone)
    lost.c_message.clear()
    yield odd("no agent, a message lost", lost, Violation("I1", ("m1",), "lost"))
    agents = [named_id(f"agent {number}") for number in range(50)]
    adding = [AddAgent(f"a{n}", 10 + n, SERVER, agent, f"agent {n}") for n, agent in enumerate(agents)]
    joining = [Join(f"join {n}", 100 + n, CHANNEL, Member(agent, Role.AGENT)) for n, agent in enumerate(agents)]
    crowd = (OPENING[0], OPENING[1], OPENING[4], *adding, *joining, send("m1", 200), reply("r1", 201, "m1", agents[36]))
    yield odd("fifty agents", correct(crowd))
    one_less = correct(crowd)
    one_less.a_message.remove(copy_of(one_less, "r1", agents[49]))
    only = Violation("I4", (agents[49], message(one_less, "r1")), "central-only")
    yield odd("fifty agents, one of them not told", again(one_less), only)


_TWO_CHANNELS: tuple[Write, ...] = (
    *OPENING,
    CreateChannel("c2", 8, "other", SERVER, "other", ChannelKind.PUBLIC, "discord"),
    Join("j3", 9, "other", Member(ZOE, Role.USER)),
    Join("j4", 10, "other", Member(ANN, Role.AGENT)),
    send("m1", 20),
    Send("n1", 20, "other", ZOE, "text", "discord"),
    Send("n2", 21, "other", ZOE, "text", "discord"),
    send("m2", 21),
)


def _members() -> Iterable[Odd]:
    """An agent in two channels, one who joins twice, one who comes back."""
    yield odd("an agent in two channels", correct(_TWO_CHANNELS))
    moved = correct(_TWO_CHANNELS)
    copy = copy_of(moved, "n1", ANN)
    moved.a_message[moved.a_message.index(copy)] = copy._replace(channel=CHANNEL)
    altered = Violation("I5", (ANN, message(moved, "n1"), "channel"), "altered")
    yield odd("a copy in another channel of its agent", again(moved), altered)
    shared = correct(_TWO_CHANNELS)
    leaked = copy_of(shared, "n2", ANN)._replace(agent=BOB)
    shared.a_message.append(leaked)
    again(shared).id_map.append(Link(BOB, "channel", "other", "the other channel of bob"))
    yield odd("a copy at an agent of another channel", shared, Violation("I12", (BOB, str(leaked.message)), "leaked"))

    twice = (*OPENING, Join("again", 8, CHANNEL, Member(ZOE, Role.USER)), Join("again too", 9, CHANNEL, Member(ANN, Role.AGENT)))
    yield odd("who is there joins again", correct((*twice, send("m1", 20))))
    doubled = correct((*twice, send("m1", 20)))
    doubled.c_member.append(next(row for row in doubled.c_member if row.member == ZOE))
    yield odd("who joined again is there twice", doubled, Violation("I10", ("central", CHANNEL, ZOE), "duplicate"))

    bob = Member(BOB, Role.AGENT)
    back = (*OPENING, send("m1", 10), Leave("l", 11, CHANNEL, bob), send("m2", 12), Join("back", 13, CHANNEL, bob), send("m3", 14))
    yield odd("one leaves and comes back", correct(back))
    meanwhile = correct(back)
    meanwhile.a_message.append(copy_of(meanwhile, "m2", ANN)._replace(agent=BOB))
    yield odd("told while it was away", again(meanwhile), Violation("I12", (BOB, message(meanwhile, "m2")), "leaked"))
    forgotten = correct(back)
    forgotten.a_message.remove(copy_of(forgotten, "m3", BOB))
    only = Violation("I4", (BOB, message(forgotten, "m3")), "central-only")
    yield odd("not told after it came back", again(forgotten), only)
    unsure = correct(back)
    told(unsure, "l", "info")
    yield odd("a leave of unknown end", unsure)
    unsure.a_message.append(copy_of(unsure, "m2", ANN)._replace(agent=BOB))
    yield odd("a leave of unknown end, told meanwhile", again(unsure))


_EDITED: tuple[Write, ...] = (
    *OPENING,
    send("m1", 10),
    Edit("e1", 11, CHANNEL, "m1", "one", 1),
    Edit("e2", 12, CHANNEL, "m1", "two", 2),
)


def _at_revs(ends: Mapping[str, str], in_central: int, at_ann: int, at_bob: int) -> Rows:
    """Both edits ended so, and each holder has the message with that edit number."""
    rows = correct(_EDITED)
    for op, end in ends.items():
        told(rows, op, end)
    rows.c_message[:] = [row._replace(rev=in_central, content=f"edit {in_central}") for row in rows.c_message]
    revs = {ANN: at_ann, BOB: at_bob}
    rows.a_message[:] = [row._replace(rev=revs[row.agent], content=f"edit {revs[row.agent]}") for row in rows.a_message]
    return rows


def _edits() -> Iterable[Odd]:
    """Edits that overlap, of which nobody knows whether they happened; deletes of what was edited."""
    unknown, second = {"e1": "info", "e2": "info"}, {"e2": "info"}
    it = message(correct(_EDITED), "m1")

    def at(agent: str) -> Violation:
        return Violation("I5", (agent, it, "content"), "altered")

    for rev in (0, 1, 2):
        yield odd(f"both edits unknown, all at {rev}", _at_revs(unknown, rev, rev, rev))
    yield odd("both edits unknown, the sides differ", _at_revs(unknown, 1, 2, 1), at(ANN))
    yield odd("the first edit ok, all at 1", _at_revs(second, 1, 1, 1))
    yield odd("the first edit ok, one agent at 2", _at_revs(second, 1, 2, 1), at(ANN))
    yield odd("the first edit ok, one agent at 0", _at_revs(second, 1, 0, 1), Violation("I15", (ANN, it), "stale"))
    stale = [Violation("I15", (holder, it), "stale") for holder in ("central", ANN, BOB)]
    yield odd("both edits ok, the older one won", _at_revs({}, 1, 1, 1), *stale)
    yield odd("the second edit failed and is there", _at_revs({"e2": "fail"}, 2, 2, 2), Violation("I2", (it,), "failed"))
    yield odd("an edit number of nobody", _at_revs({}, 7, 7, 7), Violation("I2", (it,), "failed"))

    gone = (
        *OPENING,
        send("m1", 10),
        reply("r1", 11, "m1"),
        Edit("e", 12, CHANNEL, "r1", "more", 1),
        Delete("d", 13, CHANNEL, "r1"),
    )
    yield odd("an edited reply is deleted", correct(gone))
    before = correct(gone[:-1])
    for rev in (0, 1):
        rows = correct(gone)
        rows.a_message.append(copy_of(before, "r1", BOB)._replace(rev=rev))
        kept = Violation("I15", (BOB, message(before, "r1")), "resurrected")
        yield odd(f"a copy of a deleted reply at edit {rev}", again(rows), kept)
    unknown_delete = correct(gone)
    told(unknown_delete, "d", "info")
    yield odd("an edited reply is gone, its delete unknown", unknown_delete)
    failed_delete = correct(gone)
    told(failed_delete, "d", "fail")
    yield odd("an edited reply is gone, its delete failed", failed_delete, Violation("I19", ("r1",), "lost"))
    never = correct((*OPENING, send("m1", 10), Delete("d", 11, CHANNEL, "m1")))
    told(never, "m1", "info")
    yield odd("a delete of what may never have been", never)


def odd_histories() -> Iterator[Odd]:
    """All of them, made anew."""
    for made in (_names(), _few_and_many(), _members(), _edits()):
        yield from made
