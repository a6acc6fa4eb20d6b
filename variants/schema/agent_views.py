"""The canonical views of the agent side, for the designs that have its tables, and what central views take from there.

A row whose agent is NULL is central (Option A) and belongs to no agent's view. A row that points at a row of another owner, or a
room whose world is of another server than the room says, is in no view: no agent may see through the eyes of another.
"""

from __future__ import annotations

from collections.abc import Mapping

SERVER_ATTRIBUTES = """
    {w}.name, {w}.metadata ->> 'sourceType' AS source_type, {w}.metadata ->> 'sourceId' AS source_id,
    {w}.metadata -> 'client' AS metadata, {w}."createdAt" AS created_at"""

CHANNEL_ATTRIBUTES = """
    {r}."serverId" AS server, {r}.name, {r}.type AS kind, {r}.source AS source_type, {r}.metadata ->> 'sourceId' AS source_id,
    {r}.metadata ->> 'topic' AS topic, {r}.metadata -> 'client' AS metadata, {r}."createdAt" AS created_at"""

PLACED_ROOMS = """
    rooms {r} JOIN worlds {r}_world ON {r}_world.id = {r}."worldId" AND {r}_world."serverId" = {r}."serverId"
        AND {r}_world."agentId" IS NOT DISTINCT FROM {r}."agentId" """
"""Rooms in the world that their owner has of the room's server."""

AGENT_OF_WORLD = """
    SELECT w."serverId" AS server, w."agentId"::text AS agent, a.name FROM worlds w JOIN agents a ON a.id = w."agentId" """
"""The view `c_agent` where an agent's world says that it is on the server."""

_ROOM_OF_AGENT = """JOIN rooms r ON r.id = {x}."roomId" AND r."agentId" = {x}."agentId" """

_CENTRAL_ROOM = """JOIN rooms r ON r.id = {x}."roomId" AND r."agentId" IS NULL"""

_ENTITY_OF_AGENT = """JOIN entities e ON e.id = {x}."entityId" AND e.agent_id = {x}."agentId" """

_CENTRAL_ENTITY = """
    JOIN entities e ON e.id = {x}."entityId" LEFT JOIN agents self ON self.id = e.id"""

_IS_CENTRAL = """{x}."agentId" IS NULL
            AND CASE WHEN self.id IS NULL THEN e.agent_id IS NULL ELSE e.agent_id = self.id END"""
"""The central entity of an agent is the agent's own, that of anybody else is nobody's.

Of IS NOT DISTINCT FROM between columns the planner expects next to no rows, and then joins many of them one by one.
"""


def any_world_of(server: str) -> str:
    """A join that gives one agent's attributes of a server, all NULL when there is none, as `w`; all agents' are equal."""
    return f"""
        LEFT JOIN LATERAL (
            SELECT {SERVER_ATTRIBUTES.format(w="v")} FROM worlds v WHERE v."serverId" = {server} ORDER BY v.id LIMIT 1) w ON true"""


def any_room_of(channel: str) -> str:
    """A join that gives one agent's attributes of a channel, all NULL when there is none, as `r`; all agents' are equal."""
    return f"""
        LEFT JOIN LATERAL (
            SELECT {CHANNEL_ATTRIBUTES.format(r="q")} FROM {PLACED_ROOMS.format(r="q")} WHERE q."channelId" = {channel}
            ORDER BY q.id LIMIT 1) r ON true"""


def _place(*, central: bool) -> tuple[str, str]:
    """The joins of a row to its owner's room and entity."""
    return (_CENTRAL_ROOM, _CENTRAL_ENTITY) if central else (_ROOM_OF_AGENT, _ENTITY_OF_AGENT)


def member_view(*, central: bool) -> str:
    """Members of rooms: of agents' own, or of Option A's central ones."""
    agent = "" if central else 'p."agentId"::text AS agent,'
    room, entity = _place(central=central)
    return f"""
        SELECT {agent} r."channelId" AS channel, e.metadata ->> 'sourceId' AS member
        FROM participants p {room.format(x="p")} {entity.format(x="p")}
        WHERE {_IS_CENTRAL.format(x="p") if central else 'p."agentId" IS NOT NULL'}"""


def shared_member_view() -> str:
    """The view `c_member` where only agents' rooms have members: those whom all agents that are in the channel know of.

    An agent that is in a channel is in its own room.
    """
    known = member_view(central=False)
    return f"""
        SELECT DISTINCT k.channel, k.member
        FROM (SELECT channel, member, count(*) OVER (PARTITION BY channel, member) AS told,
                     count(*) FILTER (WHERE member = agent) OVER (PARTITION BY channel) AS agents
              FROM ({known}) p) k
        WHERE k.told = k.agents"""


def memory_view(*, central: bool) -> str:
    """Messages in `memories`: agents' copies, known by the central id that they store, or Option A's central ones, by their key."""
    agent, lane = ("", "") if central else ('m."agentId"::text AS agent,', ', m."agentId"::text')
    known_as = "{m}.id::text" if central else "{m}.metadata ->> 'sourceId'"
    room, entity = _place(central=central)
    return f"""
        SELECT {agent} {known_as.format(m="m")} AS message, r."channelId" AS channel,
               e.metadata ->> 'sourceId' AS author, m.content ->> 'text' AS text, m.content -> 'metadata' AS metadata,
               m.content ->> 'source' AS source_type, {known_as.format(m="t")} AS in_reply_to,
               (m.metadata ->> 'rev')::integer AS rev, m."createdAt" AS created_at,
               rank() OVER (PARTITION BY r."channelId"{lane} ORDER BY m."createdAt") AS seq, m.xmin::text AS xid
        FROM memories m {room.format(x="m")} {entity.format(x="m")}
        LEFT JOIN memories t ON t.id = (m.content ->> 'inReplyTo')::uuid AND t."agentId" IS NOT DISTINCT FROM m."agentId"
        WHERE m.type = 'messages' AND {_IS_CENTRAL.format(x="m") if central else 'm."agentId" IS NOT NULL'}"""


def agent_views() -> Mapping[str, str]:
    """`a_server`, `a_channel`, `a_member`, `a_message` and `id_map` by name.

    `id_map` takes each row as it lies there, with the rows that no agent owns (Option A): what the other views leave out for
    its owner is told as a link to what an agent has not.
    """
    return {
        "a_server": f"""
            SELECT w."agentId"::text AS agent, w."serverId" AS server, {SERVER_ATTRIBUTES.format(w="w")}
            FROM worlds w WHERE w."agentId" IS NOT NULL""",
        "a_channel": f"""
            SELECT r."agentId"::text AS agent, r."channelId" AS channel, {CHANNEL_ATTRIBUTES.format(r="r")}
            FROM {PLACED_ROOMS.format(r="r")} WHERE r."agentId" IS NOT NULL""",
        "a_member": member_view(central=False),
        "a_message": memory_view(central=False),
        "id_map": """
            SELECT "agentId"::text AS agent, 'server' AS kind, "serverId" AS central_id, id::text AS local_id FROM worlds
            UNION ALL SELECT "agentId"::text, 'channel', "channelId", id::text FROM rooms
            UNION ALL SELECT agent_id::text, 'member', metadata ->> 'sourceId', id::text FROM entities
            UNION ALL SELECT "agentId"::text, 'message', metadata ->> 'sourceId', id::text FROM memories""",
    }
