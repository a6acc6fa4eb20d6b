"""The page about workloads says what their files say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bench.catalogue_page import PAGE, renewed, table
from tests.fuzz.inprocess import call
from workloads import catalogue
from workloads.trace import read_trace

RENEW = "python -m bench.catalogue_page renews it"


def test_the_table_is_that_of_the_files_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, RENEW
    assert table() in page


def test_a_stale_table_is_renewed_and_the_words_around_it_stay() -> None:
    stale = "before\n<!-- catalogue, from its files -->\nstale\n<!-- end of catalogue -->\nafter\n"
    fresh = renewed(stale)
    assert "stale" not in fresh
    assert fresh.startswith("before\n")
    assert fresh.endswith("\nafter\n")


@pytest.mark.parametrize("name", catalogue.names())
def test_each_named_workload_says_what_it_does_otherwise_than_the_reference(name: str) -> None:
    deviations = PAGE.read_text(encoding="utf-8").partition("### Where they deviate")[2].partition("\n## ")[0]
    assert re.search(rf"^- \*\*{name}\*\*: .", deviations, re.MULTILINE)


def test_every_point_of_a_family_is_in_the_table() -> None:
    lines = dict(line.split(" | ", 1) for line in table().splitlines() if line.startswith("| `"))
    for name in catalogue.names():
        points = re.findall(r"`:([a-z0-9-]+)`", lines[f"| `{name}`"])
        assert sorted(points) == sorted(catalogue.points(name))


def test_the_small_commands_of_the_page_do_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = call("workload", "show", "chat")
    (tmp_path / "desk.toml").write_text(shown.output, encoding="utf-8")
    assert (shown.status, catalogue.load("desk.toml")) == (0, catalogue.load("chat"))
    assert "agents_per_channel = 8" in call("workload", "show", "fan-out:8").output
    listed = [line.split()[0] for line in call("list", "workloads").output.splitlines()]
    assert tuple(listed[: len(catalogue.names())]) == catalogue.names()
    exported = call("workload", "export", "chat", "chat.csv.gz", "--messages", "20000")
    assert exported.status == 0, exported.errors
    assert len(read_trace(tmp_path / "chat.csv.gz")) == 20_000


def test_traffic_in_the_sizes_of_a_trace_is_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traces: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STOREBENCH_TRACES", str(traces))
    exported = call("workload", "export", "chat", "like.csv.gz", "--like", "gitter_fcc_2016.csv.gz")
    assert exported.status == 0, exported.errors
    told = call("trace", "describe", "like.csv.gz", "--json")
    people = json.loads(told.output)["all"]
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"Seed 1 has {100 * people['single']:.1f} % of users with a single message" in page
    assert f"a Fano factor of a day of {people['fano_day']:.1f}" in page


def test_the_example_of_a_workload_is_one() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = catalogue.read("desk.toml", example)
    assert found.name == "desk.toml"
    assert found.spec.about.startswith("a support desk")
