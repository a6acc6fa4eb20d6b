"""What a killed run may leave, and what two runs of one configuration must have in common."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
from pyarrow import parquet

from bench.results.folder import RunFolder

NOT_COUNTED = frozenset({"latency_ns", "block"})
"""Columns of the raw operations that tell time."""

INEXACT = frozenset({"wal_bytes", "wal_page_bytes", "wal_images", "wal_image_records", "wal_hint_images", "relations"})
"""Bytes of the anatomy depend on where random keys fall; see docs/method.md."""


def counts(folder: Path) -> Mapping[str, object]:
    """Everything in the trials of a run that does not tell time, by trial and file."""
    found: dict[str, object] = {}
    for trial in RunFolder.open(folder).trials(""):
        for path in sorted(trial.iterdir()):
            name = f"{trial.name}/{path.name}"
            if path.suffix == ".parquet":
                found[name] = parquet.read_table(path).drop_columns(sorted(NOT_COUNTED)).to_pylist()
            elif path.suffix == ".jsonl":
                lines = [json.loads(line) for line in path.read_text().splitlines()]
                found[name] = [{key: value for key, value in line.items() if key not in INEXACT} for line in lines]
    return found


def kill(command: Sequence[str], where: Path, environment: Mapping[str, str], after_s: float) -> tuple[bool, list[Path]]:
    """Run a command and kill it after so many seconds; whether it was killed, and the data folders of the servers it had then."""
    told = where / "told"
    with told.open("wb") as errors:
        process = subprocess.Popen(command, cwd=where, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        # Stopped first, so that nothing is started between the look at its children and its death.
        process.send_signal(signal.SIGSTOP)
        children = psutil.Process(process.pid).children(recursive=True)
        folders = [folder for child in children for folder in _data_folder(child)]
        process.kill()
        process.wait()
        _, left = psutil.wait_procs(children, timeout=20)
        assert not [child for child in left if child.is_running() and child.status() != psutil.STATUS_ZOMBIE], (
            "a server outlived its run"
        )
        return True, folders
    assert process.returncode == 0, told.read_text()
    return False, []


def _data_folder(process: psutil.Process) -> list[Path]:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        words = process.cmdline()
        if "-D" in words:
            return [Path(words[words.index("-D") + 1])]
    return []


def check_whole(folder: Path) -> None:
    """No file is torn: what is there under its own name is all that was written."""
    RunFolder.open(folder).trial_records(thorough=True)
    for line in (folder / "log.jsonl").read_bytes().splitlines(keepends=True):
        assert line.endswith(b"\n")
        json.loads(line)


def settled(deadline_s: float, folders: Sequence[Path]) -> bool:
    """Whether all these folders are gone, now or soon."""
    end = time.monotonic() + deadline_s
    while any(folder.exists() for folder in folders):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
