"""The raw exposures of sweeps as a file of columns: one row each, read back as they were written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet
from pydantic import ValidationError

from bench.results.faults_schema import SweepRow
from bench.results.files import damaged, first_problem, size

_TEXTS = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        *((name, _TEXTS) for name in ("design", "cell", "kind")),
        ("k", pa.int16()),
        ("schedule", pa.string()),
        ("lane", _TEXTS),
        *((name, pa.int16()) for name in ("faults", "attempt", "message", "flight")),
        ("side", _TEXTS),
        ("second", pa.string()),
        ("happened", pa.bool_()),
        *((name, _TEXTS) for name in ("told", "truth", "left")),
        *((name, pa.list_(pa.string())) for name in ("parts", "violations", "broken")),
        *((name, pa.int16()) for name in ("hit_messages", "hit_channels", "hit_agents", "hit_users")),
        ("naive", _TEXTS),
    ]
)
_BATCH = 20_000


def write_rows(path: Path, rows: Iterable[SweepRow]) -> None:
    """Store exposures, compressed."""
    with parquet.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        batch: list[dict[str, object]] = []
        for row in rows:
            batch.append(row.model_dump())
            if len(batch) == _BATCH:
                writer.write_table(pa.Table.from_pylist(batch, SCHEMA))
                batch = []
        writer.write_table(pa.Table.from_pylist(batch, SCHEMA))


def read_rows(path: Path) -> list[SweepRow]:
    """Exposures that `write_rows` stored; an absent file has none. Raises `UserError`, one line, when it holds anything else."""
    if not path.is_file():
        return []
    if size(path) == 0:
        raise damaged(path, "it is empty")
    try:
        with parquet.ParquetFile(path) as file:
            if file.schema_arrow.names != SCHEMA.names:
                raise damaged(path, f"its columns are {', '.join(file.schema_arrow.names)[:200]}")
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, str(error).splitlines()[0]) from error
    try:
        return [SweepRow.model_validate(row) for row in table.to_pylist()]
    except ValidationError as error:
        raise damaged(path, first_problem(error)) from error
