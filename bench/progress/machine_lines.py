"""Progress for machines: a JSON object a line, written at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from bench.progress.events import NAMES, RunEnded, Told


class MachineLines:
    """Every event, or with `only_end` the last one alone. Non-ASCII characters are escaped, so that no terminal obeys them."""

    name = "standard output"

    def __init__(self, write: Callable[[bytes], None], *, only_end: bool = False) -> None:
        self._write = write
        self._only_end = only_end

    def hear(self, told: Told) -> None:
        if not self._only_end or isinstance(told.event, RunEnded):
            self._write(encoded(told, asdict(told.event)))

    def close(self) -> None:
        pass


def encoded(told: Told, fields: dict[str, object]) -> bytes:
    """A line: what happened, when, and the fields of it that are to be told."""
    when = {"event": NAMES[type(told.event)], "at": moment(told), "elapsed_s": round(told.elapsed_s, 3)}
    return json.dumps(when | fields, ensure_ascii=True, allow_nan=False, default=str).encode("ascii") + b"\n"


def moment(told: Told) -> str:
    """The time of an event as ISO 8601 in UTC, to the millisecond."""
    return f"{told.at:%Y-%m-%dT%H:%M:%S}.{told.at.microsecond // 1000:03d}Z"
