"""The result of a command, on standard output: where the report is, or what was imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import TextIOBase

from bench.progress.events import RunEnded, Told, TraceImported
from bench.visible import visible


class Result:
    """Says one line when there is a report, and some when a trace was imported."""

    name = "standard output"

    def __init__(self, stream: TextIOBase) -> None:
        self._stream = stream

    def hear(self, told: Told) -> None:
        match told.event:
            case RunEnded(report=str(report)):
                self._say([f"report: {report}"])
            case TraceImported() as imported:
                self._say(_imported(imported))
            case _:
                pass

    def close(self) -> None:
        self._stream.flush()

    def _say(self, lines: Iterable[str]) -> None:
        self._stream.write("".join(f"{visible(line)}\n" for line in lines))
        self._stream.flush()


def _imported(trace: TraceImported) -> Iterator[str]:
    yield f"trace: {trace.file}"
    yield f"rows: {trace.rows}"
    yield f"channels: {trace.channels}"
    yield f"users: {trace.users}"
    yield f"times: {trace.times}"
    yield f"rejected: {sum(trace.rejected.values())}"
    yield from _counted(trace.rejected)
    yield f"left out: {sum(trace.left_out.values())}"
    yield from _counted(trace.left_out)
    yield f"links lost: {sum(trace.links_lost.values())}"
    yield from _counted(trace.links_lost)
    yield f"digest: {trace.digest}"


def _counted(counts: Mapping[str, int]) -> Iterator[str]:
    """The largest first."""
    return (f"  {count}: {what}" for what, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
