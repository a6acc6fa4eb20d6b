"""The profiles growth and ladder, made small; a stranger's ladder; a design that lies in a growing store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command.conftest import Storebench

pytestmark = pytest.mark.usefixtures("own_server")

GROWTH = (
    *("growth_agents=[0,1]", "growth_rows=[1000,2000]", "growth_rows_left_out=[]", "growth_channels=[]"),
    *("growth_sessions=1", "growth_turns=8", "growth_messages=[100,200]", "bootstrap_draws=100"),
)
LADDER = """
from variants.floor import Floor
from variants.ladders import Ladder, Rung


class Renamed(Floor):
    name = "renamed"


def thin():
    \"\"\"A ladder on which nothing changes but a name.\"\"\"
    return Ladder(
        "What does a name cost?",
        (Rung("floor", "as it is"), Rung("renamed", "its name", Renamed), Rung("renamed[joined]", "one transaction")),
    )
"""


def settings(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--set", pair)]


def only(folder: Path) -> Path:
    (found,) = (folder / "results").iterdir()
    return found


@pytest.mark.full
def test_the_profile_growth_measures_growth_alone_and_reports_it(storebench: Storebench, tmp_path: Path) -> None:
    ended = storebench("run", "--profile", "growth", "--designs", "dual,floor", *settings(*GROWTH))
    assert ended.returncode == 0, ended.stderr
    run = only(tmp_path)
    growth = json.loads((run / "summary.json").read_text())["growth"]
    assert {(row["axis"], row["design"]) for row in growth["slopes"]} == {
        (axis, design) for axis in ("agents", "rows") for design in ("dual", "floor")
    }
    each = {(row["design"], row["what"]): (row["alone"], row["each"], row["residual"]) for row in growth["count_slopes"]}
    assert each["dual", "round trips"] == (3, 6, 0)
    assert each["floor", "statements"] == (1, 0, 0)
    assert {point["size"] for point in growth["points"] if point["axis"] == "agents" and not point["measured"]} == {50}
    assert [(row["messages"], row["repetition"]) for row in growth["wall"]] == [(n, r) for n in (100, 200) for r in range(3)]
    assert growth["exponents"][0]["runs"] == 6
    report = (run / "report.md").read_text()
    for title in ("How latency grows", "exact counts against agents", "Every point", "Wall time of streams of messages"):
        assert title in report
    names = {path.stem for path in (run / "charts").glob("*.svg")}
    assert names == {"growth-agents", "growth-counts", "growth-rows", "growth-wall"}
    again = storebench("report", str(run))
    assert again.returncode == 0, again.stderr
    assert json.loads((run / "summary.json").read_text())["growth"] == growth


@pytest.mark.full
def test_a_strangers_ladder_is_climbed_and_its_rungs_are_shown_by_name(
    installed: Callable[..., Storebench], tmp_path: Path
) -> None:
    storebench = installed({"stranger": {"thin": "stranger_ladder:thin"}}, {"stranger_ladder": LADDER}, "storebench.ladders")
    small = settings("ladder=thin", "ladder_sessions=2", "ladder_messages=40", "latency_agents=1", "bootstrap_draws=100")
    ended = storebench("run", "--profile", "ladder", "--designs", "floor", *small)
    assert ended.returncode == 0, ended.stderr
    run = only(tmp_path)
    ladder = json.loads((run / "summary.json").read_text())["ladder"]
    assert [(rung["variant"], rung["change"]) for rung in ladder["rungs"]] == [
        ("floor", "as it is"),
        ("renamed", "its name"),
        ("renamed[joined]", "one transaction"),
    ]
    counts = {
        row["variant"]: row["statements"]
        for row in ladder["counts"]
        if (row["kind"], row["k"], row["state"]) == ("send", 2, "warm")
    }
    assert counts["floor"] == counts["renamed"] == 1
    assert "From one design to another" in (run / "report.md").read_text()
    assert "renamed" not in storebench("list", "designs").stdout
    assert "INSERT" in storebench("show", "renamed").stdout


def test_a_design_that_cuts_texts_is_withheld_where_its_store_grows(storebench: Storebench, tmp_path: Path) -> None:
    small = settings("growth_agents=[]", "growth_rows=[1000]", "growth_channels=[]", "growth_messages=[]", "growth_turns=8")
    ended = storebench(
        "run",
        "--profile",
        "growth",
        "--designs",
        "floor,truncated_text",
        *small,
        *settings("growth_rows_left_out=[]", "growth_sessions=1"),
    )
    assert ended.returncode == 3
    assert "truncated_text" in ended.stderr
    assert (only(tmp_path) / "withheld.json").exists()
    assert not (only(tmp_path) / "report.html").exists()


@pytest.mark.full
def test_a_strangers_rung_is_held_to_its_contract_by_name(installed: Callable[..., Storebench]) -> None:
    storebench = installed({"stranger": {"thin": "stranger_ladder:thin"}}, {"stranger_ladder": LADDER}, "storebench.ladders")
    verified = storebench("verify", "renamed", "--stories", "1")
    assert verified.returncode == 0, verified.stdout
