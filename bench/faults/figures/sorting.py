"""Records of several kinds as files of a trial: each kind has one, whatever the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bench.faults.figures.raw import FILES
from bench.results.files import write_lines
from bench.results.record import Record


def write_sorted(folder: Path, records: Iterable[Record]) -> None:
    """Write every record to the file of its kind, in the order in which they come; a kind of which there is none has no file.

    Raises `KeyError` for a kind that no file is for.
    """
    by_kind: dict[type[Record], list[Record]] = {}
    for record in records:
        by_kind.setdefault(type(record), []).append(record)
    for kind, own in by_kind.items():
        write_lines(folder / FILES[kind], own)
