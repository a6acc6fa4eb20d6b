"""What reads each kind of source, from its bytes or its database to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Protocol

from bench.importing.run import Source
from bench.progress.telling import Advance
from workloads.errors import InputError
from workloads.importing.collecting import Collector
from workloads.importing.csv_source import CsvSource
from workloads.importing.jsonl_source import JsonlSource
from workloads.importing.lines import Lines
from workloads.importing.rejecting import Rejections
from workloads.importing.slack import SlackExport
from workloads.importing.slack_tree import tree_of
from workloads.importing.times import MEANINGS, Enough, Survey, TimeForm, Times
from workloads.trace_file import Problem, opened

Columns = Mapping[str, str]


class Opened(Protocol):
    """A source that was opened, so that most of what can be wrong with it as a whole was told already."""

    def __call__(self, collector: Collector, advance: Advance) -> Source:
        """Hand all rows to the collector."""


Opening = AbstractContextManager[Opened]


@contextmanager
def csv_file(path: Path, columns: Columns | None, form: TimeForm, zone: tzinfo | None, delimiter: str) -> Iterator[Opened]:
    """CSV with a header; without columns a trace of our own format."""
    times = _times(columns, form, zone, path, lambda lines: CsvSource(lines, columns, delimiter))
    with _lines(path) as lines:
        yield partial(_read_lines, CsvSource(lines, columns, delimiter), lines, path, times)


@contextmanager
def jsonl_file(path: Path, columns: Columns | None, form: TimeForm, zone: tzinfo | None) -> Iterator[Opened]:
    """JSON lines; without columns a trace of our own format."""
    times = _times(columns, form, zone, path, lambda lines: JsonlSource(lines, columns))
    with _lines(path) as lines:
        yield partial(_read_lines, JsonlSource(lines, columns), lines, path, times)


@contextmanager
def slack_export(path: Path) -> Iterator[Opened]:
    """The folder of a Slack export, or a zip of it."""
    try:
        with tree_of(path) as tree:
            yield partial(_read_slack, SlackExport(tree))
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


@contextmanager
def elizaos_database(address: str) -> Iterator[Opened]:
    """The database of the real server."""
    from bench.importing.connecting import reading  # noqa: PLC0415 - the driver is for databases alone
    from bench.importing.elizaos import ElizaosDatabase  # noqa: PLC0415

    with reading(address) as session:
        database = ElizaosDatabase(session)

        def read(collector: Collector, advance: Advance) -> Source:
            database.read(collector, advance)
            times = f"the database's, read as UTC; the layout is that of elizaOS {database.layout.versions}"
            return Source(times=times, annotated=True, where=lambda place: f"row {place}")

        yield read


@contextmanager
def _lines(path: Path) -> Iterator[Lines]:
    try:
        with opened(path) as raw:
            yield Lines(raw)
    except Problem as problem:
        raise InputError(f"{path}, {problem}") from None


def _times(
    columns: Columns | None, form: TimeForm, zone: tzinfo | None, path: Path, source: Callable[[Lines], CsvSource | JsonlSource]
) -> Times:
    """A trace of our own format has times of its own; of another source its first rows say how it writes them."""
    if form is not TimeForm.AUTO:
        return Times(form, zone)
    if columns is None:
        return Times(TimeForm.RELATIVE)
    with _lines(path) as lines:
        found = surveyed(source(lines), zone)
    # Where no time is usable, each of them is told to be none.
    return Times(found or TimeForm.ISO, zone, found=True)


def surveyed(source: CsvSource | JsonlSource, zone: tzinfo | None) -> TimeForm | None:
    """The form of a source's times; nothing of it is kept, and it is read no further than is needed."""
    survey = Survey(zone)
    with suppress(Enough):
        source.read(Collector(b"", Rejections()), survey)
    return survey.form


def _read_lines(
    source: CsvSource | JsonlSource, lines: Lines, path: Path, times: Times, collector: Collector, advance: Advance
) -> Source:
    size = path.stat().st_size
    lines.heard = lambda done: advance(done, size)
    source.read(collector, times)
    return Source(
        times=MEANINGS[times.form] + (" (found by the first rows)" if times.found else ""),
        annotated="annotated" in source.columns or "reply_to" in source.columns,
        where=lambda place: f"line {place}",
        relative=times.form is TimeForm.RELATIVE,
    )


def _read_slack(export: SlackExport, collector: Collector, advance: Advance) -> Source:
    left_out = export.read(collector, advance)
    unread = export.unlisted / export.files if export.files else 0.0
    return Source(times=MEANINGS[TimeForm.SECONDS], annotated=True, where=export.places, left_out=left_out, unread=unread)
