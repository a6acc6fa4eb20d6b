"""Comparing what a store says with what the reference model says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.proof.masks import Expected, expected_of, shortfall_counts, shortfalls_of
from bench.proof.observation import Mapped, Observation, Sequenced
from variants.contract import DefectKind, Design, GapKind
from variants.schema.identity import message_row_id, row_id
from workloads.model import Model
from workloads.projection import KEY_COLUMNS, Difference, Projection, Row, relations

_BOUNDED = ("a_server", "a_channel", "a_member")


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict for one store: `differences` is empty exactly when it did the same work as the model.

    `expected_digest` is that of the model less the gaps and defects; `gaps` and `defects` count the rows that each declared one
    touches.
    """

    design: str
    expected_digest: str
    observed_digest: str
    differences: tuple[str, ...]
    gaps: dict[str, int]
    defects: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether the results of this store may be shown."""
        return not self.differences


def prove(name: str, design: Design, model: Model, observation: Observation) -> Proof:
    """Compare all facts, the order of messages and the id mapping; `name` is that of the store in reports."""
    kinds = shortfalls_of(design)
    expected = expected_of(model, kinds)
    counts = shortfall_counts(model, kinds)
    differences = [
        *map(str, facts_differ(expected, observation.projection)),
        *order_differs(observation.order),
        *(mapping_differs(observation.id_map, observation.projection) if observation.id_map is not None else ()),
    ]
    return Proof(
        name,
        expected.projection.digest(),
        _at_lower_bound(expected.projection, observation.projection).digest(),
        tuple(differences),
        {str(kind): count for kind, count in counts.items() if isinstance(kind, GapKind)},
        {str(kind): count for kind, count in counts.items() if isinstance(kind, DefectKind)},
    )


def facts_differ(expected: Expected, observed: Projection) -> list[Difference]:
    """Rows that only one side has. Agents' servers, channels and members may be any set between the two bounds."""
    differences: list[Difference] = []
    bounds = expected.bounds
    upper: dict[str, tuple[Row, ...]] = {
        "a_server": bounds.a_server,
        "a_channel": bounds.a_channel,
        "a_member": bounds.a_member,
    }
    found = relations(observed)
    for name, wanted in relations(expected.projection).items():
        have, want = Counter[Row](found[name]), Counter[Row](wanted)
        allowed = want | Counter[Row](upper[name]) if name in _BOUNDED else want
        differences += _matched(name, list((want - have).elements()), list((have - allowed).elements()))
    return differences


def _matched(relation: str, missing: list[Row], surplus: list[Row]) -> list[Difference]:
    """Rows about the same thing on both sides are one difference."""
    keys = KEY_COLUMNS[relation]
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in surplus:
        found.setdefault(row[:keys], []).append(row)
    differences = []
    for row in missing:
        same = found.get(row[:keys])
        differences.append(Difference(relation, row, same.pop(0) if same else None))
    return differences + [Difference(relation, None, row) for rows in found.values() for row in rows]


def order_differs(order: Sequence[Sequenced]) -> list[str]:
    """Messages whose `seq` is not their rank by time within their channel (and agent)."""
    lanes: dict[tuple[str | None, str], list[Sequenced]] = {}
    for item in order:
        lanes.setdefault((item.agent, item.channel), []).append(item)
    lines: list[str] = []
    for (agent, channel), items in lanes.items():
        items.sort(key=lambda item: item.created_at_ms)
        for rank, item in enumerate(items, start=1):
            if item.seq != rank:
                whose = "central" if agent is None else f"agent {agent}"
                lines.append(f"order: {whose}, channel {channel!r}: message {item.message!r} has seq {item.seq}, not {rank}")
    return lines


def mapping_differs(id_map: Sequence[Mapped], observed: Projection) -> list[str]:
    """Links that the formula does not give, repeated links, what agents have without a link, and links of what they have not.

    Agents have servers, channels and messages, and as members who is in their rooms or wrote what they have; an agent may still
    know somebody who is neither. A copy that does not tell its message has no link.
    """
    lines = [
        f"id_map: {link.kind} {link.central_id!r} of {_owner(link.agent)} is {link.local_id}, not {expected}"
        for link in id_map
        if link.local_id != (expected := _local_id(link))
    ]
    repeated = Counter((link.agent, link.kind, link.central_id) for link in id_map)
    lines += [
        f"id_map: {kind} {central!r} of {_owner(agent)} is linked {n} times"
        for (agent, kind, central), n in repeated.items()
        if n > 1
    ]
    for kind, things in _had_by_agents(observed).items():
        linked = {(link.agent, link.central_id) for link in id_map if link.kind == kind and link.agent is not None}
        lines += [f"id_map: {kind} {thing!r} of agent {agent} has no link" for agent, thing in sorted(things - linked)]
        if kind != "member":
            lost = sorted(linked - things, key=str)
            lines += [f"id_map: {kind} {thing!r} is linked, but agent {agent} has none" for agent, thing in lost]
    return lines


def _had_by_agents(observed: Projection) -> dict[str, set[tuple[str, str]]]:
    """What each agent has, as (agent, central id), by kind of link."""
    copies = observed.a_message
    return {
        "server": {(row.agent, row.server) for row in observed.a_server},
        "channel": {(row.agent, row.channel) for row in observed.a_channel},
        "member": {(row.agent, row.member) for row in observed.a_member} | {(row.agent, row.author) for row in copies},
        "message": {(row.agent, row.message) for row in copies if row.message is not None},
    }


def _owner(agent: str | None) -> str:
    return "the central side" if agent is None else f"agent {agent}"


def _local_id(link: Mapped) -> str | None:
    """What the formula gives; None for a link that does not tell of what it is."""
    if link.central_id is None:
        return None
    return message_row_id(link.agent, link.central_id) if link.kind == "message" else row_id(link.agent, link.central_id)


def _at_lower_bound(expected: Projection, observed: Projection) -> Projection:
    """The observed facts with the bounded relations cut to what must be there, so that equal work has equal digests."""
    found, wanted = relations(observed), {name: set(rows) for name, rows in relations(expected).items() if name in _BOUNDED}
    cut = {name: tuple(row for row in found[name] if row in wanted[name]) for name in _BOUNDED}
    return Projection(**{**found, **cut})  # type: ignore[arg-type]  # rows keep the type of their relation
