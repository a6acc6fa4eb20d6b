"""Sources made by hand, and what an import makes of them, without a command."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.importing.sources import surveyed
from workloads.importing.collecting import KEY_BYTES, Collector
from workloads.importing.csv_source import CsvSource
from workloads.importing.finishing import Finished, finish, reject_repeated
from workloads.importing.jsonl_source import JsonlSource
from workloads.importing.lines import Lines
from workloads.importing.rejecting import Rejections
from workloads.importing.slack import Places, SlackExport
from workloads.importing.slack_tree import tree_of
from workloads.importing.times import TimeForm, Times
from workloads.trace import Trace

KEY = bytes(range(KEY_BYTES))
CHAT = {"t": "time", "channel": "room", "user": "author", "text": "text", "id": "id", "reply_to": "parent", "bot": "bot"}
"""The columns of the hand-made sources."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A trace, what was rejected and what was left out."""

    finished: Finished
    rejected: Mapping[str, int]
    first: Sequence[str]
    left_out: Mapping[str, int]

    @property
    def trace(self) -> Trace:
        return self.finished.trace


def _silent(*_: float) -> None:
    """Nobody listens to how far it is."""


def collector(key: bytes = KEY) -> Collector:
    return Collector(key, Rejections())


def lines_of(content: bytes) -> Lines:
    return Lines(io.BufferedReader(io.BytesIO(content)))


def _times(source: CsvSource | JsonlSource) -> Times:
    return Times(surveyed(source, None) or TimeForm.ISO, found=True)


def csv_import(
    content: str | bytes,
    columns: Mapping[str, str] | None = None,
    *,
    times: Times | None = None,
    delimiter: str = ",",
    key: bytes = KEY,
    resolution_us: int = 1,
) -> Imported:
    data = content if isinstance(content, bytes) else content.encode()
    into, read = collector(key), times or _times(CsvSource(lines_of(data), columns, delimiter))
    source = CsvSource(lines_of(data), columns, delimiter)
    source.read(into, read)
    found = source.columns
    annotated = "annotated" in found or "reply_to" in found
    return _imported(into, relative=read.form is TimeForm.RELATIVE, annotated=annotated, resolution_us=resolution_us)


def jsonl_import(content: str | bytes, columns: Mapping[str, str] | None = None) -> Imported:
    data = content if isinstance(content, bytes) else content.encode()
    into, read = collector(), _times(JsonlSource(lines_of(data), columns))
    source = JsonlSource(lines_of(data), columns)
    source.read(into, read)
    found = source.columns
    annotated = "annotated" in found or "reply_to" in found
    return _imported(into, relative=read.form is TimeForm.RELATIVE, annotated=annotated)


def slack_import(path: Path) -> Imported:
    into = collector()
    with tree_of(path) as tree:
        export = SlackExport(tree)
        left_out = export.read(into, _silent)
    return _imported(into, places=export.places, left_out=left_out, annotated=True)


def slack_export(
    folder: Path, days: Mapping[str, Sequence[object]], users: Sequence[object] = (), others: Sequence[str] = ()
) -> Path:
    """An export with these files of days, such as `general/2017-12-01.json`, and channels without any message."""
    folder.mkdir(exist_ok=True)
    channels = {place.partition("/")[0] for place in days} | set(others)
    listed = [{"id": f"C{number}", "name": name} for number, name in enumerate(sorted(channels))]
    (folder / "channels.json").write_text(json.dumps(listed))
    (folder / "users.json").write_text(json.dumps(list(users)))
    for place, messages in days.items():
        path = folder / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(messages))
    return folder


def _imported(
    into: Collector,
    *,
    places: Places | None = None,
    left_out: Mapping[str, int] | None = None,
    relative: bool = False,
    annotated: bool,
    resolution_us: int = 1,
) -> Imported:
    repeated = reject_repeated(into)
    finished = finish(into, repeated, name="made", relative=relative, annotated=annotated, resolution_us=resolution_us)
    first = list(into.rejections.first(places or (lambda place: f"line {place}")))
    return Imported(finished, dict(into.rejections.reasons), first, left_out or {})
