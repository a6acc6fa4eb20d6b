"""Whether there is room on disk for a run; asks the file system."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from bench.errors import UserError
from bench.estimate import Bounds
from bench.progress.words import size
from bench.server.specification import Embedded, specification
from bench.visible import visible

RESULTS, TEMPORARY = "for results", "for databases"


def is_local(server: str | None) -> bool:
    """Whether the databases of what `--server` asks for lie in our own temp folder."""
    return isinstance(specification(server), Embedded)


def check_room(bounds: Bounds, out: Path, *, local: bool) -> dict[str, int]:
    """The bytes that are free, by what they are for; `local`: the databases lie on this machine, below the temp folder.

    Raises `UserError` when results or databases have not enough room; both need theirs where they share a disk.
    """
    results = _nearest(out)
    free = {RESULTS: shutil.disk_usage(results).free}
    wanted = bounds.result_bytes
    if local:
        temporary = Path(tempfile.gettempdir())
        free[TEMPORARY] = shutil.disk_usage(temporary).free
        if _device(results) == _device(temporary):
            wanted += bounds.database_bytes
        elif free[TEMPORARY] < bounds.database_bytes:
            raise _full("the temp folder", temporary, free[TEMPORARY], bounds.database_bytes, "set TMPDIR to another disk")
    if free[RESULTS] < wanted:
        raise _full("the disk of", out, free[RESULTS], wanted, "choose another folder with --out")
    return free


def _full(what: str, path: Path, free_bytes: int, wanted_bytes: int, instead: str) -> UserError:
    room = f"{size(free_bytes)} free, and the run may need {size(wanted_bytes)}"
    return UserError(f"{what} {visible(str(path))} has {room}: make room, {instead}, or measure less")


def _nearest(path: Path) -> Path:
    """The folder itself, or the first above it that is there."""
    absolute = path.absolute()
    return next(folder for folder in (absolute, *absolute.parents) if os.path.exists(folder))  # noqa: PTH110 - False where it may not look


def _device(path: Path) -> int:
    return path.stat().st_dev
