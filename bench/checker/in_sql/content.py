"""I5, I6, I7 and I15 in SQL: what copies say, in which order, and whether edits and deletes reached everything."""

from __future__ import annotations

CONTENT_AGREEMENT = (
    """
    SELECT 'altered', ARRAY[pg_temp.id(a.agent), pg_temp.id(a.message), '=' || part.name]
    FROM checker_a_message a JOIN checker_c_message c ON c.message = a.message
    LEFT JOIN checker_owned o ON o.message = a.message
    CROSS JOIN LATERAL (VALUES
        ('channel', a.channel <> c.channel),
        ('author', a.author <> c.author),
        ('content', a.content <> c.content AND (coalesce(o.edited_to, 0) = 0 OR (a.rev >= o.edited_to AND c.rev >= o.edited_to))),
        ('reply_to', a.reply_to IS DISTINCT FROM c.reply_to AND a.reply_to IS NOT NULL AND (
            c.reply_to IS NOT NULL OR EXISTS (SELECT FROM checker_c_message t WHERE t.message = a.reply_to)))
    ) part (name, differs)
    WHERE (a.channel <> c.channel OR a.author <> c.author OR a.content <> c.content OR a.reply_to IS DISTINCT FROM c.reply_to)
      AND part.differs""",
)

EDITS_AND_DELETES = (
    """
    SELECT CASE WHEN o.deleted THEN 'resurrected' ELSE 'stale' END, ARRAY['=central', pg_temp.id(c.message)]
    FROM checker_c_message c JOIN checker_owned o ON o.message = c.message
    WHERE o.deleted OR (o.edited_to > 0 AND c.rev < o.edited_to)""",
    """
    SELECT CASE WHEN o.deleted THEN 'resurrected' ELSE 'stale' END, ARRAY[pg_temp.id(a.agent), pg_temp.id(a.message)]
    FROM checker_a_message a JOIN checker_owned o ON o.message = a.message
    WHERE o.deleted OR (o.edited_to > 0 AND a.rev < o.edited_to)""",
)

ORDER_AGREEMENT = (
    """
    SELECT 'order', ARRAY[pg_temp.id(agent), pg_temp.id(channel)]
    FROM (SELECT a.agent, a.channel, c.seq, lag(c.seq) OVER by_agent AS before,
                 a.seq = lag(a.seq) OVER by_agent AND a.message <> lag(a.message) OVER by_agent AS shares_place
          FROM checker_a_message a JOIN checker_c_message c ON c.message = a.message AND c.channel = a.channel
          WINDOW by_agent AS (PARTITION BY a.agent, a.channel ORDER BY a.seq, c.seq, a.message)) placed
    WHERE seq < before OR (seq > before AND shares_place)""",
)

REAL_TIME_ORDER = (
    """
    WITH placed AS (
        SELECT h.op, h.channel, h.invoke_ns, h.done_ns, max(c.seq) AS seq
        FROM checker_c_message c JOIN checker_owned o ON o.message = c.message JOIN checker_history h ON h.op = o.op
        WHERE h.f IN ('send', 'reply') AND h.told = 'ok' AND NOT o.may_be_deleted AND h.channel IS NOT NULL
        GROUP BY h.op, h.channel, h.invoke_ns, h.done_ns),
    events AS (
        SELECT channel, op, invoke_ns AS at_ns, 0 AS is_end, seq, NULL::bigint AS ended FROM placed
        UNION ALL SELECT channel, op, done_ns, 1, seq, seq FROM placed),
    passed AS (
        SELECT channel, op, is_end, seq,
               max(ended) OVER (PARTITION BY channel ORDER BY at_ns, is_end ROWS UNBOUNDED PRECEDING) AS ended_at
        FROM events)
    SELECT 'order', ARRAY[pg_temp.id(channel), pg_temp.id(op)] FROM passed WHERE is_end = 0 AND ended_at >= seq""",
)
