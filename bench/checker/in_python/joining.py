"""Joins of coded columns. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.checker.columns import NULL, IntArray

Mask = NDArray[np.bool_]
LongArray = NDArray[np.int64]


def pairs(first: IntArray, second: IntArray) -> LongArray:
    """Two codes as one number; neither may be NULL."""
    return (first.astype(np.int64) << 32) | second.astype(np.int64)


def apart(paired: LongArray) -> tuple[LongArray, LongArray]:
    """The two codes of `pairs`."""
    return paired >> 32, paired & 0xFFFFFFFF


def among(wanted: LongArray, pool: LongArray) -> Mask:
    """Which of the wanted pairs are in the pool."""
    if not len(pool) or not len(wanted):
        return np.zeros(len(wanted), np.bool_)
    first, second = apart(pool)
    if len(wanted) + len(pool) >= _MANY and max(int(first.max()), int(second.max())) < _CODES_MAX:
        place_first, place_second = _places(first), _places(second)
        width = int(place_second.max()) + 1
        cells = (int(place_first.max()) + 1) * width
        if cells <= _CELLS_MAX:
            table = np.zeros(cells, np.bool_)
            table[place_first[first].astype(np.int64) * width + place_second[second]] = True
            return _looked_up(wanted, place_first, place_second, table, width)
    return np.isin(wanted, pool)


_MANY = 100_000
"""From here on a table of all that is possible is faster than sorting, if it is not too large."""

_CELLS_MAX, _CODES_MAX = 200_000_000, 50_000_000


def _places(codes: LongArray) -> IntArray:
    """By code, its number among those that occur, or NULL."""
    places = np.full(int(codes.max()) + 1, NULL, np.int32)
    places[codes] = 0
    known = np.flatnonzero(places == 0)
    places[known] = np.arange(len(known))
    return places


def _looked_up(wanted: LongArray, place_first: IntArray, place_second: IntArray, table: Mask, width: int) -> Mask:
    found = np.zeros(len(wanted), np.bool_)
    for begin in range(0, len(wanted), ROWS_AT_ONCE):
        part = slice(begin, begin + ROWS_AT_ONCE)
        first, second = apart(wanted[part])
        known = np.flatnonzero((first < len(place_first)) & (second < len(place_second)))
        row, column = place_first[first[known]], place_second[second[known]]
        is_there = (row != NULL) & (column != NULL)
        found[begin + known[is_there]] = table[row[is_there].astype(np.int64) * width + column[is_there]]
    return found


ROWS_AT_ONCE = 500_000
"""What is worked out for many rows is worked out for so many at a time, so that memory holds few columns of all of them."""


def marked(codes: IntArray, size: int) -> Mask:
    """By code, whether it occurs; NULL does not count."""
    found = np.zeros(size, np.bool_)
    found[codes[codes != NULL]] = True
    return found


def rows_by_code(codes: IntArray, size: int) -> IntArray:
    """By code, a row in which it occurs, or NULL."""
    found = np.full(size, NULL, np.int32)
    known = np.flatnonzero(codes != NULL)
    found[codes[known]] = known
    return found


def at(values: NDArray[Any], rows: IntArray, otherwise: Any) -> NDArray[Any]:
    """The values of these rows, and something else for NULL."""
    if not len(values):
        return np.full(len(rows), otherwise, values.dtype)
    return np.where(rows == NULL, np.asarray(otherwise, values.dtype), values[rows])


def repeated(values: NDArray[Any]) -> NDArray[Any]:
    """The values that occur more than once, each once."""
    ordered = np.sort(values)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def running_max(values: IntArray, group: IntArray) -> LongArray:
    """The greatest value so far within each group; groups stand together and are numbered upwards."""
    if not len(values):
        return values.astype(np.int64)
    distinct, ranks = np.unique(values, return_inverse=True)
    step = len(distinct)
    running = np.maximum.accumulate(ranks.astype(np.int64) + group.astype(np.int64) * step)
    greatest: LongArray = distinct[running - group.astype(np.int64) * step].astype(np.int64)
    return greatest


def ranges(low: LongArray, high: LongArray) -> tuple[LongArray, LongArray]:
    """All numbers from each low up to below its high, and which of the ranges each of them is of."""
    counts = np.maximum(high - low, 0)
    which = np.repeat(np.arange(len(low), dtype=np.int64), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(which), dtype=np.int64) - before[which] + low[which], which
