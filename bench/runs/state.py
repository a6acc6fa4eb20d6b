"""In what state a run is: finished, interrupted, withheld, or not to be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.errors import UserError
from bench.results.files import read_json
from bench.results.folder import RUN, TRIALS, WITHHELD, RunFolder
from bench.results.run_record import RunRecord
from bench.results.schema import SCHEMA_VERSION
from workloads.placing import PARTIAL


class Word(StrEnum):
    """The states of a run."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    WITHHELD = "withheld"
    DAMAGED = "damaged"
    NEWER = "newer schema"


@dataclass(frozen=True, slots=True)
class State:
    """The state and what belongs to it: how many trials there are, or why the run cannot be read."""

    word: Word
    detail: str

    def __str__(self) -> str:
        return f"{self.word}: {self.detail}" if self.word in {Word.DAMAGED, Word.WITHHELD} else f"{self.word}, {self.detail}"


@dataclass(frozen=True, slots=True)
class Found:
    """A run below a results folder; `record` is None when it cannot be read. `size_bytes` is that of all its files."""

    path: Path
    state: State
    record: RunRecord | None
    size_bytes: int


def runs(root: Path) -> list[Found]:
    """All runs below a results folder, newest first; what is damaged is there too. Folders that are no runs are left out."""
    try:
        folders = [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(PARTIAL)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(
            f"{root} cannot be read ({error.strerror}): mend its permissions, or give another folder with --out"
        ) from error
    found = [_found(path) for path in folders if _is_run(path)]
    return sorted(found, key=lambda run: (run.record.started_at if run.record else "", run.path.name), reverse=True)


def state(folder: RunFolder, *, thorough: bool) -> State:
    """The state of a run that can be read. Raises `UserError` when it is damaged; `thorough` reads every file for that."""
    withheld = folder.withheld()
    if withheld is not None:
        return State(Word.WITHHELD, withheld.reason)
    planned, there = len(folder.read_run().trials), len(folder.trial_records(thorough=thorough))
    return State(Word.INCOMPLETE if folder.missing() else Word.COMPLETE, f"{there} of {planned} trials")


def _is_run(path: Path) -> bool:
    try:
        return any((path / name).exists() for name in (RUN, TRIALS, WITHHELD))
    except OSError:
        # A folder that may not be looked into might be one.
        return True


def _found(path: Path) -> Found:
    record = None
    try:
        folder = RunFolder.open(path)
        record = folder.read_run()
        return Found(path, state(folder, thorough=False), record, _size_bytes(path))
    except (UserError, OSError) as error:
        if _version(path) > SCHEMA_VERSION:
            return Found(path, State(Word.NEWER, f"schema {_version(path)}: use a newer storebench"), None, _size_bytes(path))
        return Found(path, State(Word.DAMAGED, _why(path, error)), record, _size_bytes(path))


def _why(path: Path, error: UserError | OSError) -> str:
    """What is wrong, without the folder's own path."""
    return str(error).replace(f"{path}/", "").replace(f"{path} ", "")


def _version(path: Path) -> int:
    try:
        value = read_json(path / RUN)
    except UserError:
        return 0
    version = value.get("schema_version") if isinstance(value, dict) else 0
    return version if isinstance(version, int) else 0


def _size_bytes(path: Path) -> int:
    total = 0
    for file in path.rglob("*"):
        try:
            total += file.lstat().st_size if not file.is_symlink() and file.is_file() else 0
        except OSError:
            continue
    return total
