"""docs/growth.md is written from runs, and says of the ladder what the ladder is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.errors import UserError
from bench.growth_page import PAGE, main, renewed
from bench.ladder.registry import climb
from bench.results.schema import Summary
from tests.bench.charts.test_growth import GROWTH, LADDER


def _summary(**given: object) -> Summary:
    empty: dict[str, object] = {name: [] for name in ("anatomy", "latency", "quantiles", "crash", "proofs", "claims", "totals")}
    return Summary.model_validate({**empty, "schema_version": 2, "workload": {}, **given})


def test_each_block_is_written_from_the_first_run_that_has_it_and_the_rest_of_the_page_stays() -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = renewed(page, [_summary(growth=GROWTH), _summary(ladder=LADDER)])
    assert "+500.0 µs" in found
    assert "| `hybrid` | 7 | 15 | 3 | – | −20.0 %" in found
    assert "exponent" in found.lower()
    assert renewed(found, [_summary(growth=GROWTH), _summary(ladder=LADDER)]) == found
    assert renewed(page, [_summary()]) == page
    outside = [line for line in page.splitlines() if not line.startswith("|")]
    assert [line for line in outside if line not in found.splitlines() and not line.startswith("Exponent of wall time")] == []


def test_the_page_tells_every_rung_of_our_ladder_once_it_was_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    if "| rung | what changes" in page:
        assert all(f"`{step.variant}`" in page and step.change in page for step in climb("dual_to_hybrid").steps)


def test_a_folder_without_growth_and_ladder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text(_summary().model_dump_json())
    with pytest.raises(UserError, match="has neither growth nor a ladder"):
        main([str(tmp_path)])
