"""Inserts of one row, and what a row says of a server or channel where each attribute has a column."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects.postgresql import Insert, insert

from workloads import operations as ops


def one_row(table: Table, *, by_default: Collection[str] = (), **given: object) -> Insert:
    """An insert with a parameter for each column, named like it.

    Columns `by_default` are left out, so the table's default fills them; those `given` have this expression or constant.
    """
    parameters: dict[str, Any] = {column.name: bindparam(column.name) for column in table.c if column.name not in by_default}
    return insert(table).values(parameters | given)


def attributes(operation: ops.CreateServer | ops.CreateChannel) -> dict[str, object]:
    """Name, source, metadata and time."""
    return {
        "name": operation.name,
        "source_type": operation.source_type,
        "source_id": operation.source_id,
        "metadata": operation.metadata,
        "created_at": operation.at_ms,
    }
