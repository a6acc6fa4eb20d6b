"""From rows of text to columns of numbers, and the line of the first row that is wrong."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from workloads.trace_file import Problem

NEEDED = ("t", "ch", "u", "bytes", "reply_to", "bot")
ANNOTATED = "annotated"
"""A column that a trace may have."""
FLAGS = frozenset({"0", "1"})
TEXT_BYTES_MAX = 16 * 1024 * 1024
SHOWN_CHARACTERS = 40
T_S_MIN, T_S_MAX = -1_400_000_000.0, 7_700_000_000.0
"""About 44 years before and 244 years after the origin: every time has a date, wherever the origin is put."""

# Stricter than float() and int(), which also take nan, 1_000 and digits of other scripts.
_SECONDS = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,2})?")
_WHOLE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Some rows of a trace; `reply_to` holds rows of the file, -1 for none; without its column no row is `annotated`."""

    t_s: NDArray[np.float64]
    ch: NDArray[np.int64]
    u: NDArray[np.int64]
    text_bytes: NDArray[np.int64]
    reply_to: NDArray[np.int64]
    bot: NDArray[np.bool_]
    annotated: NDArray[np.bool_]

    def between(self, start: int, end: int) -> Columns:
        """The rows from `start` to before `end`."""
        return Columns(*(getattr(self, field.name)[start:end] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Places:
    """Where the needed columns stand in a row, in the order of `NEEDED`, where `annotated` does, and how many fields a row has."""

    indices: tuple[int, ...]
    width: int
    annotated: int | None


def places_of(header: Sequence[str] | None) -> Places:
    """The places of the needed columns; raises `Problem` when the file is empty or one is missing or there twice."""
    if header is None:
        raise Problem(1, f"the file is empty: give CSV with the columns {', '.join(NEEDED)}")
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise Problem(1, f"no column {', '.join(missing)}: the header must name {', '.join(NEEDED)}")
    twice = [name for name in (*NEEDED, ANNOTATED) if header.count(name) > 1]
    if twice:
        raise Problem(1, f"column {', '.join(twice)} is there twice: keep one")
    annotated = header.index(ANNOTATED) if ANNOTATED in header else None
    return Places(tuple(header.index(name) for name in NEEDED), len(header), annotated)


def read_columns(rows: Sequence[Sequence[str]], places: Places, *, channels: array[int], t_before_s: float) -> Columns:
    """Convert rows that follow others, whose `channels` are given and the last of which was at `t_before_s`; raises `Problem`."""
    if {len(row) for row in rows} == {places.width}:
        by_place = list(zip(*rows, strict=True))
        t, ch, u, text_bytes, reply_to, bot = (by_place[index] for index in places.indices)
        annotated = ("0",) * len(rows) if places.annotated is None else by_place[places.annotated]
        flags_are_right = {*bot, *annotated} <= FLAGS
        if flags_are_right and _all(_SECONDS, t) and all(_all(_WHOLE, c) for c in (ch, u, text_bytes, filter(None, reply_to))):
            columns = Columns(
                t_s=np.array([float(value) for value in t]),
                ch=_whole(ch),
                u=_whole(u),
                text_bytes=_whole(text_bytes),
                reply_to=_whole(value or -1 for value in reply_to),
                bot=np.array([value == "1" for value in bot]),
                annotated=np.array([value == "1" for value in annotated]),
            )
            if _in_range(columns, len(channels), t_before_s) and _within_channels(columns, channels):
                return columns
    raise _first_problem(rows, places, channels, t_before_s)


def _all(pattern: re.Pattern[str], column: Iterable[str]) -> bool:
    return all(map(pattern.fullmatch, column))


def _whole(column: Iterable[str | int]) -> NDArray[np.int64]:
    return np.fromiter(map(int, column), dtype=np.int64)


def _in_range(columns: Columns, rows_before: int, t_before_s: float) -> bool:
    own_rows = np.arange(rows_before, rows_before + len(columns.t_s))
    return bool(
        columns.t_s[0] >= max(t_before_s, T_S_MIN)
        and columns.t_s[-1] <= T_S_MAX
        and (np.diff(columns.t_s) >= 0).all()
        and (columns.text_bytes <= TEXT_BYTES_MAX).all()
        and (columns.reply_to < own_rows).all()
    )


def _within_channels(columns: Columns, channels: array[int]) -> bool:
    answers = np.flatnonzero(columns.reply_to >= 0)
    answered = columns.reply_to[answers]
    earlier = answered < len(channels)
    own = answered[~earlier] - len(channels)
    before = np.frombuffer(channels, np.int64) if channels else np.empty(0, np.int64)
    return bool(
        (before[answered[earlier]] == columns.ch[answers[earlier]]).all()
        and (columns.ch[own] == columns.ch[answers[~earlier]]).all()
    )


def _first_problem(rows: Sequence[Sequence[str]], places: Places, channels: array[int], t_before_s: float) -> Problem:
    # The header is line 1, and each row stands in a line of its own.
    seen = array("q", channels)
    for row in rows:
        what = _complaint(row, places, seen, t_before_s)
        if what is not None:
            return Problem(len(seen) + 2, what)
        t_before_s = float(row[places.indices[0]])
        seen.append(int(row[places.indices[1]]))
    raise AssertionError(f"rows {len(channels)} to {len(seen) - 1} are right one by one, but not together")


def _complaint(row: Sequence[str], places: Places, channels: array[int], t_before_s: float) -> str | None:
    """What is wrong with one row that follows those of these channels, or None."""
    if len(row) != places.width:
        return f"{len(row)} fields, the header has {places.width}: give one field for each column"
    t, ch, u, text_bytes, reply_to, bot = (row[index] for index in places.indices)
    if not _SECONDS.fullmatch(t):
        return f"t is {_shown(t)}: give a finite number of seconds"
    if not T_S_MIN <= float(t) <= T_S_MAX:
        return f"t is {t}: give seconds from {T_S_MIN:.0f} to {T_S_MAX:.0f}"
    if float(t) < t_before_s:
        return f"t is {t}, the line before has {t_before_s:.15g}: sort the rows by t"
    for name, value in (("ch", ch), ("u", u), ("bytes", text_bytes)):
        if not _WHOLE.fullmatch(value):
            return f"{name} is {_shown(value)}: give a whole number from 0, of at most 18 digits"
    if int(text_bytes) > TEXT_BYTES_MAX:
        return f"bytes is {text_bytes}: give at most {TEXT_BYTES_MAX}"
    if reply_to and not _WHOLE.fullmatch(reply_to):
        return f"reply_to is {_shown(reply_to)}: give the row of an earlier message, counted from 0, or leave it empty"
    if reply_to and int(reply_to) >= len(channels):
        return f"reply_to is {reply_to}, this row is {len(channels)}: give an earlier row, counted from 0, or leave it empty"
    if reply_to and channels[int(reply_to)] != int(ch):
        there = channels[int(reply_to)]
        return f"reply_to is {reply_to}, a row of ch {there}, this one is of ch {ch}: give a row of the same ch, or leave it empty"
    if bot not in FLAGS:
        return f"bot is {_shown(bot)}: give 0 or 1"
    annotated = "0" if places.annotated is None else row[places.annotated]
    return None if annotated in FLAGS else f"annotated is {_shown(annotated)}: give 0 or 1"


def _shown(field: str) -> str:
    return repr(field if len(field) <= SHOWN_CHARACTERS else f"{field[:SHOWN_CHARACTERS]}...")
