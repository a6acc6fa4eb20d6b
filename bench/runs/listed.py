"""The page of `storebench list runs`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.text import Text

from bench.runs.state import Found, Word, runs
from bench.visible import visible

_COMMIT_SHOWN = 12
_HEADING = ("run", "started", "state", "seed", "designs", "server", "commit", "size")
_STYLES = {Word.COMPLETE: "green", Word.INCOMPLETE: "yellow"}


def listed(root: Path) -> Iterator[Text]:
    """Each run below a results folder, newest first; one line that says so when there is none."""
    found = runs(root)
    if not found:
        yield Text(f"no runs in {visible(str(root))}: make one with `storebench run`, or give another folder with --out")
        return
    rows = [_HEADING, *map(_row, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADING))]
    yield _line(_HEADING, widths, "dim")
    for run, row in zip(found, rows[1:], strict=True):
        yield _line(row, widths, _STYLES.get(run.state.word, "red"))


def size(size_bytes: int) -> str:
    """A size in the largest unit that leaves a figure before the point."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= step:
            return f"{size_bytes / step:.1f} {unit}"
    return f"{size_bytes} B"


def _row(run: Found) -> tuple[str, ...]:
    record = run.record
    if record is None:
        return (visible(run.path.name), "", visible(str(run.state)), "", "", "", "", size(run.size_bytes))
    facts = (
        run.path.name,
        record.started_at,
        str(run.state),
        str(record.seed),
        ",".join(record.designs),
        f"PostgreSQL {record.server.get('server_version', 'unknown')}",
        (record.commit or "unknown")[:_COMMIT_SHOWN] + ("+" if record.dirty else ""),
        size(run.size_bytes),
    )
    return tuple(map(visible, facts))


def _line(row: Sequence[str], widths: Sequence[int], style: str) -> Text:
    cells = [
        (f"{cell:<{width}}", style if column == "state" else "") for column, cell, width in zip(_HEADING, row, widths, strict=True)
    ]
    return Text("  ").join(Text(*cell) for cell in cells)
