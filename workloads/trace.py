"""Chat traces: CSV files of who wrote how much, where and when, without a word of what was written.

Columns, in any order, others are passed over: `t` seconds from the trace's origin, never decreasing; `ch` and `u`
whole numbers for channel and user; `bytes` the length of the text in UTF-8; `reply_to` the row (from 0) of the message
that is answered, or empty; `bot` 1 for an automated account, else 0. Plain text or gzip. A column `annotated` may be there too: 1
where it is known what the row answers, or that it answers nothing; 0 where that was not looked at, or was inferred.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from workloads.errors import InputError
from workloads.trace_columns import Columns, Places, places_of, read_columns
from workloads.trace_file import Problem, opened, parts

ROWS_MAX = 10_000_000
"""Rows of a file, all of which are checked: about 100 bytes each are held at the most."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a trace with start_s <= t < start_s + length_s."""

    start_s: float
    length_s: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """A window from `START:LENGTH` in seconds, such as `22848433:1200`; raises `InputError`."""
        start, _, length = text.partition(":")
        try:
            window = cls(float(start), float(length))
        except ValueError:
            raise InputError(f"window {text!r}: give START:LENGTH in seconds, such as 22848433:1200") from None
        if not (math.isfinite(window.start_s) and math.isfinite(window.length_s) and window.length_s > 0):
            raise InputError(f"window {text!r}: give a finite START and a LENGTH above 0, in seconds")
        return window

    def __str__(self) -> str:
        return f"{self.start_s:.15g}:{self.length_s:.15g}"


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The rows of a window of a trace, as columns of equal length.

    `first_row` is the row of the file (from 0) that the window begins with. `reply_to` holds indices into these
    columns, -1 for none; a reply to a row before the window has none, and `replies_before_window` counts those. `annotated` is None
    where nobody says of which rows it is known what they answer.
    """

    name: str
    window: Window | None
    first_row: int
    replies_before_window: int
    t_s: NDArray[np.float64]
    ch: NDArray[np.int64]
    u: NDArray[np.int64]
    text_bytes: NDArray[np.int64]
    reply_to: NDArray[np.int64]
    bot: NDArray[np.bool_]
    annotated: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.t_s)

    def first(self, rows: int) -> Trace:
        """The first rows, all of them when there are fewer; what they answer comes before them."""
        columns = ("t_s", "ch", "u", "text_bytes", "reply_to", "bot", "annotated")
        return replace(self, **{name: column[:rows] for name in columns if (column := getattr(self, name)) is not None})


def read_trace(path: Path, window: Window | None = None) -> Trace:
    """Read a trace, whole or the rows of a window; the whole file is checked in both cases.

    Raises `InputError`, one line with the file and the line where it is wrong. Of a file only the window's rows, and the channel of
    every row, stay in memory.
    """
    with opened(path) as raw:
        try:
            texts = parts(raw)
            first = next(texts, [])
            places = places_of(first[0] if first else None)
            return _collect(path, window, places, _columns(places, chain([first[1:]], texts)))
        except Problem as problem:
            raise InputError(f"{path}, {problem}") from None


def _columns(places: Places, texts: Iterable[Sequence[Sequence[str]]]) -> Iterator[Columns]:
    """The columns of the file, a part at a time."""
    channels, t_before_s = array("q"), -math.inf
    for rows in texts:
        if not rows:
            continue
        if len(channels) + len(rows) > ROWS_MAX:
            raise Problem(ROWS_MAX + 2, f"more than {ROWS_MAX} rows: give a part of the trace")
        columns = read_columns(rows, places, channels=channels, t_before_s=t_before_s)
        yield columns
        channels.frombytes(columns.ch.tobytes())
        t_before_s = float(columns.t_s[-1])


def _collect(path: Path, window: Window | None, places: Places, chunks: Iterator[Columns]) -> Trace:
    first_row, rows, kept = 0, 0, list[Columns]()
    spans_s: list[float] = []
    for chunk in chunks:
        rows += len(chunk.t_s)
        spans_s += [float(chunk.t_s[0]), float(chunk.t_s[-1])]
        if window is not None:
            start, end = np.searchsorted(chunk.t_s, [window.start_s, window.start_s + window.length_s])
            first_row += int(start)
            chunk = chunk.between(int(start), int(end))  # noqa: PLW2901 - the rest of the chunk is not wanted
        kept.append(chunk)
    if rows == 0:
        raise InputError(f"{path}, line 1: no row follows the header: give a trace with messages")
    if not any(len(chunk.t_s) for chunk in kept):
        raise InputError(f"{path}: window {window} holds no row: t runs from {spans_s[0]:.15g} to {spans_s[-1]:.15g}")
    columns = Columns(*(np.concatenate([getattr(chunk, field.name) for chunk in kept]) for field in fields(Columns)))
    inside = columns.reply_to >= first_row
    return Trace(
        name=path.name,
        window=window,
        first_row=first_row,
        replies_before_window=int(np.count_nonzero((columns.reply_to >= 0) & ~inside)),
        t_s=columns.t_s,
        ch=columns.ch,
        u=columns.u,
        text_bytes=columns.text_bytes,
        reply_to=np.where(inside, columns.reply_to - first_row, -1),
        bot=columns.bot,
        annotated=None if places.annotated is None else columns.annotated,
    )
