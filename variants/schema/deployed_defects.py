"""What the code of elizaOS server 1.6.1 leaves undone, and where that was seen."""

from __future__ import annotations

from variants.contract import Defect, DefectKind, Indexes

OBSERVED, READ = "elizaOS server 1.6.1, observed at a running server", "elizaOS server 1.6.1, read in its source"


def deployed_defects(level: Indexes) -> tuple[Defect, ...]:
    """The defects of the code, and that of databases without keys of two columns."""
    found = (
        Defect(DefectKind.EDIT_LEAVES_COPIES, "an edit updates the central row, and no event tells the agents", READ),
        Defect(
            DefectKind.DELETE_LEAVES_COPIES,
            "agents look for their copies by createUniqueUuid(message id), but store them under another formula since 1.3.2",
            OBSERVED,
        ),
        Defect(DefectKind.OWN_REPLY_UNLINKED, "an own reply is stored under a random id and without the central one", OBSERVED),
        Defect(
            DefectKind.COPIES_LOSE_REPLY_LINK,
            "the link in a copy is made by another formula than the ids of memories, so it is the id of none",
            READ,
        ),
        Defect(DefectKind.AGENT_MEMBERS_NOT_WRITTEN, "the message path does not write participants: 0 rows", OBSERVED),
        Defect(
            DefectKind.AGENT_ATTRIBUTES_NOT_COPIED,
            "worlds and rooms get made-up names and no metadata, source or topic of theirs; a room keeps its channel's type",
            OBSERVED,
        ),
    )
    if level is not Indexes.DEPLOYED:
        return found
    return (
        *found,
        Defect(
            DefectKind.MEMBERSHIPS_REPEATED,
            "without its key of two columns ON CONFLICT DO NOTHING never conflicts",
            "elizaOS server 1.4.2, observed: two equal rows of server_agents after a restart",
        ),
    )
