"""A run's folder: the only code that knows what lies where in it.

Nothing in it is ever half there: a run, a trial and a file get a temporary name first and their own by a rename.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.busyness import cpu_times, load_average_1min, stolen_share
from bench.errors import UserError
from bench.results import upgrade
from bench.results.files import (
    as_record,
    check_seal,
    damaged,
    pretty,
    read_json,
    read_record,
    sealed,
    settle,
    sha256,
    size,
    unreadable,
    unwritable,
    write_file,
)
from bench.results.run_record import RunRecord, StoredFile, TrialRecord, Withheld
from bench.results.schema import SCHEMA_VERSION
from workloads.placing import PARTIAL

RUN, SUMMARY, WITHHELD, TRIALS, CHARTS, TRIAL = "run.json", "summary.json", "withheld.json", "trials", "charts", "trial.json"
CONFIG, LOG = "config.toml", "log.jsonl"
LATENCY, TOTALS, PROOFS = "operations.parquet", "totals.jsonl", "proofs.jsonl"
ANATOMY, CRASH = "anatomy.jsonl", "points.jsonl"
PLANS, INDEXES, TABLES = "plans.jsonl", "indexes.jsonl", "tables.jsonl"
PATHS = "paths.jsonl"
CHECKPOINTS = "checkpoints.jsonl"
COSTS, OBSERVERS, RECORDING, LACKING = "costs.jsonl", "observers.jsonl", "recording.jsonl", "lacking.jsonl"
DISK = "disk.jsonl"


@dataclass(slots=True)
class TrialFolder:
    """Where a trial's raw files go while it is measured, and what will be said of it."""

    path: Path
    placement: str | None = None
    stopped_early: tuple[str, ...] = ()
    checkpoints: int | None = None


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run under the results folder."""

    path: Path

    @classmethod
    def create(cls, root: Path, name: str, record: RunRecord, configuration: str) -> RunFolder:
        """A new folder with the record and the configuration as TOML; one line when it cannot be made or is there already."""
        path, partial = root / name, root / f"{PARTIAL}{name}"
        try:
            partial.mkdir(parents=True)
        except FileExistsError:
            raise _taken(path) from None
        except OSError as error:
            raise UserError(f"{path} cannot be made ({error.strerror}): choose another folder with --out") from error
        made = cls(partial)
        try:
            (partial / TRIALS).mkdir()
            write_file(partial / CONFIG, configuration.encode())
            made.write_run(record)
            partial.rename(path)
            settle(root)
        except BaseException as error:
            shutil.rmtree(partial, ignore_errors=True)
            if isinstance(error, OSError):
                raise (_taken(path) if path.exists() else unwritable(path, error)) from error
            raise
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """A folder that holds a run."""
        try:
            is_run = (path / RUN).is_file()
        except OSError as error:
            raise unreadable(path, error) from error
        if not is_run:
            raise UserError(f"{path} holds no run ({RUN} is missing): give a folder below results/")
        return cls(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While this lasts nobody else works on the run; one line when somebody does."""
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UserError(f"{self.path} is being worked on by another process: wait for its end") from None
            yield
        finally:
            os.close(handle)

    def clear_partial(self) -> None:
        """Remove what a killed process left half written. Only for who holds the lock."""
        for folder in (self.path, self.path / TRIALS):
            for path in folder.glob(f"{PARTIAL}*"):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def withhold(self, reason: str, lines: list[str]) -> None:
        """Say in the folder why it has no results."""
        write_file(self.path / WITHHELD, pretty(Withheld(reason=reason, lines=lines)))

    def withheld(self) -> Withheld | None:
        """Why it has no results, or None."""
        path = self.path / WITHHELD
        return read_record(path, Withheld) if path.is_file() else None

    def remove_if_empty(self) -> None:
        """A run that ended before anything was measured leaves no folder."""
        if not self.trials("") and not (self.path / WITHHELD).exists():
            shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def trial(self, name: str, phase: str, attempt: int) -> Iterator[TrialFolder]:
        """A folder for the raw data of one trial, in place only when all of it is written and described."""
        partial = self.path / TRIALS / f"{PARTIAL}{name}"
        started, start_s, cpu_before = datetime.now(UTC), time.monotonic(), cpu_times()
        try:
            partial.mkdir()
        except OSError as error:
            raise unwritable(partial, error) from error
        try:
            folder = TrialFolder(partial)
            yield folder
            record = TrialRecord(
                name=name,
                phase=phase,
                attempt=attempt,
                started_at=f"{started:%Y-%m-%dT%H:%M:%SZ}",
                took_s=round(time.monotonic() - start_s, 3),
                files={path.name: StoredFile(bytes=path.stat().st_size, sha256=sha256(path)) for path in sorted(partial.iterdir())},
                placement=folder.placement,
                stopped_early=list(folder.stopped_early),
                stolen_share=stolen_share(cpu_before, cpu_times()),
                load_average_1min=round(load_average_1min(), 2),
                checkpoints=folder.checkpoints,
            )
            write_file(partial / TRIAL, pretty(sealed(record)))
            partial.rename(self.path / TRIALS / name)
            settle(self.path / TRIALS)
        except BaseException as error:
            with suppress(OSError):
                shutil.rmtree(partial)
            if isinstance(error, OSError):
                raise unwritable(partial, error) from error
            raise

    def trials(self, prefix: str) -> list[Path]:
        """The finished trials whose names begin so, in the order in which they were planned."""
        record = self.read_run()
        try:
            found = [path for path in (self.path / TRIALS).iterdir() if path.is_dir() and not path.name.startswith(PARTIAL)]
        except FileNotFoundError:
            raise damaged(self.path / TRIALS, "it is missing") from None
        except OSError as error:
            raise unreadable(self.path / TRIALS, error) from error
        places = {name: place for place, name in enumerate(record.trials)}
        strangers = [path for path in found if path.name not in places]
        if strangers:
            raise damaged(strangers[0], f"{RUN} knows of no such trial")
        return sorted((path for path in found if path.name.startswith(prefix)), key=lambda path: places[path.name])

    def missing(self) -> list[str]:
        """The trials that were planned and are not there, in order."""
        found = {path.name for path in self.trials("")}
        return [name for name in self.read_run().trials if name not in found]

    def trial_records(self, *, thorough: bool = True) -> list[TrialRecord]:
        """What is said of each finished trial. Refuses one whose files are not those that were written.

        `thorough` reads them; else only their sizes are looked at.
        """
        run, version = self.read_run(), self._version()
        if version == 1:
            return upgrade.trials_of_1(self._run_json(), [path.name for path in self.trials("")])
        return [_checked(trial, run, thorough=thorough) for trial in self.trials("")]

    def write_run(self, record: RunRecord) -> None:
        """Store how the run came about."""
        write_file(self.path / RUN, pretty(sealed(record)))

    def read_run(self) -> RunRecord:
        """How the run came about; one line when its schema is newer than ours or it is damaged."""
        path, version, value = self.path / RUN, self._version(), self._run_json()
        if version == 1:
            names = [trial.name for trial in (self.path / TRIALS).glob("*") if trial.is_dir()]
            return as_record(path, RunRecord, upgrade.run_of_1(value, names))
        record = as_record(path, RunRecord, value)
        check_seal(path, record)
        return record

    def _run_json(self) -> dict[str, object]:
        path = self.path / RUN
        value = read_json(path)
        if not isinstance(value, dict):
            raise damaged(path, "it holds no object")
        return value

    def _version(self) -> int:
        path, version = self.path / RUN, self._run_json().get("schema_version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise damaged(path, f"schema_version is {version!r:.40}")
        if version > SCHEMA_VERSION:
            raise UserError(f"{path} has schema {version}, newer than {SCHEMA_VERSION}: use a newer storebench")
        return version


def _checked(trial: Path, run: RunRecord, *, thorough: bool) -> TrialRecord:
    record = read_record(trial / TRIAL, TrialRecord)
    check_seal(trial / TRIAL, record)
    if record.name != trial.name:
        raise damaged(trial, f"{TRIAL} is of {record.name}")
    if not 0 <= record.attempt < len(run.attempts):
        raise damaged(trial, f"{RUN} knows of no attempt {record.attempt}")
    for name, stored in record.files.items():
        found = size(trial / name)
        if found != stored.bytes or (thorough and sha256(trial / name) != stored.sha256):
            raise damaged(trial / name, f"it has {found:,} bytes" if found != stored.bytes else "its content was changed")
    return record


def _taken(path: Path) -> UserError:
    return UserError(f"{path} exists already: wait a second, or choose another folder with --out")
