"""What a design says of the parts of its tables that the proof cannot see. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table

from variants.contract import UNOBSERVED


def reason_of(part: Table | Column[Any]) -> str | None:
    """Why the proof cannot see this column as a whole, or why this table stays empty, as the design says."""
    reason = part.info.get(UNOBSERVED)
    return str(reason) if reason and not isinstance(reason, Mapping) else None


def path_reasons(column: Column[Any]) -> Mapping[str, str]:
    """Why the proof cannot see single entries of the documents in this column, by path (`key` or `key.key`)."""
    reasons = column.info.get(UNOBSERVED)
    return {str(path): str(reason) for path, reason in reasons.items()} if isinstance(reasons, Mapping) else {}


def unobserved_parts(table: Table) -> Sequence[tuple[str, str]]:
    """All that the proof does not see of a table, each with its reason: the table itself, columns, entries of documents."""
    whole = reason_of(table)
    found = [] if whole is None else [(f"`{table.name}` stays empty", whole)]
    for column in table.columns:
        name, reason = f"{table.name}.{column.name}", reason_of(column)
        found += [] if reason is None else [(f"`{name}`", reason)]
        found += [(f"`{name}`, entry `{path}`", why) for path, why in path_reasons(column).items()]
    return found
