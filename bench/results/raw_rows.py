"""Raw rows as Parquet files: stored compressed, and read strictly, whatever a file holds."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from bench.results.files import damaged, size

ROWS_MAX = 100_000_000
"""Rows of a file; a few bytes of it may stand for millions of them."""


def write_rows(table: pa.Table, path: Path) -> None:
    """Store raw rows, compressed."""
    parquet.write_table(table, path, compression="zstd")


def read_rows(path: Path, schema: pa.Schema) -> pa.Table:
    """The rows of a file with exactly these columns. Raises `UserError`, one line, when it holds anything else."""
    # Opening a pipe would wait for its other end.
    if size(path) == 0 or not path.is_file():
        raise damaged(path, "it is empty, or no file")
    try:
        with parquet.ParquetFile(path) as file:
            if file.metadata.num_rows > ROWS_MAX:
                raise damaged(path, f"more than {ROWS_MAX:,} rows")
            strange = file.schema_arrow
            if strange.names != schema.names:
                raise damaged(path, f"its columns are not {', '.join(schema.names)}")
            for wanted, found in zip(schema, strange, strict=True):
                if wanted.type != found.type:
                    raise damaged(path, f"column {wanted.name} is {found.type!s:.60}, not {wanted.type}")
            table = file.read()
            table.validate(full=True)
            return table
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, str(error).splitlines()[0]) from error
