"""The views `c_member` and `c_agent` where both sides keep memberships from the beginning on.

The central rows are the answer. A row that one side has and the other lacks is told twice more: what is kept twice must say the
same, and a single row more would stand in for the central one that is gone.
"""

from __future__ import annotations

from variants.schema.agent_views import member_view
from variants.schema.central_members import AGENT_VIEW, MEMBER_VIEW


def members_twice_view() -> str:
    """Every agent that is in a channel knows all who are in it, itself included, and nobody else."""
    known = member_view(central=False)
    return f"""
        {MEMBER_VIEW}
        UNION ALL
        SELECT coalesce(w.channel, k.channel), coalesce(w.member, k.member)
        FROM (SELECT here.channel_id AS channel, a.id::text AS agent, other.user_id AS member
              FROM channel_participants here JOIN agents a ON a.id::text = here.user_id
              JOIN channel_participants other ON other.channel_id = here.channel_id) w
        FULL JOIN ({known}) k ON k.agent = w.agent AND k.channel = w.channel AND k.member = w.member
        CROSS JOIN generate_series(1, 2)
        WHERE w.member IS NULL OR k.member IS NULL"""


def agents_twice_view() -> str:
    """Every agent of a server has a world of it, and of no other one."""
    return f"""
        {AGENT_VIEW}
        UNION ALL
        SELECT coalesce(s.server_id::text, w."serverId"), coalesce(s.agent_id, w."agentId")::text, a.name
        FROM server_agents s
        FULL JOIN worlds w ON w."agentId" = s.agent_id AND w."serverId" = s.server_id::text
        JOIN agents a ON a.id = coalesce(s.agent_id, w."agentId")
        CROSS JOIN generate_series(1, 2)
        WHERE s.agent_id IS NULL OR w.id IS NULL"""
