"""What a configuration is written as reads back as the same configuration, whatever it holds."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bench.configuration import Configuration, TraceConfiguration, as_toml, resolve
from bench.configuration.toml import written
from bench.configuration.values import ITEMS_MAX, MESSAGES_MAX, SECONDS_MAX, SESSIONS_MAX, TEXT_MAX
from bench.factors import name, single_levels
from bench.faults.cells import NAMES
from bench.faults.names import LANES
from bench.reads.world import ROWS_MAX, ROWS_MIN
from bench.registry import OURS
from bench.scenes import KINDS

# Quotes, control characters, what turns others around, and what lies outside of the first plane.
ODD = "\"'\\\n\r\t\x00\x1b\x7f\x85\u2028\u202e\ufeff\U0001f600#=[]{}."
CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from(ODD)
TEXTS = st.text(CHARACTERS, min_size=1, max_size=TEXT_MAX)
SECONDS = st.floats(min_value=0, max_value=SECONDS_MAX, exclude_min=True)
AGENTS = st.lists(st.integers(0, 50), max_size=8, unique=True).map(tuple)
VARIANTS = st.lists(
    st.sampled_from([name(design, levels) for design in OURS for _, _, levels in single_levels()]), max_size=ITEMS_MAX, unique=True
).map(tuple)
COMMON: dict[str, SearchStrategy[object]] = {
    "seed": st.integers(0, 2**63 - 1),
    "designs": st.lists(TEXTS, min_size=1, max_size=4, unique=True).map(tuple),
    "bootstrap_draws": st.integers(100, 100_000),
    "variants": VARIANTS,
    "peer_delivery": st.booleans(),
}
DEFAULT_RUNS = st.fixed_dictionaries(
    COMMON
    | {
        "anatomy_agents": AGENTS,
        "anatomy_scenes": st.integers(1, 999),
        "workload": TEXTS,
        "latency_agents": st.none() | st.integers(0, 50),
        "workload_toml": st.none() | TEXTS,
        "latency_sessions": st.integers(1, SESSIONS_MAX),
        "latency_messages": st.integers(1, MESSAGES_MAX),
        "latency_session_s": SECONDS,
        "latency_warmup_messages": st.integers(0, MESSAGES_MAX),
        "crash_agents": AGENTS,
        "crash_kinds": st.lists(st.sampled_from(KINDS), min_size=1, max_size=4, unique=True).map(tuple),
        "faults_cells": st.lists(st.sampled_from(NAMES), max_size=8, unique=True).map(tuple),
        "faults_kinds": st.lists(st.sampled_from(KINDS), max_size=4, unique=True).map(tuple),
        "faults_lanes": st.lists(st.sampled_from(LANES), min_size=1, max_size=2, unique=True).map(tuple),
        "faults_schedules": st.integers(1, 1_000_000),
        "faults_interruptions": st.booleans(),
        "reads_rows": st.just(0) | st.integers(ROWS_MIN, ROWS_MAX),
        "reads_sessions": st.integers(1, SESSIONS_MAX),
        "reads_rounds": st.integers(1, MESSAGES_MAX),
        "reads_session_s": SECONDS,
    }
).map(Configuration.model_validate)
WINDOWS = st.tuples(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9)).map(lambda pair: f"{pair[0]}:{pair[1]}")
RULES = st.lists(st.tuples(st.sampled_from(["", "top"]), st.integers(1, 10**8), st.integers(0, 50)), max_size=3).map(
    lambda parts: ",".join(["1", *(f"{top}{number}:{agents}" for top, number, agents in parts)])
)
PATHS = st.text(CHARACTERS.filter(lambda character: character != "\0"), min_size=1, max_size=300).map(Path)
REPLAYS = st.fixed_dictionaries(
    COMMON | {"trace": PATHS, "window": st.none() | WINDOWS, "agents": RULES, "reply": st.floats(0, 1)}
).map(TraceConfiguration.model_validate)


@given(configuration=DEFAULT_RUNS | REPLAYS, origin=TEXTS)
def test_every_configuration_reads_back_from_its_toml(configuration: Configuration | TraceConfiguration, origin: str) -> None:
    kind = type(configuration)
    origins = dict.fromkeys(kind.model_fields, origin)
    for text in (as_toml(configuration), as_toml(configuration, origins)):
        values = tomllib.loads(text)
        assert kind.model_validate(values) == configuration
        unset = {key for key in kind.model_fields if getattr(configuration, key) is None}
        assert values.keys() == kind.model_fields.keys() - unset


@given(text=TEXTS)
def test_a_written_text_is_read_back_and_shows_all_it_holds(text: str) -> None:
    line = written(text)
    assert tomllib.loads(f"text = {line}") == {"text": text}
    assert line.isprintable() or all(character.isprintable() or character.isspace() for character in line)
    assert "\n" not in line


def test_a_file_of_what_was_shown_resolves_to_the_same_configuration(tmp_path: Path) -> None:
    first = resolve(profile="standard", flags={"seed": 7}, settings=["variants=dual[joined,retry=3]"]).configuration
    path = tmp_path / "my.toml"
    path.write_text(as_toml(first), encoding="utf-8")
    assert resolve(file=path).configuration == first
    assert resolve(profile="full", file=path).configuration == first


def test_every_key_stands_with_meaning_unit_default_source_and_origin() -> None:
    found = resolve(settings=["latency_session_s=60"])
    block = next(block for block in as_toml(found.configuration, found.origins).split("\n\n") if "latency_session_s =" in block)
    assert block.splitlines() == [
        "# Safety limit of a session: it stops there, and the report says so.",
        "# unit: seconds; default: 120.0",
        "# source: our choice: about ten times what a session of the default run takes",
        "# from: --set",
        "latency_session_s = 60.0",
    ]


def test_a_key_that_is_not_set_stands_as_a_comment() -> None:
    lines = as_toml(TraceConfiguration(trace=Path("a.csv"))).splitlines()
    assert "# window is not set" in lines
    assert 'trace = "a.csv"' in lines
