"""Lines of CSV with a note of whether a quoted field goes on behind them, which the reader of the library does not tell."""

from __future__ import annotations

from collections.abc import Iterator

from workloads.importing.lines import TOO_LONG, Lines

QUOTE = '"'


class LineTooLongError(Exception):
    """A line that was cut: whatever it holds is not read."""


class QuotedLines:
    """Iterates over lines as `Lines` does, one record after the other.

    `opened` says whether a quoted field goes on behind the line given last. `broken` says that text stood behind a quote that ends
    a field of this record; then it is not known what is quoted, and nothing is taken for open. Raises `LineTooLongError` for a
    line that was cut, and goes on behind it.
    """

    def __init__(self, lines: Lines, delimiter: str) -> None:
        self.opened = self.broken = False
        self._lines = lines
        self._iterator = iter(lines)
        self._delimiter = delimiter

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._iterator)
        if QUOTE in line:
            self._follow(line)
        if self._lines.fault == TOO_LONG:
            # Of the rest of such a line the number of quotes is known, and each one opens or ends a field.
            self.opened = not self.broken and self.opened != (self._lines.quotes_cut % 2 == 1)
            raise LineTooLongError
        return line

    def begin(self) -> None:
        """The next line begins a record."""
        self.opened = self.broken = False

    def pass_over(self) -> bool:
        """Leave out what is left of a quoted field, with the lines that it ends in; whether it ended before the lines did."""
        while self.opened:
            try:
                next(self)
            except LineTooLongError:
                continue
            except StopIteration:
                return False
        return not self.broken

    def _follow(self, line: str) -> None:
        at = 0
        if not self.opened:
            at = self._opening(line, 0)
        while at >= 0:
            end = line.find(QUOTE, at)
            if end < 0:
                self.opened = True
                return
            if line.startswith(QUOTE, end + 1):
                at = end + 2
                continue
            self.opened = False
            if not line.startswith((self._delimiter, "\r", "\n"), end + 1) and end + 1 < len(line):
                self.broken = True
                return
            at = self._opening(line, end + 1)

    def _opening(self, line: str, start: int) -> int:
        """The place behind the next quote that begins a field, -1 for none."""
        if not start and line.startswith(QUOTE):
            return 1
        found = line.find(self._delimiter + QUOTE, start)
        return found + 2 if found >= 0 else -1
