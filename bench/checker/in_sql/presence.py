"""I1, I2, I3, I4, I12 and I19 in SQL: which messages are where, and how often."""

from __future__ import annotations

DURABILITY = (
    """
    SELECT 'lost', ARRAY[pg_temp.id(h.op)] FROM checker_history h JOIN checker_state s ON s.op = h.op
    WHERE h.f = 'send' AND h.told = 'ok' AND NOT s.in_central AND NOT s.may_be_deleted""",
)

NO_LOST_REPLY = (
    """
    SELECT 'lost', ARRAY[pg_temp.id(h.op)] FROM checker_history h JOIN checker_state s ON s.op = h.op
    WHERE h.f = 'reply' AND h.told = 'ok' AND NOT s.in_central AND NOT s.may_be_deleted""",
    """
    SELECT 'agent-only', ARRAY[pg_temp.id(o.op)] FROM checker_a_message a JOIN checker_owned o ON o.message = a.message
    WHERE o.f = 'reply' AND o.author = a.agent AND NOT o.in_central AND NOT o.may_be_deleted AND o.told <> 'ok'""",
)

NO_PHANTOM = (
    """
    SELECT CASE WHEN o.message IS NULL THEN 'phantom' ELSE 'failed' END, ARRAY[pg_temp.id(t.message)]
    FROM (SELECT message FROM checker_c_message UNION ALL SELECT message FROM checker_a_message WHERE message IS NOT NULL) t
    LEFT JOIN checker_owned o ON o.message = t.message
    WHERE o.message IS NULL OR o.told = 'fail'""",
    "SELECT 'phantom', ARRAY[pg_temp.id(agent), pg_temp.id(channel)] FROM checker_a_message WHERE message IS NULL",
    """
    SELECT 'failed', ARRAY[pg_temp.id(t.message)]
    FROM (SELECT message, rev FROM checker_c_message UNION ALL SELECT message, rev FROM checker_a_message) t
    JOIN checker_owned o ON o.message = t.message
    WHERE t.rev > 0 AND NOT EXISTS (
        SELECT FROM checker_history e WHERE e.f = 'edit' AND e.told <> 'fail' AND e.target = o.op AND e.rev = t.rev)""",
)

EXACTLY_ONCE = (
    """
    SELECT 'duplicate', ARRAY['=central', pg_temp.id(coalesce(o.op, max(c.message)))]
    FROM checker_c_message c LEFT JOIN checker_owned o ON o.message = c.message
    GROUP BY o.op, CASE WHEN o.op IS NULL THEN c.message END HAVING count(*) > 1""",
    """
    SELECT 'duplicate', ARRAY[pg_temp.id(a.agent), pg_temp.id(coalesce(o.op, max(a.message)))]
    FROM checker_a_message a LEFT JOIN checker_owned o ON o.message = a.message WHERE a.message IS NOT NULL
    GROUP BY a.agent, o.op, CASE WHEN o.op IS NULL THEN a.message END HAVING count(*) > 1""",
)

AGREEMENT = (
    """
    SELECT 'central-only', ARRAY[pg_temp.id(e.agent), pg_temp.id(e.message)] FROM checker_expected e
    WHERE NOT EXISTS (SELECT FROM checker_a_message a WHERE a.agent = e.agent AND a.message = e.message)
      AND NOT EXISTS (SELECT FROM checker_silent s WHERE s.agent = e.agent AND s.message = e.message)""",
    """
    SELECT 'agent-only', ARRAY[pg_temp.id(a.agent), pg_temp.id(a.message)]
    FROM checker_a_message a JOIN checker_owned o ON o.message = a.message
    WHERE NOT o.deleted AND NOT EXISTS (SELECT FROM checker_c_message c WHERE c.message = a.message)""",
)

NO_LEAK = (
    # Split by cause: a NOT EXISTS beside an OR is not planned as a join.
    """
    SELECT 'leaked', ARRAY[pg_temp.id(h.agent), pg_temp.id(h.message)]
    FROM (SELECT agent, message FROM checker_a_message UNION ALL
          SELECT r.agent, s.message FROM checker_seen s JOIN checker_read r ON r.read = s.read WHERE r.agent IS NOT NULL) h
    JOIN checker_owned o ON o.message = h.message
    WHERE NOT (o.f = 'reply' AND o.author IS NOT DISTINCT FROM h.agent) AND NOT EXISTS (
        SELECT FROM checker_subscription s
        WHERE s.agent = h.agent AND s.channel = o.channel AND s.from_ms <= o.at_ms AND o.at_ms < s.to_ms)""",
    """
    SELECT 'leaked', ARRAY[pg_temp.id(h.agent), pg_temp.id(h.message)]
    FROM (SELECT agent, message FROM checker_a_message UNION ALL
          SELECT r.agent, s.message FROM checker_seen s JOIN checker_read r ON r.read = s.read WHERE r.agent IS NOT NULL) h
    JOIN checker_owned o ON o.message = h.message
    WHERE o.f = 'reply' AND o.author IS DISTINCT FROM h.agent AND NOT (SELECT peer_delivery FROM checker_setting)""",
    """
    SELECT 'leaked', ARRAY['=id', pg_temp.id(local)] FROM checker_id_map WHERE agent IS NOT NULL
    GROUP BY local HAVING min(agent) <> max(agent)""",
)
