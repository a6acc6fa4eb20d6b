"""How long a thread could have run while the system ran something else."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

_SCHEDSTAT = Path("/proc/thread-self/schedstat")
_BYTES = 128


class RunQueue:
    """Of the thread that enters it, until it leaves. A kernel that does not keep count says 0."""

    def __init__(self, path: Path = _SCHEDSTAT) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def waited_ns(self) -> int:
        """Nanoseconds that the thread has waited for a CPU since it began (Linux, Documentation/scheduler/sched-stats: field 2)."""
        if self._file is None:
            return 0
        fields = os.pread(self._file, _BYTES, 0).split()
        return int(fields[1]) if len(fields) == 3 else 0
