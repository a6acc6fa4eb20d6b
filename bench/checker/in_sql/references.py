"""I9, I10, I11 and I18 in SQL: references, members, and ids."""

from __future__ import annotations

REFERENCES = (
    """
    SELECT 'dangling', ARRAY['=c_channel', pg_temp.id(t.channel), '=server'] FROM checker_c_channel t
    WHERE t.server IS NOT NULL AND NOT EXISTS (SELECT FROM checker_c_server s WHERE s.server = t.server)""",
    """
    SELECT 'dangling', ARRAY['=c_agent', pg_temp.id(t.server), pg_temp.id(t.agent), '=server'] FROM checker_c_agent t
    WHERE NOT EXISTS (SELECT FROM checker_c_server s WHERE s.server = t.server)""",
    """
    SELECT 'dangling', ARRAY['=a_server', pg_temp.id(t.agent), pg_temp.id(t.server), '=server'] FROM checker_a_server t
    WHERE NOT EXISTS (SELECT FROM checker_c_server s WHERE s.server = t.server)""",
    """
    SELECT 'dangling', ARRAY['=c_member', pg_temp.id(t.channel), pg_temp.id(t.member), '=channel'] FROM checker_c_member t
    WHERE NOT EXISTS (SELECT FROM checker_c_channel c WHERE c.channel = t.channel)""",
    """
    SELECT 'dangling', ARRAY['=c_message', pg_temp.id(t.message), '=channel'] FROM checker_c_message t
    WHERE NOT EXISTS (SELECT FROM checker_c_channel c WHERE c.channel = t.channel)""",
    """
    SELECT 'dangling', ARRAY['=a_channel', pg_temp.id(t.agent), pg_temp.id(t.channel), '=channel'] FROM checker_a_channel t
    WHERE NOT EXISTS (SELECT FROM checker_c_channel c WHERE c.channel = t.channel)""",
    """
    SELECT 'dangling', ARRAY['=a_member', pg_temp.id(t.agent), pg_temp.id(t.channel), pg_temp.id(t.member), '=channel']
    FROM checker_a_member t
    WHERE NOT EXISTS (SELECT FROM checker_c_channel c WHERE c.channel = t.channel)""",
    """
    SELECT 'dangling', ARRAY['=a_message', pg_temp.id(t.agent), pg_temp.told(t.message, t.silent), '=channel']
    FROM checker_a_message t
    WHERE NOT EXISTS (SELECT FROM checker_c_channel c WHERE c.channel = t.channel)""",
    """
    SELECT 'dangling', ARRAY['=a_server', pg_temp.id(t.agent), pg_temp.id(t.server), '=agent'] FROM checker_a_server t
    WHERE NOT EXISTS (SELECT FROM checker_c_agent a WHERE a.agent = t.agent)""",
    """
    SELECT 'dangling', ARRAY['=a_channel', pg_temp.id(t.agent), pg_temp.id(t.channel), '=agent'] FROM checker_a_channel t
    WHERE NOT EXISTS (SELECT FROM checker_c_agent a WHERE a.agent = t.agent)""",
    """
    SELECT 'dangling', ARRAY['=a_member', pg_temp.id(t.agent), pg_temp.id(t.channel), pg_temp.id(t.member), '=agent']
    FROM checker_a_member t
    WHERE NOT EXISTS (SELECT FROM checker_c_agent a WHERE a.agent = t.agent)""",
    """
    SELECT 'dangling', ARRAY['=a_message', pg_temp.id(t.agent), pg_temp.told(t.message, t.silent), '=agent']
    FROM checker_a_message t
    WHERE NOT EXISTS (SELECT FROM checker_c_agent a WHERE a.agent = t.agent)""",
    """
    WITH people AS MATERIALIZED (
        SELECT agent AS id FROM checker_c_agent UNION SELECT member FROM checker_c_member
        UNION SELECT member FROM checker_history WHERE f IN ('join', 'join_agent') AND told <> 'fail' AND member IS NOT NULL)
    SELECT 'dangling', ARRAY['=c_message', pg_temp.id(t.message), '=author'] FROM checker_c_message t
    WHERE NOT EXISTS (SELECT FROM people p WHERE p.id = t.author)
    UNION ALL
    SELECT 'dangling', ARRAY['=a_message', pg_temp.id(t.agent), pg_temp.told(t.message, t.silent), '=author']
    FROM checker_a_message t
    WHERE NOT EXISTS (SELECT FROM people p WHERE p.id = t.author)""",
    """
    SELECT 'dangling', ARRAY['=c_message', pg_temp.id(t.message), '=reply_to'] FROM checker_c_message t
    WHERE t.reply_to IS NOT NULL AND NOT EXISTS (SELECT FROM checker_c_message c WHERE c.message = t.reply_to)""",
    """
    SELECT 'dangling', ARRAY['=a_message', pg_temp.id(t.agent), pg_temp.told(t.message, t.silent), '=reply_to']
    FROM checker_a_message t
    WHERE t.reply_to IS NOT NULL
      AND NOT EXISTS (SELECT FROM checker_a_message a WHERE a.agent = t.agent AND a.message = t.reply_to AND NOT a.silent)""",
    """
    SELECT 'unlinked', ARRAY['=c_message', pg_temp.id(t.message), '=reply_to']
    FROM checker_c_message t JOIN checker_owned o ON o.message = t.message JOIN checker_state s ON s.op = o.target
    LEFT JOIN checker_owned linked ON linked.message = t.reply_to
    WHERE o.f IN ('send', 'reply') AND s.in_central AND NOT s.may_be_deleted AND linked.op IS DISTINCT FROM o.target
      AND (t.reply_to IS NULL OR EXISTS (SELECT FROM checker_c_message c WHERE c.message = t.reply_to))""",
    """
    SELECT 'unlinked', ARRAY['=a_message', pg_temp.id(t.agent), pg_temp.id(t.message), '=reply_to']
    FROM checker_a_message t JOIN checker_owned o ON o.message = t.message JOIN checker_state s ON s.op = o.target
    WHERE o.f IN ('send', 'reply') AND s.in_central AND NOT s.may_be_deleted AND t.reply_to IS NULL AND NOT t.silent AND EXISTS (
        SELECT FROM checker_a_message a JOIN checker_owned held ON held.message = a.message
        WHERE a.agent = t.agent AND NOT a.silent AND held.op = o.target
          AND EXISTS (SELECT FROM checker_c_message c WHERE c.message = a.message))""",
)

