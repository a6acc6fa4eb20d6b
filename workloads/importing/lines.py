"""The lines of a file that may be anything: plain or gzip, of any size, with a bound on what is held of it."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from workloads.trace_file import GZIP_MAGIC, Problem

BLOCK_BYTES = 1 << 20
LINE_BYTES_MAX = 4 << 20
TOO_LONG = f"a line of more than {LINE_BYTES_MAX} bytes"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Lines:
    """Iterates over the lines, each with its end, as text.

    `number` is that of the line given last, from 1, and `fault` what was wrong with lines that were given since it was last set to
    None: a byte that is no UTF-8, or more than `LINE_BYTES_MAX` bytes, of which the first are given; `quotes_cut` counts the quotes
    among the others. `heard`, when it is set, is called with the bytes of the file that were read. Raises `Problem` where no more
    can be read.
    """

    def __init__(self, raw: io.BufferedReader) -> None:
        self.number = 0
        self.fault: str | None = None
        self.quotes_cut = 0
        self.heard: Callable[[int], None] | None = None
        self._raw = raw
        packed = raw.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
        self._data = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw

    def __iter__(self) -> Iterator[str]:
        for line in self._lines():
            self.number += 1
            if len(line) > LINE_BYTES_MAX:
                self.fault = TOO_LONG
                self.quotes_cut += line.count(b'"', LINE_BYTES_MAX)
                yield line[:LINE_BYTES_MAX].decode("utf-8", "replace") + "\n"
                self.quotes_cut = 0
                continue
            try:
                yield line.decode()
            except UnicodeDecodeError:
                self.fault = "not UTF-8"
                yield line.decode("utf-8", "replace")

    def _lines(self) -> Iterator[bytes]:
        """The lines; one that is too long is longer than `LINE_BYTES_MAX`, but not all of it is there."""
        block = self._block()
        if block.startswith(UTF16):
            raise Problem(1, "UTF-16 text: give UTF-8")
        rest, block = b"", block.removeprefix(BYTE_ORDER_MARK)
        while block:
            # The last line may go on in the next block, or its end be the first half of two characters.
            *lines, rest = (rest + block).splitlines(keepends=True)
            yield from lines
            if len(rest) > LINE_BYTES_MAX and not rest.endswith((b"\r", b"\n")):
                self.quotes_cut += rest.count(b'"', LINE_BYTES_MAX + 1)
                rest = rest[: LINE_BYTES_MAX + 1]
            block = self._block()
        if rest:
            yield rest

    def _block(self) -> bytes:
        try:
            block = self._data.read(BLOCK_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            kind = type(error).__name__
            raise Problem(self.number, f"broken gzip data ({kind}): copy it again", after=True) from None
        if self.heard is not None:
            self.heard(self._raw.tell())
        return block
