"""Every outcome that a sweep told apart, looked at by both checkers: in Python and in SQL, over the same rows.

What was left of exposures is told in the ids of one scene. Here each outcome gets ids of its own again, so that all of them are one
store with one history, and each checker looks once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.checker.check import check
from bench.checker.columns import RELATIONS, Kind
from bench.checker.in_sql.check import check_rows_in_sql
from bench.checker.rows import Rows, columns_of
from bench.checker.violation import Violation

_MARK = "~"
"""What stands between the number of an outcome and an id of it."""


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
    in_python, in_sql = _by_outcome(check(columns)), _by_outcome(check_rows_in_sql(connection, columns))
    return SecondLook(len(outcomes), sum(in_python[number] != in_sql[number] for number in {*in_python, *in_sql}))


def numbered(rows: Rows, number: int) -> Rows:
    """The same rows with every id marked by a number; words and figures stay as they are."""
    marked: dict[str, list[Any]] = {}
    for relation, kinds in RELATIONS.items():
        marked[relation] = [
            type(row)(*(_marked(value, number) if kinds[column] is Kind.ID else value for column, value in row._asdict().items()))
            for row in getattr(rows, relation)
        ]
    return Rows(**marked)


def _marked(value: str | None, number: int) -> str | None:
    return None if value is None else f"{number}{_MARK}{value}"


def _by_outcome(violations: Iterable[Violation]) -> defaultdict[str, set[Violation]]:
    """By the number that marks their ids; what names no id of any outcome is nobody's, and must still be the same."""
    found: defaultdict[str, set[Violation]] = defaultdict(set)
    for violation in violations:
        marks = [part.partition(_MARK)[0] for part in violation.key if _MARK in part]
        found[marks[0] if marks else ""].add(violation)
    return found
