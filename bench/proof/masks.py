"""What a design's declared shortfalls change of the expected facts and answers. Pure; the closed lists of gaps and defects.

A mask says exactly what a design with the shortfall shows instead. A design that declares one and does not have it differs from the
masked facts as much as one that has it and does not declare it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from variants.contract import DefectKind, Design, GapKind
from variants.schema.identity import central_uuid
from workloads.answers import AnswerRow, IsParticipantRow, PageRow, RecallRow
from workloads.model import Bounds, Model, Reach
from workloads.operations import IsParticipant, LatestPage, ListChannels, ListParticipants, PageBack, Read, RecallContext
from workloads.projection import (
    AgentChannelRow,
    AgentMessageRow,
    AgentServerRow,
    ChannelRow,
    MessageRow,
    Projection,
    Row,
    ServerRow,
    ordered,
    relations,
)

Kind = GapKind | DefectKind
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a store must say: the facts, with agents' rows at the lower bound, and the upper bounds."""

    projection: Projection
    bounds: Bounds


def shortfalls_of(design: Design) -> frozenset[Kind]:
    """The kinds of gaps and defects that a design declares."""
    gaps, defects = design.gaps(), design.defects()
    return frozenset((*(gap.kind for gap in gaps), *(defect.kind for defect in defects)))


def expected_of(model: Model, kinds: frozenset[Kind]) -> Expected:
    """What a store of a design with these shortfalls must say."""
    facts, bounds = model.projection(reach=reach_of(kinds)), model.bounds()
    facts = _central(facts, kinds, model)
    facts = replace(facts, a_message=_copies(facts.a_message, kinds))
    if DefectKind.MEMBERSHIPS_REPEATED in kinds:
        members = (row for row in facts.c_member for _ in range(model.times_entered(*row)))
        agents = (row for row in facts.c_agent for _ in range(model.times_added(row.server, row.agent)))
        facts = replace(facts, c_member=tuple(members), c_agent=tuple(agents))
    if DefectKind.AGENT_ATTRIBUTES_NOT_COPIED in kinds:
        facts = replace(facts, a_server=_rows(facts.a_server, _unnamed_server), a_channel=_rows(facts.a_channel, _unnamed_channel))
        bounds = replace(
            bounds, a_server=_rows(bounds.a_server, _unnamed_server), a_channel=_rows(bounds.a_channel, _unnamed_channel)
        )
    if DefectKind.AGENT_MEMBERS_NOT_WRITTEN in kinds:
        facts, bounds = replace(facts, a_member=()), replace(bounds, a_member=())
    return Expected(facts, bounds)


def reach_of(kinds: frozenset[Kind]) -> Reach:
    """Whether edits and deletes reach agents' copies in a design with these shortfalls."""
    return Reach(DefectKind.EDIT_LEAVES_COPIES not in kinds, DefectKind.DELETE_LEAVES_COPIES not in kinds)


def shortfall_counts(model: Model, kinds: frozenset[Kind]) -> dict[Kind, int]:
    """How many rows of the expected facts each kind changes on this workload; for `ID_FORM`, ids that are no UUID."""
    whole = relations(model.projection())
    return {kind: _unlike_uuid(model) if kind is GapKind.ID_FORM else _changed(model, kind, whole) for kind in sorted(kinds)}


def masked_answer(operation: Read, kinds: frozenset[Kind], model: Model) -> Sequence[AnswerRow]:
    """The answer of a read that a design with these shortfalls must give."""
    answer: Sequence[AnswerRow] = model.answer(operation, reach_of(kinds))
    match operation:
        case ListParticipants(channel_id=channel) if GapKind.MEMBERS_WITHOUT_AGENT in kinds:
            return answer if channel in model.channels_with_agent_now() else ()
        case ListParticipants(channel_id=channel) if DefectKind.MEMBERSHIPS_REPEATED in kinds:
            return tuple(row for row in answer for _ in range(model.times_entered(channel, str(row[0]))))
        case IsParticipant(channel_id=channel) if GapKind.MEMBERS_WITHOUT_AGENT in kinds:
            known = channel in model.channels_with_agent_now()
            return answer if known else (IsParticipantRow(False),)
        case ListChannels() if GapKind.CHANNEL_SERVER_BEFORE_JOIN in kinds:
            joined = model.channels_ever_joined_by_agents()
            return tuple(row for row in answer if row[0] in joined)
        case LatestPage() | PageBack() if GapKind.MESSAGE_CONTENT_WITHOUT_AGENT in kinds:
            unheld = model.messages_without_holder()
            pages = [row for row in answer if isinstance(row, PageRow)]
            return tuple(row._replace(text=None) if row.message in unheld else row for row in pages)
        case RecallContext(agent_id=agent) if DefectKind.OWN_REPLY_UNLINKED in kinds:
            recalled = [row for row in answer if isinstance(row, RecallRow)]
            return tuple(row._replace(message=None) if row.author == agent else row for row in recalled)
        case _:
            return answer


