"""An import from beginning to end, heard as a command tells it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.importing import run as module
from bench.importing.run import Source, Wanted, run
from bench.progress.events import Line, PhaseBegan, TraceImported
from bench.progress.telling import Advance
from tests.bench.progress.hearing import Clock, Ear, teller
from workloads.errors import InputError
from workloads.importing.collecting import Collector
from workloads.trace import read_trace


def reading(rows: int, bad: int = 0) -> nullcontext[object]:
    """A source of so many good rows, and bad ones behind them."""

    def read(collector: Collector, advance: Advance) -> Source:
        for place in range(rows):
            collector.take(place, 10**15 + place, "room", f"user {place % 3}", 5)
            advance(place, rows)
        for place in range(rows, rows + bad):
            collector.reject(place, "odd")
        return Source(times="made", annotated=False, where=lambda place: f"row {place}")

    return nullcontext(read)


def heard(file: Path, opening: nullcontext[object], rejected_max: float = 0.01) -> Ear:
    ear = Ear()
    run(Wanted(file, replace=False, rejected_max=rejected_max, resolution_us=1), opening, teller(Clock(), ear))  # type: ignore[arg-type]  # what reads is a protocol
    return ear


def test_phases_rows_and_the_result_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_A_LINE", 40)
    events = heard(tmp_path / "trace.csv", reading(100, 1)).events()
    assert [event.phase for event in events if isinstance(event, PhaseBegan)] == ["reading", "writing"]
    assert [event.text for event in events if isinstance(event, Line)] == [
        "40 rows read, 0 of them rejected",
        "80 rows read, 0 of them rejected",
        "row 100 rejected: odd",
    ]
    (imported,) = [event for event in events if isinstance(event, TraceImported)]
    assert (imported.rows, imported.channels, imported.users, imported.rejected) == (100, 1, 3, {"odd": 1})
    assert len(read_trace(tmp_path / "trace.csv")) == 100


@pytest.mark.parametrize(("bad", "refused"), [(0, False), (1, False), (2, True)])
def test_more_rejected_rows_than_may_be_write_nothing(tmp_path: Path, bad: int, refused: bool) -> None:
    if refused:
        with pytest.raises(
            UserError, match=r"2 of 101 rows are rejected, 2.0%, and 1.0% may be: odd \(2\); first row 99 rejected: odd;"
        ):
            heard(tmp_path / "trace.csv", reading(101 - bad, bad))
    else:
        heard(tmp_path / "trace.csv", reading(101 - bad, bad))
    assert (tmp_path / "trace.csv").exists() is not refused


def test_a_source_of_bad_rows_alone_is_refused_whatever_may_be_rejected(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no message that can be used"):
        heard(tmp_path / "trace.csv", reading(0, 5), rejected_max=1)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_taken_is_refused_before_the_source_is_opened(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").touch()
    with pytest.raises(InputError, match="there already"):
        heard(tmp_path / "trace.csv", nullcontext(None))
