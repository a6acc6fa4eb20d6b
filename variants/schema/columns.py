"""Column types and the edit number, which the designs share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer, Text, bindparam, cast, func, literal_column
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID
from sqlalchemy.sql.elements import ColumnElement

MILLISECONDS = TIMESTAMP(timezone=False, precision=3)
"""Times are `timestamp(3)` without time zone, in UTC; parameters and results are integer milliseconds since the Unix epoch."""

UUID_TEXT = UUID(as_uuid=False)
"""A `uuid` column; parameters and results are its canonical text."""


def entry(document: ColumnElement[Any], key: str) -> ColumnElement[str]:
    """A text entry of a jsonb column."""
    return document.op("->>", return_type=Text())(literal_column(f"'{key}'"))


def revised(metadata: Column[Any]) -> ColumnElement[Any]:
    """The metadata of a message with the edit number of the parameter `rev` in it."""
    number = func.jsonb_build_object(literal_column("'rev'"), bindparam("rev", type_=Integer), type_=JSONB)
    return metadata.op("||", return_type=JSONB())(number)


def not_newer(metadata: Column[Any]) -> ColumnElement[bool]:
    """Whether the stored edit number is at most the parameter `rev`: an edit that was overtaken must not win."""
    return cast(entry(metadata, "rev"), Integer) <= bindparam("rev", type_=Integer)
