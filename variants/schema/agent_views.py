"""The canonical views of the agent side, for the designs that have its tables, and what central views take from there.

A row whose agent is NULL is central (Option A) and belongs to no agent's view.
"""

from __future__ import annotations

from collections.abc import Mapping

SERVER_ATTRIBUTES = """
    {w}.name, {w}.metadata ->> 'sourceType' AS source_type, {w}.metadata ->> 'sourceId' AS source_id,
    {w}.metadata -> 'client' AS metadata, {w}."createdAt" AS created_at"""

CHANNEL_ATTRIBUTES = """
    {r}."serverId" AS server, {r}.name, {r}.type AS kind, {r}.source AS source_type, {r}.metadata ->> 'sourceId' AS source_id,
    {r}.metadata ->> 'topic' AS topic, {r}.metadata -> 'client' AS metadata, {r}."createdAt" AS created_at"""

AGENT_OF_WORLD = """
    SELECT w."serverId" AS server, w."agentId"::text AS agent, a.name FROM worlds w JOIN agents a ON a.id = w."agentId" """
"""The view `c_agent` where an agent's world says that it is on the server."""


def any_world_of(server: str) -> str:
    """A join that gives one agent's attributes of a server, all NULL when there is none, as `w`; all agents' are equal."""
    return f"""
        LEFT JOIN LATERAL (
            SELECT {SERVER_ATTRIBUTES.format(w="v")} FROM worlds v WHERE v."serverId" = {server} ORDER BY v.id LIMIT 1) w ON true"""


def any_room_of(channel: str) -> str:
    """A join that gives one agent's attributes of a channel, all NULL when there is none, as `r`; all agents' are equal."""
    return f"""
        LEFT JOIN LATERAL (
            SELECT {CHANNEL_ATTRIBUTES.format(r="q")} FROM rooms q WHERE q."channelId" = {channel}
            ORDER BY q.id LIMIT 1) r ON true"""


def memory_view(*, central: bool) -> str:
    """Messages in `memories`: agents' copies, known by the central id that they store, or Option A's central ones, by their key."""
    agent, lane = ("", "") if central else ('m."agentId"::text AS agent,', ', m."agentId"::text')
    known_as = "{m}.id::text" if central else "{m}.metadata ->> 'sourceId'"
    return f"""
        SELECT {agent} {known_as.format(m="m")} AS message, r."channelId" AS channel,
               e.metadata ->> 'sourceId' AS author, m.content ->> 'text' AS text, m.content -> 'metadata' AS metadata,
               m.content ->> 'source' AS source_type, {known_as.format(m="t")} AS in_reply_to,
               (m.metadata ->> 'rev')::integer AS rev, m."createdAt" AS created_at,
               rank() OVER (PARTITION BY r."channelId"{lane} ORDER BY m."createdAt") AS seq, m.xmin::text AS xid
        FROM memories m JOIN rooms r ON r.id = m."roomId" JOIN entities e ON e.id = m."entityId"
        LEFT JOIN memories t ON t.id = (m.content ->> 'inReplyTo')::uuid
        WHERE m.type = 'messages' AND m."agentId" IS {"NULL" if central else "NOT NULL"}"""


def agent_views() -> Mapping[str, str]:
    """`a_server`, `a_channel`, `a_member`, `a_message` and `id_map` by name."""
    return {
        "a_server": f"""
            SELECT w."agentId"::text AS agent, w."serverId" AS server, {SERVER_ATTRIBUTES.format(w="w")}
            FROM worlds w WHERE w."agentId" IS NOT NULL""",
        "a_channel": f"""
            SELECT r."agentId"::text AS agent, r."channelId" AS channel, {CHANNEL_ATTRIBUTES.format(r="r")}
            FROM rooms r WHERE r."agentId" IS NOT NULL""",
        "a_member": """
            SELECT p."agentId"::text AS agent, r."channelId" AS channel, e.metadata ->> 'sourceId' AS member
            FROM participants p JOIN rooms r ON r.id = p."roomId" JOIN entities e ON e.id = p."entityId"
            WHERE p."agentId" IS NOT NULL""",
        "a_message": memory_view(central=False),
        "id_map": """
            SELECT "agentId"::text AS agent, 'server' AS kind, "serverId" AS central_id, id::text AS local_id
            FROM worlds WHERE "agentId" IS NOT NULL
            UNION ALL SELECT "agentId"::text, 'channel', "channelId", id::text FROM rooms WHERE "agentId" IS NOT NULL
            UNION ALL SELECT agent_id::text, 'member', metadata ->> 'sourceId', id::text
            FROM entities WHERE agent_id IS NOT NULL
            UNION ALL SELECT "agentId"::text, 'message', metadata ->> 'sourceId', id::text
            FROM memories WHERE "agentId" IS NOT NULL""",
    }
