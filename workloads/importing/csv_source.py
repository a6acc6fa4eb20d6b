"""CSV with a header, any columns, as rows of a trace."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from operator import itemgetter

from workloads.importing.collecting import Collector
from workloads.importing.lines import Lines
from workloads.importing.mapping import TRACE
from workloads.importing.quoting import LineTooLongError, QuotedLines
from workloads.importing.rows import FIELDS, Rows
from workloads.importing.times import Clock
from workloads.trace_columns import ANNOTATED
from workloads.trace_file import Problem

BROKEN = "no CSV: a quote that does not end, or text behind one"
LONG = f"a field of more than {csv.field_size_limit()} characters"


class CsvSource:
    """A file whose header was read; without `columns` it is a trace of our own format. `columns` are those that it has.

    Raises `Problem` when the header lacks one.
    """

    def __init__(self, lines: Lines, columns: Mapping[str, str] | None, delimiter: str) -> None:
        self._lines = lines
        self._quoted = QuotedLines(lines, delimiter)
        self._reader = csv.reader(self._quoted, delimiter=delimiter, strict=True)
        header = _header(self._reader, lines)
        self.columns = columns or {**TRACE, **({"annotated": ANNOTATED} if ANNOTATED in header else {})}
        self._width = len(header)
        # A meaning that no column has is read from one more field, behind the last.
        places = (_place(header, self.columns[meaning]) if meaning in self.columns else self._width for meaning in FIELDS)
        self._fields = itemgetter(*places)

    def read(self, collector: Collector, times: Clock) -> None:
        """Hand all rows to the collector; raises `Problem` when the file cannot be read to its end."""
        lines, quoted, reader, fields, width = self._lines, self._quoted, self._reader, self._fields, self._width
        take = Rows(collector, times, self.columns).take
        while True:
            place = lines.number + 1
            quoted.begin()
            try:
                row = next(reader)
            except StopIteration:
                return
            except (csv.Error, LineTooLongError):
                # The reader begins anew with the next line: a text that goes on there must not be taken for rows.
                if quoted.pass_over():
                    collector.reject(place, lines.fault or LONG)
                else:
                    # Whatever stood in these lines is lost, were it one row or many.
                    collector.reject(place, BROKEN, lines.number + 1 - place)
                lines.fault = None
                continue
            if lines.fault is not None:
                collector.reject(place, lines.fault)
                lines.fault = None
            elif len(row) == width:
                row.append("")
                take(place, *fields(row))
            elif row:
                collector.reject(place, "another number of fields than the header has")


def _header(reader: Iterator[list[str]], lines: Lines) -> list[str]:
    try:
        header = next(reader, [])
    except (csv.Error, LineTooLongError):
        raise Problem(1, "the header is no CSV: give a file with a header and one message a row") from None
    if lines.fault is not None:
        raise Problem(1, f"the header is {lines.fault}: give UTF-8 text with a header and one message a row")
    if not header:
        raise Problem(1, "the file has no header: name its columns in the first line")
    return header


def _place(header: list[str], column: str) -> int:
    """Nothing of the header is told: where it is missing, its first line is somebody's message."""
    found = header.count(column)
    if found != 1:
        how = "is not in the header" if not found else f"is {found} times in the header"
        raise Problem(1, f"column {column!r} {how}, which has {len(header)} columns: name columns with --column MEANING=COLUMN")
    return header.index(column)
