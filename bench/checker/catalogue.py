"""The invariants: what each says, what its keys are, what decides it, and which operations can break it. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Invariant:
    """One invariant.

    `formal` says it in one line: C are the messages of the central side, A those of an agent, E those that it should see, Del those
    whose delete ended ok. `key` says what a violation is told of, `decided_by` whether the store (S) or the history (H) decides.
    `broken_by` are kinds of operation after which it may be broken: where none of them ran, the invariant is vacuous, and so it is
    where `of_acknowledged` and none of them was told ok, or `of_agents` and no agent was there. `needs` says what is not built, or
    what else must be at hand; empty where the views and the history are enough.
    """

    name: str
    title: str
    formal: str
    key: str
    decided_by: str
    broken_by: frozenset[str] = frozenset()
    needs: str = ""
    of_acknowledged: bool = False
    of_agents: bool = False

    @property
    def number(self) -> int:
        """Its place: 4 for I4."""
        return int(self.name[1:])


_MESSAGES = frozenset({"send", "reply"})
_CONTENTS = _MESSAGES | {"edit", "delete"}
_MEMBERS = frozenset({"join", "join_agent", "leave", "leave_agent"})
_PLACES = frozenset({"create_server", "create_channel"})
_ANY = _CONTENTS | _MEMBERS | _PLACES | {"add_agent"}

READS = "reads in the history"
REPAIR = "a repair pass with looks before and after it"
CYCLES = "reads of lists inside of transactions and a search for cycles: part of the interleavings, not built"
REGISTERS = "reads of single registers and a search for a linear order: not built"
LINKS = "a look at the id mapping"
SESSIONS = "the sessions on the server once all faults are over"

_ALL = (
    Invariant(
        "I1",
        "durability of acknowledged sends",
        "every send told ok is in C, unless a delete of it may have happened",
        "operation",
        "S+H",
        frozenset({"send"}),
        of_acknowledged=True,
    ),
    Invariant(
        "I2",
        "no phantom",
        "every message of C or A, and every edit number there, is of an operation that did not fail",
        "message, or agent and channel of a copy that tells of none",
        "S+H",
        _CONTENTS,
    ),
    Invariant(
        "I3",
        "exactly once",
        "one operation has at most one row in C, and one with each agent, whatever the ids",
        "holder, operation",
        "S+H",
        _MESSAGES,
    ),
    Invariant(
        "I4",
        "central and agents agree",
        "for each agent: A without Del = E without Del, where E is what of C it was subscribed to",
        "agent, message",
        "S",
        _CONTENTS,
        of_agents=True,
    ),
    Invariant(
        "I5",
        "contents agree",
        "a message in C and A has the same channel, author, content and answered message in both",
        "agent, message, column",
        "S",
        _CONTENTS,
        of_agents=True,
    ),
    Invariant(
        "I6",
        "order agrees",
        "in each channel the order of A, cut to what is in both, is the order of C, and as strict",
        "agent, channel",
        "S",
        _MESSAGES,
        of_agents=True,
    ),
    Invariant(
        "I7",
        "order follows time",
        "of two messages told ok in a channel, one that ended before the other began stands before it",
        "channel, operation",
        "S+H",
        _MESSAGES,
        of_acknowledged=True,
    ),
    Invariant(
        "I8",
        "no gap for a reader",
        "a reader with a cursor gets every message between where it began and where it came to",
        "process, message",
        "H",
        _MESSAGES,
        READS,
    ),
    Invariant(
        "I9",
        "references resolve",
        "every server, channel, agent, author and answered message that a row names is there, and every answer is linked",
        "relation, row, column",
        "S+H",
        _ANY,
    ),
    Invariant(
        "I10",
        "participants agree",
        "C has each member once and as the history says; an agent knows only members, and all who wrote what it holds",
        "holder, channel, member",
        "S+H",
        _MEMBERS | _MESSAGES,
    ),
    Invariant(
        "I11",
        "ids go together",
        "for each agent and kind, central ids and its own are one to one, cover what it has, and are those that statements use",
        "agent, kind, id",
        "S",
        _CONTENTS | _MEMBERS,
        LINKS,
    ),
    Invariant(
        "I12",
        "no leak between agents",
        "an agent has and reads only messages it was subscribed to; no two agents share an id of their own",
        "agent, message",
        "S+H",
        _MESSAGES | {"join_agent", "leave_agent"},
        of_agents=True,
    ),
    Invariant(
        "I13",
        "read your writes",
        "a message told ok is in every complete read that its process begins later",
        "process, operation",
        "H",
        _MESSAGES,
        READS,
    ),
    Invariant(
        "I14",
        "monotonic reads",
        "what a process read completely, its later complete reads of that side contain, until a delete",
        "process, message",
        "H",
        _MESSAGES,
        READS,
    ),
    Invariant(
        "I15",
        "edits and deletes arrive",
        "an edit told ok is in C and all copies or a later one is; what a delete told ok removed is nowhere",
        "holder, message",
        "S+H",
        frozenset({"edit", "delete"}),
        of_acknowledged=True,
    ),
    Invariant(
        "I16",
        "atomic visibility",
        "no snapshot of both sides shows an operation on one of them alone; a claim of one transaction only",
        "agent, message",
        "H",
        _MESSAGES,
        READS,
    ),
    Invariant(
        "I17",
        "convergence after heal",
        "after the faults, a repair leaves no violation of I1 to I15, and a second one changes nothing",
        "what is left",
        "S+H",
        _ANY,
        REPAIR,
    ),
    Invariant(
        "I18",
        "one central row",
        "C has one row for each server, one for each channel, and one for each agent of a server",
        "kind, id",
        "S",
        _PLACES | {"add_agent"},
    ),
    Invariant(
        "I19",
        "no lost reply",
        "every reply told ok is in C, and no reply is with its author alone",
        "operation",
        "S+H",
        frozenset({"reply"}),
    ),
    Invariant(
        "I20",
        "liveness",
        "every call ends; afterwards no session is left in a transaction or waiting, and nothing is prepared",
        "operation, or state and name",
        "H",
        _ANY,
        SESSIONS,
    ),
    Invariant("I21", "isolation", "no cycle of the kinds G0, G1, G-single under the claimed level", "cycle", "H", _ANY, CYCLES),
    Invariant("I22", "linearizable registers", "a membership flag has a linear order", "channel, member", "H", _MEMBERS, REGISTERS),
)

INVARIANTS: Mapping[str, Invariant] = MappingProxyType({invariant.name: invariant for invariant in _ALL})
"""All 22, in their order."""

HARM = (
    ("leaked", "a leak"),
    ("lost", "a lost acknowledgement"),
    ("duplicate", "a silent duplicate"),
    ("resurrected", "a resurrected delete"),
    ("central-only", "a split"),
    ("agent-only", "a split"),
    ("torn", "a split that was seen"),
    ("altered", "another content"),
    ("stale", "an old state"),
    ("unlinked", "a lost link"),
    ("dangling", "a reference to nothing"),
    ("ambiguous", "an ambiguous id"),
    ("missing", "a missing id"),
    ("missed", "a gap for a reader"),
    ("order", "another order"),
    ("stuck", "something left open"),
    ("unfinished", "a call without an end"),
    ("phantom", "a message of nobody"),
    ("failed", "a false failure"),
)
"""Directions of violations with what they are, the most harmful first: order by harm, never by count."""


def harm(direction: str) -> int:
    """The place of a direction in the order of harm; one that nobody listed comes last."""
    order = [name for name, _ in HARM]
    return order.index(direction) if direction in order else len(order)
