"""A run's folder: the only code that writes or reads it.

Nothing in it is ever half written: files and trials get a temporary name first and their own by a rename.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from bench.errors import UserError
from bench.results.schema import SCHEMA_VERSION, Record, RunRecord

R = TypeVar("R", bound=Record)

RUN, SUMMARY, WITHHELD, TRIALS, CHARTS = "run.json", "summary.json", "withheld.json", "trials", "charts"
LATENCY, TOTALS, PROOFS = "operations.parquet", "totals.jsonl", "proofs.jsonl"
ANATOMY, CRASH = "anatomy.jsonl", "points.jsonl"
PLANS, INDEXES, TABLES = "plans.jsonl", "indexes.jsonl", "tables.jsonl"
PATHS = "paths.jsonl"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run under the results folder."""

    path: Path

    @classmethod
    def create(cls, root: Path, name: str) -> RunFolder:
        """A new, empty folder; one line when it cannot be made or is there already."""
        path = root / name
        try:
            path.mkdir(parents=True)
            (path / TRIALS).mkdir()
        except FileExistsError:
            raise UserError(f"{path} exists already: wait a second, or choose another folder with --out") from None
        except OSError as error:
            raise UserError(f"{path} cannot be made ({error.strerror}): choose another folder with --out") from error
        return cls(path)

    def withhold(self, reason: str, lines: Sequence[str]) -> None:
        """Say in the folder why it has no results."""
        write_json(self.path / WITHHELD, {"reason": reason, "lines": list(lines)})

    def remove_if_empty(self) -> None:
        """A run that ended before anything was measured leaves no folder."""
        if not any((self.path / TRIALS).iterdir()) and not (self.path / WITHHELD).exists():
            (self.path / TRIALS).rmdir()
            self.path.rmdir()

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """A folder that holds a run."""
        if not (path / RUN).is_file():
            raise UserError(f"{path} holds no run ({RUN} is missing): give a folder below results/")
        return cls(path)

    @contextmanager
    def trial(self, name: str) -> Iterator[Path]:
        """A folder for the raw data of one trial, in place only when all of it is written."""
        partial = self.path / TRIALS / f".partial-{name}"
        try:
            partial.mkdir()
            yield partial
            partial.rename(self.path / TRIALS / name)
        except OSError as error:
            raise _unwritable(partial, error) from error

    def trials(self, prefix: str) -> list[Path]:
        """The finished trials whose names begin so, in order of their names."""
        return sorted(path for path in (self.path / TRIALS).glob(f"{prefix}*") if path.is_dir())

    def write_run(self, record: RunRecord) -> None:
        """Store how the run came about."""
        write_file(self.path / RUN, pretty(record))

    def read_run(self) -> RunRecord:
        """How the run came about; one line when its schema is newer than ours or it is damaged."""
        text = (self.path / RUN).read_bytes()
        try:
            version = json.loads(text)["schema_version"]
            if version > SCHEMA_VERSION:
                raise UserError(f"{self.path / RUN} has schema {version}, newer than {SCHEMA_VERSION}: use a newer storebench")
            return RunRecord.model_validate_json(text)
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            raise UserError(f"{self.path / RUN} is damaged ({str(error).splitlines()[0]}): restore it or run again") from error


def write_file(path: Path, content: bytes) -> None:
    """Replace a file as a whole."""
    partial = path.with_name(f".partial-{path.name}")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(f"{path} cannot be written ({error.strerror}): make room, or choose another folder with --out")


def pretty(record: Record) -> bytes:
    """A record as JSON for people: indented, keys in the order of the schema."""
    return (json.dumps(record.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n").encode()


def write_lines(path: Path, records: Iterable[Record]) -> None:
    """Records as JSON lines."""
    write_file(path, b"".join(record.model_dump_json().encode() + b"\n" for record in records))


def read_lines(path: Path, kind: type[R]) -> list[R]:
    """JSON lines as records; an absent file is an empty list, a damaged line is named."""
    if not path.is_file():
        return []
    records: list[R] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            records.append(kind.model_validate_json(line))
        except ValidationError as error:
            raise UserError(f"{path} line {number} is damaged ({error.errors()[0]['msg']}): run again") from error
    return records


def write_json(path: Path, value: Mapping[str, object] | Sequence[object]) -> None:
    """A plain value as indented JSON."""
    write_file(path, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())
