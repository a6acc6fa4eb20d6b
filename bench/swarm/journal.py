"""Raw rows on their way from the workers to the results: batches of Arrow, kept in the order in which they come.

A batch is whole or not there. What a worker had not sent when it died is missing, and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from bench.load import recorder

_LENGTH = struct.Struct("!Q")


def packed(table: pa.Table) -> bytes:
    """A table of `bench.load.recorder` as bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(batch: bytes) -> pa.Table:
    """The table. Raises `ValueError` when the bytes hold no such table."""
    try:
        with pa.ipc.open_stream(batch) as reader:
            table = reader.read_all()
            table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"no rows: {error}") from error
    if table.schema != recorder.SCHEMA:
        raise ValueError("rows of another schema")
    return table


class Journal:
    """A file of batches."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch(exist_ok=False)

    def add(self, batch: bytes) -> None:
        """One more batch, on its way to the disk when this returns."""
        with self._path.open("ab") as file:
            file.write(_LENGTH.pack(len(batch)) + batch)

    def rows(self) -> pa.Table:
        """All rows of all whole batches, by the number of their operation."""
        tables = [unpacked(batch) for batch in self._batches()]
        return recorder.joined(tables).sort_by("number")

    def remove(self) -> None:
        """The file is not needed any more."""
        self._path.unlink()

    def _batches(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while len(head := file.read(_LENGTH.size)) == _LENGTH.size:
                (length,) = _LENGTH.unpack(head)
                batch = file.read(length)
                if len(batch) < length:
                    return
                yield batch
