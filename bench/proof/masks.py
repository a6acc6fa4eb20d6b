"""What a declared gap makes absent from the expected facts, and from expected answers. Pure; the closed list of gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from variants.contract import Gap, GapKind
from variants.schema.identity import central_uuid
from workloads.answers import AnswerRow, IsParticipantRow
from workloads.model import Model
from workloads.operations import IsParticipant, ListChannels, ListParticipants, Read
from workloads.projection import ChannelRow, Projection, ServerRow


@dataclass(frozen=True, slots=True)
class Standing:
    """What the gaps depend on: the servers and channels that agents were ever told of, ever joined, or are in now."""

    channels_joined: frozenset[str]
    channels_told: frozenset[str]
    channels_with_agent: frozenset[str]
    servers_with_agent: frozenset[str]
    servers_told: frozenset[str]

    @classmethod
    def of(cls, model: Model) -> Standing:
        """As the reference model knows it."""
        return cls(
            model.channels_ever_joined_by_agents(),
            model.channels_told(),
            model.channels_with_agent_now(),
            model.servers_with_agent_ever(),
            model.servers_told(),
        )


def kinds_of(gaps: Iterable[Gap]) -> frozenset[GapKind]:
    """The kinds of declared gaps."""
    return frozenset(gap.kind for gap in gaps)


def masked(expected: Projection, gaps: frozenset[GapKind], standing: Standing) -> Projection:
    """The expected facts less what these gaps cannot represent."""
    servers = tuple(_server(row, gaps, standing) for row in expected.c_server)
    channels = tuple(_channel(row, gaps, standing) for row in expected.c_channel)
    members = expected.c_member
    if GapKind.MEMBERS_WITHOUT_AGENT in gaps:
        members = tuple(row for row in members if row.channel in standing.channels_with_agent)
    return replace(expected, c_server=servers, c_channel=channels, c_member=members)


def gap_counts(expected: Projection, gaps: frozenset[GapKind], standing: Standing) -> dict[str, int]:
    """How many rows of the expected facts each gap touches on this workload; for `ID_FORM`, ids that are no UUID."""
    ids = {row.channel for row in expected.c_channel} | {row.member for row in expected.c_member}
    counts = {str(GapKind.ID_FORM): sum(central_uuid(given) != given for given in ids)} if GapKind.ID_FORM in gaps else {}
    return counts | {
        str(kind): sum(
            len(set(before) - set(after))
            for before, after in zip(
                (expected.c_server, expected.c_channel, expected.c_member),
                _touched(masked(expected, frozenset({kind}), standing)),
                strict=True,
            )
        )
        for kind in sorted(gaps - {GapKind.ID_FORM})
    }


def masked_answer(operation: Read, answer: Sequence[AnswerRow], gaps: frozenset[GapKind], model: Model) -> Sequence[AnswerRow]:
    """The expected answer of a read less what these gaps cannot represent."""
    match operation:
        case ListParticipants(channel_id=channel) if GapKind.MEMBERS_WITHOUT_AGENT in gaps:
            return answer if channel in model.channels_with_agent_now() else ()
        case IsParticipant(channel_id=channel) if GapKind.MEMBERS_WITHOUT_AGENT in gaps:
            known = channel in model.channels_with_agent_now()
            return answer if known else (IsParticipantRow(False),)
        case ListChannels() if GapKind.CHANNEL_SERVER_BEFORE_JOIN in gaps:
            joined = model.channels_ever_joined_by_agents()
            return tuple(row for row in answer if row[0] in joined)
        case _:
            return answer


def _touched(projection: Projection) -> tuple[tuple[object, ...], ...]:
    return projection.c_server, projection.c_channel, projection.c_member


def _server(row: ServerRow, gaps: frozenset[GapKind], standing: Standing) -> ServerRow:
    if GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT in gaps and row.server not in standing.servers_with_agent:
        row = row._replace(source_type=None, source_id=None, metadata=None)
    if GapKind.SERVER_ATTRIBUTES_BEFORE_MESSAGE in gaps and row.server not in standing.servers_told:
        row = row._replace(source_type=None, source_id=None, metadata=None, created_at_ms=None)
    return row


def _channel(row: ChannelRow, gaps: frozenset[GapKind], standing: Standing) -> ChannelRow:
    if row.channel not in standing.channels_joined:
        if GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN in gaps:
            row = _blank(row)
        if GapKind.CHANNEL_SERVER_BEFORE_JOIN in gaps:
            row = row._replace(server=None)
    if GapKind.CHANNEL_ATTRIBUTES_BEFORE_MESSAGE in gaps and row.channel not in standing.channels_told:
        row = _blank(row)._replace(created_at_ms=None)
    return row


def _blank(row: ChannelRow) -> ChannelRow:
    return row._replace(kind=None, source_type=None, source_id=None, topic=None, metadata=None)
