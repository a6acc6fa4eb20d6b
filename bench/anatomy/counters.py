"""The server's own counters around a window: the one place where the anatomy asks the server.

A backend hands its statistics in at most once a second and only when idle, so the worker is made to
(`pg_stat_force_next_flush`) and then reads the tables' counters itself; a second connection, in another database, reads what
counting must not change: transactions and the position in the WAL. Read inside the window nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from sqlalchemy import Text, bindparam, text

from bench.anatomy.wal import WalCost, wal_cost
from bench.drive.drivers import wait
from bench.drive.flights import Command, Verb
from bench.drive.link import Link
from bench.server.capabilities import probe
from bench.stores import Store
from variants.contract import Query, Rows, Side

MARK = "storebench counters"
"""Stands in the text of what is asked here, so that pg_stat_statements can leave it out."""

_FLUSH = Query(Side.CENTRAL, text(f"SELECT 1 FROM pg_stat_force_next_flush() /* {MARK} */"))
'''module level'''
