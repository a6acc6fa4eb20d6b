"""Columns in plain text. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows as lines with columns of equal width: the first ones to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_cell(cell, widths[place], place < left) for place, cell in enumerate(row)).rstrip() for row in rows]


def _cell(cell: str, width: int, left: bool) -> str:
    return cell.ljust(width) if left else cell.rjust(width)
