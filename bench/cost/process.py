"""The CPU time of a backend, where its process is one of this machine: the one place that reads it.

A process id alone proves nothing: a server in a container, or on another machine, has ids of its own. PostgreSQL writes the port of
the client into the title of the process, and only a title with ours is believed.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from bench.drive.link import Link

_PROC = Path("/proc")
_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class CpuTime:
    """CPU that a process used so far, and how long it was ready to run without one; None where the system does not tell."""

    used_ns: int
    queued_ns: int | None


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend whose process we see. `tick_ns` is the resolution of its CPU time."""

    pid: int
    tick_ns: int

    def cpu(self) -> CpuTime:
        """Its CPU time up to now. Raises OSError when it has ended."""
        if self.tick_ns == 1:
            used, queued, _ = _schedstat(self.pid)
            return CpuTime(used, queued)
        return CpuTime(_ticks(self.pid) * self.tick_ns, None)


def backend_of(link: Link) -> Backend | None:
    """The backend of a connection; None where its process is not seen, or cannot be told to be ours."""
    pid = link.backend_pid
    try:
        title = (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        if not title.startswith("postgres") or not _is_ours(title, link):
            return None
        _ticks(pid)
    except (OSError, ValueError, IndexError):
        return None
    try:
        used, _, _ = _schedstat(pid)
    except (OSError, ValueError):
        used = 0
    # A kernel without scheduler statistics has no such file, or one of zeros.
    return Backend(pid, 1 if used > 0 else _NS_PER_S // os.sysconf("SC_CLK_TCK"))


def _is_ours(title: str, link: Link) -> bool:
    with socket.socket(fileno=os.dup(link.socket)) as own:
        if own.family == socket.AF_UNIX:
            return "[local]" in title
        return f"({own.getsockname()[1]})" in title


def _schedstat(pid: int) -> tuple[int, int, int]:
    """Nanoseconds on a CPU, nanoseconds waiting for one, and turns (Linux, Documentation/scheduler/sched-stats)."""
    used, queued, turns = (_PROC / str(pid) / "schedstat").read_text(encoding="ascii").split()
    return int(used), int(queued), int(turns)


def _ticks(pid: int) -> int:
    """Clock ticks in user and kernel mode (proc(5): fields 14 and 15; the name before them may hold spaces)."""
    fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