PARTICIPANTS = (
    """
    SELECT 'duplicate', ARRAY['=central', pg_temp.id(channel), pg_temp.id(member)]
    FROM checker_c_member GROUP BY channel, member HAVING count(*) > 1""",
    """
    SELECT 'duplicate', ARRAY[pg_temp.id(agent), pg_temp.id(channel), pg_temp.id(member)] FROM checker_a_member
    GROUP BY agent, channel, member HAVING count(*) > 1""",
    """
    SELECT CASE WHEN last.f IN ('join', 'join_agent') THEN 'lost' ELSE 'stale' END,
        ARRAY['=central', pg_temp.id(last.channel), pg_temp.id(last.member)]
    FROM (SELECT DISTINCT ON (channel, member) channel, member, f, told FROM checker_history
          WHERE f IN ('join', 'join_agent', 'leave', 'leave_agent') AND told <> 'fail'
            AND channel IS NOT NULL AND member IS NOT NULL
          ORDER BY channel, member, at_ms DESC, op DESC) last
    WHERE last.told = 'ok' AND (last.f IN ('join', 'join_agent')) <> EXISTS (
        SELECT FROM checker_c_member m WHERE m.channel = last.channel AND m.member = last.member)""",
    """
    SELECT 'stale', ARRAY['=central', pg_temp.id(m.channel), pg_temp.id(m.member)] FROM checker_c_member m WHERE NOT EXISTS (
        SELECT FROM checker_history h WHERE h.f IN ('join', 'join_agent') AND h.told <> 'fail'
        AND h.channel = m.channel AND h.member = m.member)""",
    """
    SELECT 'agent-only', ARRAY[pg_temp.id(a.agent), pg_temp.id(a.channel), pg_temp.id(a.member)] FROM checker_a_member a
    WHERE NOT EXISTS (SELECT FROM checker_c_member m WHERE m.channel = a.channel AND m.member = a.member)
    UNION ALL
    SELECT 'agent-only', ARRAY[pg_temp.id(a.agent), pg_temp.id(a.channel), pg_temp.id(a.member)] FROM checker_a_member a
    WHERE NOT EXISTS (SELECT FROM checker_c_member m WHERE m.channel = a.channel AND m.member = a.agent)""",
    """
    WITH heard AS (
        SELECT agent, channel, author, max(created_at_ms) AS at_ms FROM checker_a_message GROUP BY agent, channel, author),
    moved AS (
        SELECT channel, member, max(at_ms) AS at_ms FROM checker_history
        WHERE (f IN ('join', 'join_agent') AND told <> 'fail') OR (f IN ('leave', 'leave_agent') AND told = 'ok')
        GROUP BY channel, member)
    SELECT 'central-only', ARRAY[pg_temp.id(h.agent), pg_temp.id(h.channel), pg_temp.id(h.author)] FROM heard h
    LEFT JOIN moved who ON who.channel = h.channel AND who.member = h.author
    LEFT JOIN moved self ON self.channel = h.channel AND self.member = h.agent
    WHERE (who.at_ms IS NULL OR who.at_ms <= h.at_ms) AND (self.at_ms IS NULL OR self.at_ms <= h.at_ms)
      AND EXISTS (SELECT FROM checker_c_member m WHERE m.channel = h.channel AND m.member = h.author)
      AND EXISTS (SELECT FROM checker_c_member m WHERE m.channel = h.channel AND m.member = h.agent)
      AND NOT EXISTS (
        SELECT FROM checker_a_member a WHERE a.agent = h.agent AND a.channel = h.channel AND a.member = h.author)""",
)

