"""What a design cannot represent (gaps) and what its deployed code leaves undone (defects): two closed lists.

Each kind says which cells of the canonical projection it changes, and how; nothing else may differ from the reference model.
`TOUCHES` says in which kinds of operation a design with the shortfall does less work, or other work, than one without.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class GapKind(enum.StrEnum):
    """Facts of the domain that a design may be unable to represent."""

    CHANNEL_ATTRIBUTES_BEFORE_JOIN = "channel_attributes_before_join"
    """Kind, source, topic, metadata of a channel no agent ever joined."""
    CHANNEL_ATTRIBUTES_BEFORE_MESSAGE = "channel_attributes_before_message"
    """Kind, source, topic, metadata and time of a channel in which no agent was ever told a message."""
    CHANNEL_SERVER_BEFORE_JOIN = "channel_server_before_join"
    """Which server a channel belongs to, as long as no agent ever joined it."""
    SERVER_ATTRIBUTES_BEFORE_AGENT = "server_attributes_before_agent"
    """Source and metadata of a server no agent was ever added to."""
    SERVER_ATTRIBUTES_BEFORE_MESSAGE = "server_attributes_before_message"
    """Source, metadata and time of a server in which no agent was ever told a message."""
    MEMBERS_WITHOUT_AGENT = "members_without_agent"
    """The members of a channel in which no agent is now."""
    MESSAGE_CONTENT_WITHOUT_AGENT = "message_content_without_agent"
    """Text, metadata and source of a message that no agent has a copy of."""
    ID_FORM = "id_form"
    """An id that is no UUID cannot be the key of its own row: a derived one stands in, the given one beside it."""


class DefectKind(enum.StrEnum):
    """What a design's tables could hold and its deployed code does not keep right."""

    EDIT_LEAVES_COPIES = "edit_leaves_copies"
    """An edit changes the central row alone: agents' copies keep the first text and edit number 0."""
    DELETE_LEAVES_COPIES = "delete_leaves_copies"
    """A delete removes the central row alone: agents' copies stay, and agents recall them."""
    OWN_REPLY_UNLINKED = "own_reply_unlinked"
    """An agent's copy of its own reply does not tell which central message it is a copy of."""
    COPIES_LOSE_REPLY_LINK = "copies_lose_reply_link"
    """An agent's copy does not tell which message it answers: the stored id is that of no row."""
    AGENT_MEMBERS_NOT_WRITTEN = "agent_members_not_written"
    """No agent knows who is in its room."""
    AGENT_ATTRIBUTES_NOT_COPIED = "agent_attributes_not_copied"
    """An agent's own rows of servers and channels have made-up names and none of their source, topic, metadata and time."""
    MEMBERSHIPS_REPEATED = "memberships_repeated"
    """Entering a channel twice, or adding an agent to a server twice, stores a second row."""


_MEMBERS = frozenset({"join", "join_agent", "leave", "leave_agent"})

TOUCHES: Mapping[GapKind | DefectKind, frozenset[str]] = MappingProxyType(
    {
        GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN: frozenset({"create_channel"}),
        GapKind.CHANNEL_ATTRIBUTES_BEFORE_MESSAGE: frozenset({"create_channel"}),
        GapKind.CHANNEL_SERVER_BEFORE_JOIN: frozenset({"create_channel", "list_channels"}),
        GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT: frozenset({"create_server"}),
        GapKind.SERVER_ATTRIBUTES_BEFORE_MESSAGE: frozenset({"create_server"}),
        # Nothing is stored or removed while no agent is there; the first agent's join stores everybody, the last one's leave
        # forgets everybody.
        GapKind.MEMBERS_WITHOUT_AGENT: _MEMBERS | {"list_participants", "is_participant"},
        GapKind.MESSAGE_CONTENT_WITHOUT_AGENT: frozenset({"send", "edit", "latest_page", "page_back"}),
        GapKind.ID_FORM: frozenset(),  # no fact is lost: the id as given stands beside the derived key
        DefectKind.EDIT_LEAVES_COPIES: frozenset({"edit", "recall_context"}),
        DefectKind.DELETE_LEAVES_COPIES: frozenset({"delete", "recall_context"}),
        # A message that answers an agent's own reply finds no copy at that agent to link to.
        DefectKind.OWN_REPLY_UNLINKED: frozenset({"send", "reply", "recall_context"}),
        DefectKind.COPIES_LOSE_REPLY_LINK: frozenset({"send", "reply"}),
        # A message makes no member known; who leaves, agent or not, needs to be removed at no agent.
        DefectKind.AGENT_MEMBERS_NOT_WRITTEN: frozenset({"send", "reply", "leave", "leave_agent"}),
        DefectKind.AGENT_ATTRIBUTES_NOT_COPIED: frozenset({"send", "reply"}),
        # Who leaves takes every repetition along.
        DefectKind.MEMBERSHIPS_REPEATED: _MEMBERS | {"add_agent", "list_participants"},
    }
)
"""Operation kinds: writes as `bench.scenes.KINDS` tells them apart, reads as `workloads.operations.kind_of` names them.

Touched is a kind of write after which a fact is missing, wrong or repeated that was not so before it, and one that has less to
undo or other rows to make up for because of what an earlier write left out; and a kind of read that is answered otherwise.

Not touched is a write that ends a gap by the way: an agent's join (before join), its adding to a server (before agent) and the
first message (before message) make the agent's own row of the channel or server. Every design with agents' tables writes that row,
with the same columns, so no work is less and none is other; that central facts are read from it costs nothing more.
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact this design cannot represent, why, and where the design note says so."""

    kind: GapKind
    reason: str
    citation: str


@dataclass(frozen=True, slots=True)
class Defect:
    """What the design could do but its deployed code does not, why, and where that was seen."""

    kind: DefectKind
    reason: str
    citation: str
