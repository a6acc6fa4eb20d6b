"""Statements: Core constructs compiled once, and what is sent of them for each call.

Building and compiling a construct costs more than many a transaction, so a design does it when it is built and never later.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

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

    __slots__ = ("_constants", "_in_order", "_keys", "construct", "names", "side", "sql", "types", "writes")

    def __init__(self, side: Side, construct: ClauseElement) -> None:
        dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are untyped
        compiled = cast(SQLCompiler, construct.compile(dialect=dialect))
        self.side = side
        self.construct = construct
        self.sql = str(compiled)
        binds = [compiled.binds[name] for name in compiled.positiontup or ()]
        self.types: tuple[TypeEngine[object], ...] = tuple(bind.type for bind in binds)
        self.names = frozenset(bind.key for bind in binds if bind.required)
        # A constant goes by its place, which no name can be.
        self._constants: dict[Any, object] = {place: bind.value for place, bind in enumerate(binds) if not bind.required}
        self._keys = tuple(bind.key if bind.required else place for place, bind in enumerate(binds))
        self._in_order = _picker(self._keys)
        self.writes = _writes(construct)

    def __call__(self, *, needs_rows: bool = True, **parameters: object) -> Statement:
        """The statement for these parameters; a missing or an unknown name is a `TypeError`."""
        if parameters.keys() != self.names:
            differing = ", ".join(sorted(parameters.keys() ^ self.names))
            raise TypeError(f"parameters differ from those of the statement by {differing}: {self.sql}")
        values = self._in_order(self._constants | parameters if self._constants else parameters)
        return Statement(self, values, self.side, needs_rows)

    def named(self, values: Sequence[Any]) -> dict[str, Any]:
        """Those of the values, one for each parameter in order, that a call gives, by name."""
        return {key: value for key, value in zip(self._keys, values, strict=True) if isinstance(key, str)}

    def __repr__(self) -> str:
        return f"Query({self.side.value}, {self.sql!r})"


def _picker(keys: Sequence[object]) -> Callable[[Mapping[Any, object]], tuple[object, ...]]:
    """What takes the values of these keys out of a mapping, in their order; every statement that is sent runs through it."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda values: tuple(values[key] for key in keys)


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
