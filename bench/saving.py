"""Files that a command leaves where its user wants them: each whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bench.errors import UserError
from workloads.placing import clear_left, place

_NAME_CHARACTERS_MAX = 80


def name_of(*words: str) -> str:
    """A file's name without an ending, of plain letters, digits and dashes, whatever the words hold."""
    plain = "-".join(re.sub(r"[^A-Za-z0-9_]+", "-", word).strip("-") for word in words)
    return plain[:_NAME_CHARACTERS_MAX].strip("-") or "unnamed"


def plain_name(path: Path) -> str:
    """A file's name without the endings of traces and workloads."""
    return path.name.removesuffix(".gz").removesuffix(".csv").removesuffix(".toml")


def save(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder, which is made; what had these names is replaced."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: no folder can be made there ({error.strerror}): give another one with --out") from error
    return [_placed(folder / name, content, replace=True) for name, content in files.items()]


def check_new(path: Path, *, overwrite: bool) -> None:
    """Refuse a place where no file can be written, or where one would be lost."""
    try:
        if path.is_dir():
            raise UserError(f"{path}: it is a folder: give the name of a file")
        if not path.parent.is_dir():
            raise UserError(f"{path}: there is no folder {path.parent}: make it, or give another place")
        if not overwrite and (path.exists() or path.is_symlink()):
            raise _there(path)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"{str(path)!r}: it cannot be written ({why}): give another name") from error


def save_new(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a file; one that is there already is replaced only with `overwrite`."""
    check_new(path, overwrite=overwrite)
    _placed(path, content, replace=overwrite)


def _placed(path: Path, content: bytes, *, replace: bool) -> Path:
    clear_left(path.parent)
    try:
        place(path, lambda file: file.writelines([content]), replace=replace)
    except FileExistsError:
        raise _there(path) from None
    except OSError as error:
        raise UserError(f"{path}: it cannot be written ({error.strerror}): give another place, or make room") from error
    return path


def _there(path: Path) -> UserError:
    return UserError(f"{path}: it is there already: give another name, or --overwrite")
