"""The canonical views of the agent side, for the designs that have its tables.

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
        "a_message": """
            SELECT m."agentId"::text AS agent, m.metadata ->> 'sourceId' AS message, r."channelId" AS channel,
                   e.metadata ->> 'sourceId' AS author, m.content ->> 'text' AS text, m.content -> 'metadata' AS metadata,
                   m.content ->> 'source' AS source_type, t.metadata ->> 'sourceId' AS in_reply_to,
                   (m.metadata ->> 'rev')::integer AS rev, m."createdAt" AS created_at,
                   rank() OVER (PARTITION BY r."channelId", m."agentId"::text ORDER BY m."createdAt") AS seq,
                   m.xmin::text AS xid
            FROM memories m JOIN rooms r ON r.id = m."roomId" JOIN entities e ON e.id = m."entityId"
            LEFT JOIN memories t ON t.id = (m.content ->> 'inReplyTo')::uuid
            WHERE m.type = 'messages'""",
        "id_map": """
            SELECT "agentId"::text AS agent, 'server' AS kind, "serverId" AS central_id, id::text AS local_id
            FROM worlds WHERE "agentId" IS NOT NULL
            UNION ALL SELECT "agentId"::text, 'channel', "channelId", id::text FROM rooms WHERE "agentId" IS NOT NULL
            UNION ALL SELECT agent_id::text, 'member', metadata ->> 'sourceId', id::text
            FROM entities WHERE agent_id IS NOT NULL
            UNION ALL SELECT "agentId"::text, 'message', metadata ->> 'sourceId', id::text FROM memories""",
    }
