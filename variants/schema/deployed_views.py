"""The canonical views over the tables of the real server: what it keeps, and NULL for what its code does not keep.

A world's and a room's name are made up, their metadata is empty, their time and a room's source are those of a message; so none of
them is a fact of the server or the channel. A copy is never edited, so its edit number is 0. A link to what is answered is followed
as it is stored. An agent's own replies and its own entity are those without metadata. A copy says its author twice, by its entity
and in the payload; one in which they differ, or that points at another agent's row, is in no view.
"""

from __future__ import annotations

from collections.abc import Mapping

from variants.contract import View
from variants.schema.central_members import AGENT_VIEW, MEMBER_VIEW
from variants.schema.root_messages import message_view


def deployed_views() -> Mapping[str, View]:
    """All canonical views by name."""
    return {
        "c_server": """
            SELECT id::text AS server, name, source_type, source_id, metadata, created_at FROM message_servers""",
        "c_channel": """
            SELECT id AS channel, server_id::text AS server, name, type AS kind, source_type, source_id, topic, metadata, created_at
            FROM channels""",
        "c_agent": AGENT_VIEW,
        "c_member": MEMBER_VIEW,
        "c_message": message_view(),
        "a_server": """
            SELECT "agentId"::text AS agent, "serverId" AS server, NULL AS name, NULL AS source_type, NULL AS source_id,
                   NULL::jsonb AS metadata, NULL::timestamp AS created_at
            FROM worlds""",
        "a_channel": """
            SELECT "agentId"::text AS agent, "channelId" AS channel, "serverId" AS server, NULL AS name, type AS kind,
                   NULL AS source_type, NULL AS source_id, NULL AS topic, NULL::jsonb AS metadata, NULL::timestamp AS created_at
            FROM rooms""",
        "a_member": """
            SELECT p."agentId"::text AS agent, r."channelId" AS channel, coalesce(e.metadata ->> 'author_id', e.id::text) AS member
            FROM participants p JOIN rooms r ON r.id = p."roomId" AND r."agentId" = p."agentId"
            JOIN entities e ON e.id = p."entityId" AND e.agent_id = p."agentId" """,
        "a_message": """
            SELECT m."agentId"::text AS agent, m.metadata ->> 'sourceId' AS message, r."channelId" AS channel,
                   coalesce(e.metadata ->> 'author_id', e.id::text) AS author,
                   m.content ->> 'text' AS text,
                   coalesce(m.metadata #> '{raw,metadata}', m.content -> 'metadata') AS metadata,
                   m.content ->> 'source' AS source_type, t.metadata ->> 'sourceId' AS in_reply_to, 0 AS rev,
                   m."createdAt" AS created_at,
                   rank() OVER (PARTITION BY r."channelId", m."agentId" ORDER BY m."createdAt") AS seq, m.xmin::text AS xid
            FROM memories m JOIN rooms r ON r.id = m."roomId" AND r."agentId" = m."agentId"
            JOIN entities e ON e.id = m."entityId" AND e.agent_id = m."agentId"
                AND coalesce(e.metadata ->> 'author_id', e.id::text)
                    = coalesce(m.metadata #>> '{raw,senderId}', CASE WHEN m.metadata = '{}' THEN e.id::text END)
            LEFT JOIN memories t ON t.id = (m.content ->> 'inReplyTo')::uuid AND t."agentId" = m."agentId"
            WHERE m.type = 'messages'""",
        "id_map": """
            SELECT "agentId"::text AS agent, 'server' AS kind, "serverId" AS central_id, id::text AS local_id FROM worlds
            UNION ALL SELECT "agentId"::text, 'channel', "channelId", id::text FROM rooms
            UNION ALL SELECT agent_id::text, 'member',
                coalesce(metadata ->> 'author_id', CASE WHEN metadata = '{}' THEN agent_id::text END), id::text FROM entities
            UNION ALL SELECT "agentId"::text, 'message', metadata ->> 'sourceId', id::text FROM memories
                WHERE "entityId" <> "agentId" """,
    }
