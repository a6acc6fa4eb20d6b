"""Mutated configurations, as TOML and as settings: taken, or refused in one line."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.configuration import Configuration, TraceConfiguration
from tests.fuzz.inprocess import call, refused
from tests.fuzz.mutations import INTEGERS, TEXTS, blind, value

KEYS = sorted({*Configuration.model_fields, *TraceConfiguration.model_fields})
DEFAULTS = Configuration().model_dump(mode="json")
FILE = """seed = 7
designs = ["dual", "floor"]
anatomy_agents = [0, 1]
latency_messages = 40
latency_session_s = 60.5
variants = ["dual[ensure=remembered]"]
peer_delivery = false
"""


def _toml(item: object) -> str:
    """TOML of a value, or what comes near to it."""
    match item:
        case None:
            return "null"
        case bool():
            return str(item).lower()
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {_toml(field)}" for key, field in item.items()) + "}"
        case list():
            return "[" + ", ".join(map(_toml, item)) + "]"
        case str():
            return json.dumps(item)
        case _:
            return str(item)


def _blind_file(rng: random.Random, path: Path) -> list[str]:
    path.write_bytes(blind(rng, FILE.encode()))
    return ["--config", str(path)]


def _structured_file(rng: random.Random, path: Path) -> list[str]:
    lines = FILE.splitlines()
    for _ in range(rng.randint(1, 3)):
        key = rng.choice([*KEYS, rng.choice(TEXTS), "table.key"])
        lines = [line for line in lines if not line.startswith(f"{key} =")]
        default = DEFAULTS.get(key)
        lines.append(f"{key} = {_toml(default if default is not None and rng.random() < 0.5 else value(rng))}")
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    return ["--config", str(path)]


def _settings(rng: random.Random, path: Path) -> list[str]:
    del path
    arguments = []
    for _ in range(rng.randint(1, 2)):
        item = value(rng)
        text = rng.choice([json.dumps(item), _toml(item), str(item), rng.choice(TEXTS), str(rng.choice(INTEGERS)), "1", "2"])
        key = rng.choice(KEYS)
        if key in DEFAULTS and rng.random() < 0.5:
            text = json.dumps(DEFAULTS[key])
        text = text.replace("\0", "").encode("utf-8", "replace").decode()
        setting = f"{key}={text}"
        if rng.random() < 0.2:
            setting = blind(rng, setting.encode()).decode("utf-8", "surrogateescape").replace("\0", "")
        arguments += ["--set", setting]
    return arguments


def _fuzz(cases: int, seed: int, folder: Path) -> None:
    makers: tuple[Callable[[random.Random, Path], list[str]], ...] = (_blind_file, _structured_file, _settings)
    refusals = 0
    for case in range(cases):
        rng = random.Random(f"{seed}-{case}")
        arguments = rng.choice(makers)(rng, folder / "mutated.toml")
        said = call("show", "config", *arguments)
        if refused(said):
            refusals += 1
        else:
            assert tomllib.loads(said.output)
    # Most must be refused and many taken, else it is not the same input that is tried again and again.
    assert cases // 4 < refusals < cases * 0.9, f"{refusals} of {cases} configurations were refused"


def test_a_mutated_configuration_is_taken_or_refused_in_one_line(tmp_path: Path) -> None:
    _fuzz(200, 1, tmp_path)


@pytest.mark.full
def test_thousands_of_mutated_configurations_are_taken_or_refused_in_one_line(tmp_path: Path) -> None:
    _fuzz(4_000, 2, tmp_path)
