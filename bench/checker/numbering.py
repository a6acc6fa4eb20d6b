"""Many stores as one, so that a checker looks once: every id is marked by the number of its store. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from bench.checker.columns import RELATIONS, Kind
from bench.checker.rows import Rows
from bench.checker.violation import Violation

_MARK = "~"
"""What stands between the number of a store and an id of it."""


def numbered(rows: Rows, number: int) -> Rows:
    """The same rows with every id marked by a number; words and figures stay as they are."""
    marked: dict[str, list[Any]] = {}
    prefix = f"{number}{_MARK}"
    for relation, kinds in RELATIONS.items():
        given = getattr(rows, relation)
        ids = [place for place, column in enumerate(given[0]._fields) if kinds[column] is Kind.ID] if given else []
        own = marked[relation] = []
        for row in given:
            cells = list(row)
            for place in ids:
                if cells[place] is not None:
                    cells[place] = prefix + cells[place]
            own.append(type(row)(*cells))
    return Rows(**marked)


def by_number(violations: Iterable[Violation]) -> defaultdict[int | None, set[Violation]]:
    """The violations by the number that marks their ids; what names no id of any store is nobody's, under None."""
    found: defaultdict[int | None, set[Violation]] = defaultdict(set)
    for violation in violations:
        marks = [part.partition(_MARK)[0] for part in violation.key if _MARK in part]
        found[int(marks[0]) if marks else None].add(violation)
    return found
