"""A run with isolated trials: each on a server of its own, in the stored order, beside paired sessions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_server")]

SMALL = (
    *("--profile", "isolated", "--designs", "dual,floor", "--set=latency_sessions=3", "--set=latency_messages=45"),
    *("--set=isolated_blocks=2", "--set=isolated_messages=24", "--set=bootstrap_draws=200", "--set=latency_warmup_messages=4"),
)


@pytest.mark.full
def test_a_run_measures_each_design_alone_and_compares_the_orders_of_its_instruments(
    storebench: Storebench, tmp_path: Path
) -> None:
    done = storebench("run", *SMALL)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    planned = [name for name in json.loads((folder / "run.json").read_text())["trials"] if name.startswith("isolated-")]
    assert sorted(planned) == [f"isolated-{block:03d}-{design}" for block in range(2) for design in ("dual", "floor")]
    assert [name.rpartition("-")[0] for name in planned] == ["isolated-000"] * 2 + ["isolated-001"] * 2
    summary = json.loads((folder / "summary.json").read_text())
    isolated = summary["isolated"]
    assert "each on a fresh server" in isolated["where"]
    assert [(row["variant"], row["baseline"], row["blocks"]) for row in isolated["ratios"]] == [("floor", "dual", 2)]
    assert isolated["ratios"][0]["ratio"] < 1
    primary = {row["family"]: row for row in summary["latency"] if row["primary"]}
    assert set(primary) == {"a/a", "a/a+delta", "per_side"}
    assert {row["kind"] for row in primary.values()} == {"send+reply"}
    assert {row["variant"] for row in summary["blocks"]} == {"dual", "floor", "dual[again]", "dual[+1%]"}
    (pair,) = summary["orders"]
    assert {row["instrument"] for row in pair["by"]} == {"paired", "isolated"}
    assert pair["order"] in {"same", "not separated by all"}
    page = (folder / "report.md").read_text()
    assert "Isolated trials: send+reply against the baseline" in page
    assert "Primary comparisons" in page
    assert {"latency-blocks.svg", "latency-same.svg"} <= {path.name for path in (folder / "charts").iterdir()}
