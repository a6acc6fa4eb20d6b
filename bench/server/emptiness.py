"""What users made in a database, so that one that is in use is never taken for one that is free."""

from __future__ import annotations

from typing import Any

import psycopg

from bench.visible import visible

# Everything with an id from 16384 on was made after the server was set up. What belongs to an extension is no one's data.
_FIRST_USERS_ID = 16384
_NAMES_SHOWN = 2
_OBJECTS = """
WITH objects(what, class, id, name) AS (
    SELECT CASE WHEN relkind IN ('v', 'm') THEN 'view' WHEN relkind = 'S' THEN 'sequence' ELSE 'table' END,
           'pg_class'::regclass, c.oid, nspname || '.' || relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND nspname <> 'pg_toast' AND nspname NOT LIKE 'pg\\_temp\\_%%'
    UNION ALL
    SELECT 'function', 'pg_proc'::regclass, p.oid, nspname || '.' || proname
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
    UNION ALL
    SELECT 'schema', 'pg_namespace'::regclass, oid, nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_temp\\_%%' AND nspname NOT LIKE 'pg\\_toast\\_temp\\_%%'
    UNION ALL
    SELECT 'type', 'pg_type'::regclass, t.oid, nspname || '.' || typname
    FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
    WHERE typcategory <> 'A' AND (typrelid = 0 OR c.relkind = 'c') AND typtype <> 'm'
    UNION ALL SELECT 'operator', 'pg_operator'::regclass, oid, oprname FROM pg_operator
    UNION ALL SELECT 'collation', 'pg_collation'::regclass, oid, collname FROM pg_collation
    UNION ALL SELECT 'large object', 'pg_largeobject'::regclass, oid, oid::text FROM pg_largeobject_metadata
    UNION ALL SELECT 'foreign server', 'pg_foreign_server'::regclass, oid, srvname FROM pg_foreign_server
    UNION ALL SELECT 'publication', 'pg_publication'::regclass, oid, pubname FROM pg_publication
    UNION ALL SELECT 'event trigger', 'pg_event_trigger'::regclass, oid, evtname FROM pg_event_trigger
)
SELECT what, count(*), (array_agg(name ORDER BY name))[1:%(shown)s]
FROM objects
WHERE id >= %(first)s
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = objects.class AND d.objid = objects.id AND d.deptype = 'e')
GROUP BY what ORDER BY what
"""


def found_in(connection: psycopg.Connection[Any]) -> str | None:
    """What users made in the connected database, in words with some names; None when nothing."""
    rows = connection.execute(_OBJECTS, {"first": _FIRST_USERS_ID, "shown": _NAMES_SHOWN}).fetchall()
    told = [f"{count} {what}{'s' if count > 1 else ''} ({_named(names, count)})" for what, count, names in rows]
    return ", ".join(told) or None


def _named(names: list[str], count: int) -> str:
    return ", ".join(visible(name) for name in names) + (", ..." if count > len(names) else "")
