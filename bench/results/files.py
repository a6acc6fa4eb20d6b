"""Files of a results folder: never half written, and never read as something else than they were written as."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from bench.errors import UserError
from bench.results.record import Record
from workloads.placing import place

R = TypeVar("R", bound=Record)


def write_file(path: Path, content: bytes) -> None:
    """Replace a file as a whole, on disk when this returns."""
    try:
        place(path, lambda file: file.writelines([content]), replace=True)
        settle(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error


def settle(folder: Path) -> None:
    """Put the names in a folder on disk, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unwritable(path: Path, error: OSError) -> UserError:
    """What to tell of a file that cannot be written."""
    return UserError(f"{path} cannot be written ({error.strerror}): mend that or make room, then go on with --resume")


def unreadable(path: Path, error: OSError) -> UserError:
    """What to tell of a file that cannot be read."""
    return UserError(f"{path} cannot be read ({error.strerror}): mend its permissions, or give another run")


def damaged(path: Path, why: str) -> UserError:
    """What to tell of a file that is not what was written."""
    return UserError(f"{path} is damaged ({why}): restore it or run again")


def read_bytes(path: Path) -> bytes:
    """All of a file; one line when it is missing or may not be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise damaged(path, "it is missing") from None
    except OSError as error:
        raise unreadable(path, error) from error


def pretty(record: Record) -> bytes:
    """A record as JSON for people: indented, keys in the order of the schema."""
    return (json.dumps(record.model_dump(mode="json"), indent=1) + "\n").encode()


def write_lines(path: Path, records: Iterable[Record]) -> None:
    """Records as JSON lines."""
    write_file(path, b"".join(record.model_dump_json(ensure_ascii=True).encode() + b"\n" for record in records))


def read_lines(path: Path, kind: type[R]) -> list[R]:
    """JSON lines as records; an absent file is an empty list, a damaged line is named."""
    if not path.is_file():
        return []
    records: list[R] = []
    for number, line in enumerate(read_bytes(path).splitlines(), start=1):
        try:
            records.append(kind.model_validate_json(line))
        except ValidationError as error:
            raise damaged(path, f"line {number}: {first_problem(error)}") from error
    return records


def read_json(path: Path) -> object:
    """Any JSON."""
    try:
        return from_json(read_bytes(path))
    except ValueError as error:
        raise damaged(path, str(error)) from error


def read_record(path: Path, kind: type[R]) -> R:
    """A JSON file that holds one record."""
    return as_record(path, kind, read_json(path))


def as_record(path: Path, kind: type[R], value: object) -> R:
    """What was read from a file as a record."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise damaged(path, first_problem(error)) from error


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong, with the place."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]


def sealed(record: R) -> R:
    """The record with the digest of all its other fields."""
    return record.model_copy(update={"digest": _digest_of(record.model_dump(mode="json", exclude={"digest"}))})


def check_seal(path: Path, record: Record) -> None:
    """Refuse a record, as it was read, that was changed after it was sealed.

    A field that its file does not have came into being after it was written, and is no part of what was sealed.
    """
    if record.model_dump()["digest"] != _digest_of(record.model_dump(mode="json", exclude={"digest"}, exclude_unset=True)):
        raise damaged(path, "its content was changed after it was written")


def _digest_of(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def sha256(path: Path) -> str:
    """The digest of a file's content, read in pieces."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise damaged(path, "it is missing") from None
    except OSError as error:
        raise unreadable(path, error) from error


def size(path: Path) -> int:
    """The bytes of a file."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        raise damaged(path, "it is missing") from None
    except OSError as error:
        raise unreadable(path, error) from error
