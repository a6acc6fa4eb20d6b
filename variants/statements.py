"""Statements: Core constructs compiled once, and what is sent of them for each call.

Building and compiling a construct costs more than many a transaction, so a design does it when it is built and never later.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Delete, Insert, TextClause, Update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

_CHANGES = re.compile(r"\b(insert|update|delete|merge)\b", re.IGNORECASE)


class Side(enum.StrEnum):
    """Which store a row, a statement or a transaction belongs to."""

    CENTRAL = "central"
    AGENT = "agent"


class Query:
    """A Core construct with bind parameters, compiled for PostgreSQL with `$1`-style parameters.

    `sql` is the text; `types` are the types of its parameters in order; `names` are those that a call must give (constants of
    the construct are parameters too, with a fixed value); `writes` tells whether it changes rows. Calling it with the parameters
    by name gives the `Statement` to yield.
    """

    __slots__ = ("_values", "construct", "names", "side", "sql", "types", "writes")

    def __init__(self, side: Side, construct: ClauseElement) -> None:
        dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are untyped
        compiled = cast(SQLCompiler, construct.compile(dialect=dialect))
        self.side = side
        self.construct = construct
        self.sql = str(compiled)
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        self.types: tuple[TypeEngine[object], ...] = tuple(bind.type for bind in binds)
        self._values = tuple((bind.key if bind.required else None, bind.value) for bind in binds)
        self.names = frozenset(name for name, _ in self._values if name is not None)
        self.writes = _writes(construct)

    def __call__(self, *, needs_rows: bool = True, **parameters: object) -> Statement:
        """The statement for these parameters; a missing or an unknown name is a `TypeError`."""
        if parameters.keys() != self.names:
            differing = ", ".join(sorted(parameters.keys() ^ self.names))
            raise TypeError(f"parameters differ from those of the statement by {differing}: {self.sql}")
        values = tuple(value if name is None else parameters[name] for name, value in self._values)
        return Statement(self, values, self.side, needs_rows)

    def __repr__(self) -> str:
        return f"Query({self.side.value}, {self.sql!r})"


def _writes(construct: ClauseElement) -> bool:
    """Whether any part of the construct changes rows: in a WITH too, and in plain text by its words."""
    parts = list(visitors.iterate(construct))
    texts = " ".join(part.text for part in parts if isinstance(part, TextClause))
    return bool(_CHANGES.search(texts)) or any(isinstance(part, (Insert, Update, Delete)) for part in parts)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with the values of its parameters, in the order of `constant.types`.

    With `needs_rows=False` the driver may go on before the answer is there; the design then gets no rows for it.
    """

    constant: Query
    parameters: tuple[object, ...]
    side: Side
    needs_rows: bool = True
