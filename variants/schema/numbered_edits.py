"""Edits of messages whose edit number is a column of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, bindparam, update
from sqlalchemy.sql.dml import ReturningUpdate


def numbered_edit(table: Table, **changed: object) -> ReturningUpdate[Any]:
    """The number of an edit and what it changes; no row comes back when the message is gone or has a newer edit.

    Parameters `message` and `new_rev`, and those in `changed`.
    """
    stored = table.c
    return (
        update(table)
        .where(stored.id == bindparam("message"), stored.rev <= bindparam("new_rev"))
        .values(rev=bindparam("new_rev"), **changed)
        .returning(stored.id)
    )
