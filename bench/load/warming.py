"""Warm-up: every connection performs every kind of operation before anything is measured. Pure.

The operations are scenes of their own, so they meet nothing of the workload.
"""

from __future__ import annotations

from bench.scenes import FIRST, KINDS, WARM, exists, scene
from workloads.operations import (
    IsParticipant,
    Join,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
    Role,
    Write,
)

_AGENTS = 2
_LATE_MS = 4_102_444_800_000


def warm_writes(lane: int) -> list[Write]:
    """Writes of every kind, in an order in which all succeed; those of no two lanes meet."""
    found: list[Write] = []
    for state in (FIRST, WARM):
        for kind in KINDS:
            k = _AGENTS if exists(kind, _AGENTS, state) else 0
            if exists(kind, k, state):
                made = scene(kind, k, state, f"warm-{lane}-{state}-{kind}")
                found += [*made.setup, *made.target]
    return found


def warm_reads(lane: int) -> list[Read]:
    """Reads of every kind about what `warm_writes` of the lane wrote."""
    made = scene("send", _AGENTS, WARM, f"warm-{lane}-{WARM}-send")
    agent = next(op.member.id for op in made.setup if isinstance(op, Join) and op.member.role is Role.AGENT)
    channel = made.channel_id
    return [
        LatestPage(channel),
        PageBack(channel, _LATE_MS),
        RecallContext(agent, channel),
        ListChannels(made.server_id),
        ListParticipants(channel),
        IsParticipant(channel, agent),
        ListServers(agent),
    ]
