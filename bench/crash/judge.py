"""What is left of an operation, judged by the canonical views. Pure.

The state before and after an operation is what the reference model says, less the design's gaps and defects. Where it leaves a
design room (when an agent's rows of servers, channels and members come into being), the state after it is what this very design
writes when nothing fails: a member whom only one of two agents knows is half a join, though either agent's rows alone would be
allowed. The state before it leaves the room as it is, so rows that appear early do not count while nothing else of the operation
is to be seen. What no canonical view shows does not count at all: an agent's own row without its server's stays behind when
`dual` dies between the two, and is still `lost`.
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bench.proof.compare import facts_differ
from bench.proof.masks import Expected
from variants.contract import CENTRAL_ACTOR
from workloads.projection import AgentMessageRow, Projection, Row, ordered, relations


class Outcome(enum.StrEnum):
    """What there is of an operation."""

    WHOLE = "whole"
    PARTIAL = "partial"
    LOST = "lost"
    DUPLICATED = "duplicated"


class Presence(enum.StrEnum):
    """What one actor has of an operation."""

    THERE = "there"
    IN_PART = "in part"
    MISSING = "missing"
    REPEATED = "more than once"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is left, and of each actor that takes part in the operation what it has: `central`, `agent 1 of 2`."""

    outcome: Outcome
    presence: Mapping[str, Presence]

    @property
    def parts(self) -> tuple[str, ...]:
        """Whoever has something of the operation, in words."""
        return tuple(
            actor if presence is Presence.THERE else f"{actor} {presence}"
            for actor, presence in self.presence.items()
            if presence is not Presence.MISSING
        )


@dataclass(frozen=True, slots=True)
class States:
    """What a design's views say on one scene without the operation (`before`) and with the whole of it (`after`).

    `allowed_before` is what the model allows without it. `agents` are those of the scene, in order; `message` is the central id
    of the message that the operation writes, if any.
    """

    before: Projection
    after: Projection
    allowed_before: Expected
    agents: tuple[str, ...]
    message: str | None


def judged(states: States, observed: Projection) -> Judgement:
    """What is left of an operation after one attempt, or several with the same id. One that changes nothing is whole."""
    return Judgement(_outcome(states, observed), _presence(states, observed))


def judged_fresh(first: States, fresh: States, observed: Projection) -> Judgement:
    """What is left of an operation whose second attempt had another id; `first` and `fresh` differ in that alone.

    A whole message of one attempt beside remains of the other is a duplicate, on whatever sides they are. A copy that does not
    tell its message is the second attempt's where that one's message is central, else the first one's; a copy of the other attempt,
    if it is there too, is the same row once more.
    """
    without_first, without_fresh = _without(observed, first.message), _without(observed, fresh.message)
    if any(row.message == fresh.message for row in observed.c_message):
        without_fresh = _less(without_fresh, _unlinked(fresh))
    else:
        without_first = _less(without_first, _unlinked(first))
    by_first, by_fresh = judged(first, without_fresh), judged(fresh, without_first)
    presence = {actor: _together(has, by_fresh.presence[actor]) for actor, has in by_first.presence.items()}
    outcomes = {by_first.outcome, by_fresh.outcome}
    if Presence.REPEATED in presence.values():
        return Judgement(Outcome.DUPLICATED, presence)
    if len(outcomes) == 1:
        return Judgement(by_first.outcome, presence)
    if Outcome.WHOLE in outcomes:
        return Judgement(Outcome.WHOLE if Outcome.LOST in outcomes else Outcome.DUPLICATED, presence)
    return Judgement(Outcome.PARTIAL, presence)


def _outcome(states: States, observed: Projection) -> Outcome:
    found = _by_actor(observed)
    if any(_repeats(states.message, rows) for rows in found.values()):
        return Outcome.DUPLICATED
    if found == _by_actor(states.after):
        return Outcome.WHOLE
    if not facts_differ(states.allowed_before, observed):
        return Outcome.LOST
    return Outcome.PARTIAL


def _presence(states: States, observed: Projection) -> dict[str, Presence]:
    """By actor, in words; only of actors for whom the operation changes something."""
    before, after, found = _by_actor(states.before), _by_actor(states.after), _by_actor(observed)
    taking_part = [actor for actor in (CENTRAL_ACTOR, *states.agents) if before[actor] != after[actor]]
    agents = [actor for actor in taking_part if actor != CENTRAL_ACTOR]
    presence: dict[str, Presence] = {}
    for actor in taking_part:
        name = CENTRAL_ACTOR if actor == CENTRAL_ACTOR else f"agent {agents.index(actor) + 1} of {len(agents)}"
        if _repeats(states.message, found[actor]):
            presence[name] = Presence.REPEATED
        elif found[actor] == after[actor]:
            presence[name] = Presence.THERE
        else:
            presence[name] = Presence.MISSING if found[actor] == before[actor] else Presence.IN_PART
    return presence


def _by_actor(projection: Projection) -> dict[str, Counter[tuple[str, Row]]]:
    """The rows of the central side and of each agent, each with the name of its relation."""
    rows: dict[str, Counter[tuple[str, Row]]] = defaultdict(Counter)
    for name, relation in relations(projection).items():
        for row in relation:
            rows[CENTRAL_ACTOR if name.startswith("c_") else str(row[0])][name, row] += 1
    return rows


def _repeats(message: str | None, rows: Counter[tuple[str, Row]]) -> bool:
    """Whether one actor has the message more than once: under its id, or in copies that tell everything but the id alike."""
    ids = {"c_message": 0, "a_message": 1}
    messages = {(name, row): n for (name, row), n in rows.items() if name in ids}
    named = sum(n for (name, row), n in messages.items() if row[ids[name]] == message)
    return named > 1 or any(n > 1 for (name, row), n in messages.items() if row[ids[name]] is None)


def _unlinked(states: States) -> Counter[AgentMessageRow]:
    """The copies without a message's id that the operation makes."""
    made = Counter(states.after.a_message) - Counter(states.before.a_message)
    return Counter({row: n for row, n in made.items() if row.message is None})


def _less(projection: Projection, copies: Counter[AgentMessageRow]) -> Projection:
    return replace(projection, a_message=ordered((Counter(projection.a_message) - copies).elements()))


def _together(first: Presence, fresh: Presence) -> Presence:
    present = [presence for presence in (first, fresh) if presence is not Presence.MISSING]
    if len(present) == 2:
        return Presence.REPEATED
    return present[0] if present else Presence.MISSING


def _without(projection: Projection, message: str | None) -> Projection:
    return replace(
        projection,
        c_message=tuple(row for row in projection.c_message if row.message != message),
        a_message=tuple(row for row in projection.a_message if row.message != message),
    )
