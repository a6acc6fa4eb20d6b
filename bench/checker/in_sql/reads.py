"""I8, I13, I14, I16 and I20 in SQL: what readers saw, and that everything ends."""

from __future__ import annotations

NO_GAP = (
    """
    WITH lane AS MATERIALIZED (
        SELECT r.f, r.process, r.channel, coalesce(r.agent, -1) AS side, r.start, s.message, s.position
        FROM checker_read r LEFT JOIN checker_seen s ON s.read = r.read WHERE r.f <> 'snapshot'),
    reach AS (
        SELECT process, channel, side, min(start) AS low, max(position) AS high
        FROM lane WHERE f = 'cursor' GROUP BY process, channel, side),
    known AS (SELECT DISTINCT channel, side, message, position FROM lane WHERE message IS NOT NULL),
    missed AS (
        SELECT w.process, w.channel, w.side, k.message FROM reach w JOIN known k ON k.channel = w.channel AND k.side = w.side
        WHERE w.low < k.position AND k.position <= w.high
        EXCEPT SELECT process, channel, side, message FROM lane WHERE f = 'cursor')
    SELECT 'missed', ARRAY[pg_temp.id(m.process), pg_temp.id(m.message)]
    FROM missed m LEFT JOIN checker_owned o ON o.message = m.message WHERE NOT coalesce(o.may_be_deleted, false)""",
)

READ_YOUR_WRITES = (
    """
    SELECT 'stale', ARRAY[pg_temp.id(h.process), pg_temp.id(h.op)]
    FROM checker_history h JOIN checker_read r ON r.process = h.process AND r.channel = h.channel
    JOIN checker_state d ON d.op = h.op
    WHERE h.f IN ('send', 'reply') AND h.told = 'ok' AND r.f = 'page' AND r.complete = 1 AND h.done_ns <= r.invoke_ns
      AND (r.agent IS NULL OR r.agent = h.author) AND (d.deleted_ns IS NULL OR r.done_ns <= d.deleted_ns)
      AND NOT EXISTS (
        SELECT FROM checker_seen s JOIN checker_written w ON w.message = s.message WHERE s.read = r.read AND w.op = h.op)""",
)

MONOTONIC_READS = (
    """
    WITH page AS MATERIALIZED (
        SELECT read, process, channel, coalesce(agent, -1) AS side, invoke_ns, done_ns
        FROM checker_read WHERE f = 'page' AND complete = 1),
    first AS MATERIALIZED (
        SELECT p.process, p.channel, p.side, s.message, min(p.done_ns) AS at_ns
        FROM page p JOIN checker_seen s ON s.read = p.read GROUP BY p.process, p.channel, p.side, s.message)
    SELECT 'lost', ARRAY[pg_temp.id(f.process), pg_temp.id(f.message)]
    FROM first f JOIN page p ON p.process = f.process AND p.channel = f.channel AND p.side = f.side AND p.invoke_ns >= f.at_ns
    LEFT JOIN checker_owned o ON o.message = f.message LEFT JOIN checker_state d ON d.op = o.op
    WHERE (d.deleted_ns IS NULL OR p.done_ns <= d.deleted_ns)
      AND NOT EXISTS (SELECT FROM checker_seen s WHERE s.read = p.read AND s.message = f.message)""",
)

ATOMIC_VISIBILITY = (
    """
    SELECT 'torn', ARRAY[pg_temp.id(e.agent), pg_temp.id(e.message)]
    FROM checker_read r JOIN checker_seen s ON s.read = r.read AND s.agent IS NULL
    JOIN checker_expected e ON e.message = s.message JOIN checker_owned o ON o.message = s.message
    WHERE r.f = 'snapshot' AND NOT o.may_be_deleted AND NOT EXISTS (
        SELECT FROM checker_seen a WHERE a.read = r.read AND a.agent = e.agent AND a.message = e.message)""",
    """
    SELECT 'torn', ARRAY[pg_temp.id(s.agent), pg_temp.id(s.message)]
    FROM checker_read r JOIN checker_seen s ON s.read = r.read JOIN checker_owned o ON o.message = s.message
    WHERE r.f = 'snapshot' AND s.agent IS NOT NULL AND NOT o.may_be_deleted AND NOT EXISTS (
        SELECT FROM checker_seen c WHERE c.read = r.read AND c.agent IS NULL AND c.message = s.message)""",
)

LIVENESS = (
    "SELECT 'unfinished', ARRAY[pg_temp.id(op)] FROM checker_history WHERE told = 'pending'",
    "SELECT 'stuck', ARRAY['=' || state, pg_temp.id(name)] FROM checker_session",
)
