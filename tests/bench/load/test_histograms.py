"""Responses as HDR histograms: what other tools read is what was measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]  # it brings no types
from hdrh.log import HistogramLogReader  # type: ignore[import-untyped]  # it brings no types

from bench.load import files
from bench.load.histograms import FOLDER, export, histograms
from bench.load.recorder import Outcome, joined
from bench.results.files import write_lines
from bench.results.raw_rows import write_rows
from tests.bench.load.rows import point, table


def test_a_level_is_one_file_of_all_its_repeats_with_values_in_milliseconds() -> None:
    points = [(point(120.0, purpose="rate", repeat=repeat), table([1.0] * 900 + [20.0] * 100)) for repeat in range(2)]
    (name,), (content,) = zip(*histograms(points).items(), strict=True)
    assert name == "dual-rate-120.hgrm"
    text = content.decode()
    assert re.search(r"#\[Max\s+=\s+20\.0\d+, TotalCount\s+=\s+2000\.0+\]", text)
    first = next(line.split() for line in text.splitlines()[2:] if line.strip())
    assert float(first[0]) == pytest.approx(1.0, rel=0.001)


def test_a_series_is_a_log_with_a_line_a_second(tmp_path: Path) -> None:
    found = histograms([(point(50.0, purpose="series", percent=60), table([3.0] * 100, gap_ms=20.0))])
    (tmp_path / "x.hlog").write_bytes(found["dual-series-60.hlog"])
    reader = HistogramLogReader(str(tmp_path / "x.hlog"), HdrHistogram(1_000, 3_600 * 10**9, 3))
    counts = []
    while (histogram := reader.get_next_interval_histogram()) is not None:
        counts.append(histogram.get_total_count())
        assert histogram.get_value_at_percentile(50) == pytest.approx(3_000_000, rel=0.001)
    reader.close()
    assert counts == [50, 50]


def test_a_level_of_which_one_repeat_was_cut_has_none() -> None:
    cut = table([1.0] * 10, outcomes={9: (Outcome.CUT, None)})
    assert histograms([(point(120.0, purpose="rate"), table([1.0] * 10)), (point(120.0, purpose="rate"), cut)]) == {}


def test_searches_have_none() -> None:
    assert histograms([(point(50.0), table([3.0]))]) == {}


def test_an_export_replaces_the_one_before_and_equal_trials_give_equal_bytes(tmp_path: Path) -> None:
    trial = tmp_path / "load-levels-dual-0"
    trial.mkdir()
    write_rows(joined([table([2.0] * 100)]), trial / files.ROWS)
    write_lines(trial / files.POINTS, [point(120.0, purpose="rate")])
    export(tmp_path, [trial])
    first = (tmp_path / FOLDER / "dual-rate-120.hgrm").read_bytes()
    (tmp_path / FOLDER / "old.hgrm").touch()
    export(tmp_path, [trial])
    assert {path.name: path.read_bytes() for path in (tmp_path / FOLDER).iterdir()} == {"dual-rate-120.hgrm": first}
    export(tmp_path, [])
    assert not (tmp_path / FOLDER).exists()
