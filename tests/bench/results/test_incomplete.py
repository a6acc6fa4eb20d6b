"""A run that lacks trials is summed up and reported with what it has, and says what is missing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.errors import InvalidMeasurement
from bench.publish import publish
from bench.report.page import page
from bench.summarise import derive
from tests.bench.results.stored import DESIGNS, TRIALS, stored_run


def test_a_complete_run_says_nothing_of_missing_trials(tmp_path: Path) -> None:
    folder = stored_run(tmp_path)
    publish(folder)
    assert derive(folder).missing == []
    assert 'id="incomplete"' not in (folder.path / "report.html").read_text()
    assert "Incomplete" not in (folder.path / "report.md").read_text()


@settings(max_examples=25, deadline=None)
@given(kept=st.sets(st.sampled_from(TRIALS)))
def test_any_part_of_a_run_has_a_summary_that_names_the_rest(kept: set[str]) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = stored_run(Path(root), kept)
        summary = derive(folder)
        assert summary.missing == [trial for trial in TRIALS if trial not in kept]
        assert {cell.design for cell in summary.anatomy} == {name for name in DESIGNS if f"anatomy-{name}" in kept}
        assert {point.design for point in summary.crash} == {name for name in DESIGNS if f"crash-{name}" in kept}
        assert (summary.reads is None) == ("reads" not in kept)
        told = page(summary, folder.read_run(), [])
        assert (told.incomplete is None) == (kept == set(TRIALS))
        named = [row[0] for table in told.validity.grids if table.title == "Trials that were not measured" for row in table.rows]
        assert named == summary.missing


@pytest.mark.parametrize("kept", [(), ("anatomy-floor",), ("latency-001",), ("reads", "crash-dual"), TRIALS[:-1]])
def test_a_part_of_a_run_is_reported_with_its_holes(tmp_path: Path, kept: tuple[str, ...]) -> None:
    folder = stored_run(tmp_path, kept)
    publish(folder)
    html, markdown = (folder.path / "report.html").read_text(), (folder.path / "report.md").read_text()
    assert f"{len(TRIALS) - len(kept)} of {len(TRIALS)} trials were not measured" in html
    assert "**Incomplete.**" in markdown
    for name in set(TRIALS) - set(kept):
        assert f'<td class="code">{name}</td>' in html


def test_a_withheld_run_has_no_summary(tmp_path: Path) -> None:
    folder = stored_run(tmp_path)
    folder.withhold("a design breaks its contract", ["it lies"])
    with pytest.raises(InvalidMeasurement, match="a design breaks its contract") as caught:
        publish(folder)
    assert caught.value.lines == ("it lies",)
    assert not (folder.path / "report.html").exists()