def _central(facts: Projection, kinds: frozenset[Kind], model: Model) -> Projection:
    told, joined, with_agent = model.channels_told(), model.channels_ever_joined_by_agents(), model.servers_with_agent_ever()
    servers_told = model.servers_told()

    def server(row: ServerRow) -> ServerRow:
        if GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT in kinds and row.server not in with_agent:
            row = row._replace(source_type=None, source_id=None, metadata=None)
        if GapKind.SERVER_ATTRIBUTES_BEFORE_MESSAGE in kinds and row.server not in servers_told:
            row = row._replace(source_type=None, source_id=None, metadata=None, created_at_ms=None)
        return row

    def channel(row: ChannelRow) -> ChannelRow:
        if GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN in kinds and row.channel not in joined:
            row = _blank(row)
        if GapKind.CHANNEL_SERVER_BEFORE_JOIN in kinds and row.channel not in joined:
            row = row._replace(server=None)
        if GapKind.CHANNEL_ATTRIBUTES_BEFORE_MESSAGE in kinds and row.channel not in told:
            row = _blank(row)._replace(created_at_ms=None)
        return row

    def message(row: MessageRow) -> MessageRow:
        return row._replace(text=None, metadata=None, source_type=None) if row.message in unheld else row

    members, messages = facts.c_member, facts.c_message
    if GapKind.MEMBERS_WITHOUT_AGENT in kinds:
        here = model.channels_with_agent_now()
        members = tuple(row for row in members if row.channel in here)
    if GapKind.MESSAGE_CONTENT_WITHOUT_AGENT in kinds:
        unheld = model.messages_without_holder()
        messages = _rows(messages, message)
    return replace(
        facts,
        c_server=_rows(facts.c_server, server),
        c_channel=_rows(facts.c_channel, channel),
        c_member=members,
        c_message=messages,
    )


def _copies(rows: tuple[AgentMessageRow, ...], kinds: frozenset[Kind]) -> tuple[AgentMessageRow, ...]:
    lose = DefectKind.COPIES_LOSE_REPLY_LINK in kinds
    own = {(row.agent, row.message) for row in rows if row.author == row.agent and DefectKind.OWN_REPLY_UNLINKED in kinds}

    def copy(row: AgentMessageRow) -> AgentMessageRow:
        if lose or (row.agent, row.in_reply_to) in own:
            row = row._replace(in_reply_to=None)
        return row._replace(message=None) if (row.agent, row.message) in own else row

    return _rows(rows, copy)


def _unnamed_server(row: AgentServerRow) -> AgentServerRow:
    return row._replace(name=None, source_type=None, source_id=None, metadata=None, created_at_ms=None)


def _unnamed_channel(row: AgentChannelRow) -> AgentChannelRow:
    return row._replace(name=None, source_type=None, source_id=None, topic=None, metadata=None, created_at_ms=None)


def _blank(row: ChannelRow) -> ChannelRow:
    return row._replace(kind=None, source_type=None, source_id=None, topic=None, metadata=None)


def _rows(rows: tuple[R, ...], mask: Callable[[R], R]) -> tuple[R, ...]:
    changed = tuple(map(mask, rows))
    return rows if changed == rows else ordered(changed)


def _changed(model: Model, kind: Kind, whole: Mapping[str, tuple[Row, ...]]) -> int:
    """Rows that are otherwise with this shortfall than without one, absent or surplus ones too."""
    found = relations(expected_of(model, frozenset({kind})).projection)
    pairs = [(Counter[Row](rows), Counter[Row](found[name])) for name, rows in whole.items()]
    return sum(max((before - after).total(), (after - before).total()) for before, after in pairs)


def _unlike_uuid(model: Model) -> int:
    facts = model.projection()
    ids = {row.channel for row in facts.c_channel} | {row.member for row in facts.c_member}
    return sum(central_uuid(given) != given for given in ids)
