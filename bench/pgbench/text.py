"""Statements and values in pgbench's terms: variables for parameters, everything as text. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TIMESTAMP, Boolean, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKENS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)""")
_VARIABLE = re.compile(r"(?<!:):(?=[A-Za-z0-9_\u0080-\uffff])")
_DOLLAR_QUOTE = re.compile(r"\$[A-Za-z_]*\$")
PARAMETERS_MAX = 250
"""pgbench takes a few more."""


class NotReplayable(Exception):
    """A statement that no script of pgbench can hold; the message says why."""


def value_text(kind: TypeEngine[Any], value: object) -> str | None:
    """A value as the server reads it from text; None is NULL."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int() if isinstance(kind, TIMESTAMP):
            return (_EPOCH + timedelta(milliseconds=value)).strftime("%Y-%m-%d %H:%M:%S.%f")
        case _ if isinstance(kind, JSONB):
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _ if isinstance(kind, Boolean):
            return "true" if value else "false"
        case _:
            return str(value)


def script_sql(sql: str, variables: Sequence[str]) -> str:
    """The statement with a variable for each parameter, ended by a semicolon. Raises `NotReplayable`.

    pgbench takes a colon before a name for a variable wherever it stands, in quotes too.
    """
    if found := _VARIABLE.search(sql):
        near = sql[max(0, found.start() - 10) : found.start() + 20]
        raise NotReplayable(f"a statement holds a colon before a name, which pgbench takes for a variable: …{near}…")
    if _DOLLAR_QUOTE.search(sql) or "\\" in sql:
        raise NotReplayable("a statement holds a dollar quote or a backslash, which pgbench's scripts read otherwise")
    if len(variables) > PARAMETERS_MAX:
        raise NotReplayable(f"a statement has {len(variables)} parameters: pgbench takes {PARAMETERS_MAX}")

    def variable(token: re.Match[str]) -> str:
        return token[0] if token[1] is None else f":{variables[int(token[1]) - 1]}"

    return _TOKENS.sub(variable, sql).strip().rstrip(";") + ";"
