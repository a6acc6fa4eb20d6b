"""A finished chart: pictures, data, and the words that go with them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.visible import visible


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading, as they stand in the CSV beside a chart."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader is told: `title`, two lines on how to read it, and a caption with n and the kind of interval."""

    title: str
    how_to_read: tuple[str, str]
    caption: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `name` is that of its files, without the ending; `section` is where in the report it belongs."""

    name: str
    section: str
    words: Words
    svg: bytes
    png: bytes
    table: Table


def slug(name: str) -> str:
    """A name as a part of a chart's files: lower case, what is no letter and no digit as a dash."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def as_csv(table: Table) -> bytes:
    """The table as CSV; a value that is not there is an empty field."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.heading)
    writer.writerows(_safe(row) for row in table.rows)
    return buffer.getvalue().encode()


def _safe(row: Sequence[str | int | float | None]) -> list[str | int | float | None]:
    # A spreadsheet takes a cell that begins like this for a formula; names of designs come from outside.
    shown = [visible(cell) if isinstance(cell, str) else cell for cell in row]
    return [f"'{cell}" if isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@"} else cell for cell in shown]
