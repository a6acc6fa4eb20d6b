"""The table that scripts, and our own arm, fetch their parameters from."""

from __future__ import annotations

import psycopg
from psycopg import sql
from sqlalchemy import Integer, bindparam, text

from bench.pgbench.script import TABLE, Scripts
from bench.stores import Store
from variants.contract import Query, Side


def store_parameters(store: Store, scripts: Scripts) -> None:
    """Make and fill the table in a store: a row for each client and iteration. Everything is text."""
    columns = [sql.Identifier(column) for column in scripts.columns]
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        typed = sql.SQL(", ").join(sql.SQL("{} text").format(column) for column in columns)
        table = sql.Identifier(TABLE)
        connection.execute(sql.SQL("CREATE TABLE {} (client integer, n integer, {}, PRIMARY KEY (client, n))").format(table, typed))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as rows:
            for client, iterations in enumerate(scripts.rows):
                for n, row in enumerate(iterations):
                    rows.write_row((client, n, *row))
        connection.execute(sql.SQL("ANALYZE {}").format(table))


def select_of(scripts: Scripts) -> Query:
    """The same fetch for our own arm."""
    asked = text(f"{scripts.select} WHERE client = :client AND n = :n")
    return Query(Side.CENTRAL, asked.bindparams(bindparam("client", type_=Integer), bindparam("n", type_=Integer)))
