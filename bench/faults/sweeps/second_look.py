"""Every outcome that a sweep told apart, looked at by both checkers: in Python and in SQL, over the same rows.

What was left of exposures is told in the ids of one scene. Here each outcome gets ids of its own again, so that all of them are one
store with one history, and each checker looks once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.checker.check import check
from bench.checker.in_sql.check import check_rows_in_sql
from bench.checker.numbering import by_number, numbered
from bench.checker.rows import Rows, columns_of


@dataclass(frozen=True, slots=True)
class SecondLook:
    """How many outcomes both checkers looked at, and of how many they found different things."""

    outcomes: int
    disagreements: int


def second_look(outcomes: Sequence[Rows], connection: psycopg.Connection[Any], *, peer_delivery: bool) -> SecondLook:
    """Look at these outcomes once more, in both ways; `connection` is to any database, in autocommit."""
    if not outcomes:
        return SecondLook(0, 0)
    together = Rows()
    for number, rows in enumerate(outcomes):
        together.add(numbered(rows, number))
    columns = columns_of(together, peer_delivery=peer_delivery, maps_ids=any(rows.id_map for rows in outcomes))
    in_python, in_sql = by_number(check(columns)), by_number(check_rows_in_sql(connection, columns))
    return SecondLook(len(outcomes), sum(in_python[number] != in_sql[number] for number in {*in_python, *in_sql}))