ONE_TO_ONE = (
    """
    SELECT 'ambiguous', ARRAY[coalesce(pg_temp.id(l.agent), '=central'), '=' || l.kind, pg_temp.id(l.central)]
    FROM (SELECT agent, kind, central
          FROM (SELECT * FROM checker_id_map UNION ALL SELECT * FROM checker_used_id) links
          WHERE central IS NOT NULL AND (SELECT maps_ids FROM checker_setting)
          GROUP BY agent, kind, central HAVING min(local) <> max(local)) l
    WHERE NOT (l.kind = 'message' AND 1 < (
        SELECT count(*) FROM checker_a_message a WHERE a.agent = l.agent AND a.message = l.central AND NOT a.silent))""",
    """
    SELECT 'ambiguous', ARRAY[coalesce(pg_temp.id(agent), '=central'), '=' || kind, pg_temp.id(local)]
    FROM (SELECT * FROM checker_id_map UNION ALL SELECT * FROM checker_used_id) links
    WHERE central IS NOT NULL AND (SELECT maps_ids FROM checker_setting)
    GROUP BY agent, kind, local HAVING min(central) <> max(central)""",
    """
    WITH had AS (
        SELECT agent, 'server' AS kind, server AS thing FROM checker_a_server
        UNION ALL SELECT agent, 'channel', channel FROM checker_a_channel
        UNION ALL SELECT agent, 'member', member FROM checker_a_member
        UNION ALL SELECT agent, 'message', message FROM checker_a_message WHERE message IS NOT NULL AND NOT silent
        UNION ALL SELECT DISTINCT agent, 'channel', channel FROM checker_a_message
        UNION ALL SELECT DISTINCT agent, 'member', author FROM checker_a_message)
    SELECT 'missing', ARRAY[pg_temp.id(h.agent), '=' || h.kind, pg_temp.id(h.thing)] FROM had h
    WHERE (SELECT maps_ids FROM checker_setting) AND NOT EXISTS (
        SELECT FROM checker_id_map l WHERE l.agent = h.agent AND l.kind = h.kind AND l.central = h.thing)""",
)

ONE_ROW = (
    "SELECT 'duplicate', ARRAY['=server', pg_temp.id(server)] FROM checker_c_server GROUP BY server HAVING count(*) > 1",
    "SELECT 'duplicate', ARRAY['=channel', pg_temp.id(channel)] FROM checker_c_channel GROUP BY channel HAVING count(*) > 1",
    """
    SELECT 'duplicate', ARRAY['=agent', pg_temp.id(server), pg_temp.id(agent)] FROM checker_c_agent
    GROUP BY server, agent HAVING count(*) > 1""",
)
