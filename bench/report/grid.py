"""Tables of the report as text, and how their figures are told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: columns of `numbers` are aligned to the right, `codes` are in code type, `prose` needs room for sentences; `long`
    scrolls on a screen.
    """

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    codes: frozenset[int] = frozenset()
    prose: frozenset[int] = frozenset()
    long: bool = False


def grid(
    title: str,
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[int] = (),
    codes: Iterable[int] = (),
    prose: Iterable[int] = (),
    long: bool = False,
) -> Grid:
    """A table; raises ValueError when a row has not as many cells as the heading."""
    found = tuple(tuple(row) for row in rows)
    if any(len(row) != len(heading) for row in found):
        raise ValueError(f"table {title!r}: every row needs {len(heading)} cells")
    return Grid(title, tuple(heading), found, frozenset(numbers), frozenset(codes), frozenset(prose), long)


def figure(value: float | None) -> str:
    """A count, with thousands apart and up to two decimals; "–" for what was not measured."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def yes(value: bool) -> str:
    """Yes or no."""
    return "yes" if value else "no"
