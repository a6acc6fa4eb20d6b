"""Mutated files of workloads: one that can be read is a workload that can be begun, every other is refused in one line."""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from bench.configuration.toml import written
from tests.fuzz.mutations import FLOATS, INTEGERS, TEXTS, blind
from workloads import catalogue
from workloads.errors import InputError
from workloads.generation.columns import blocks
from workloads.generation.spec import WorkloadSpec
from workloads.validate import AT_MS_MAX

FILES = 200
LIST = [[0.5, 100.0]]
NAMED = [name for name in catalogue.names() if name != "trace-replay"]


def _text(name: str) -> str:
    return (Path(catalogue.__file__).parent / f"{name}.toml").read_text(encoding="utf-8")


def _blind(rng: random.Random) -> bytes:
    return blind(rng, _text(rng.choice(NAMED)).encode())


def _value(rng: random.Random) -> object:
    return rng.choice([*INTEGERS, *FLOATS, *(text for text in TEXTS if text.isprintable()), True, (), tuple(map(tuple, LIST))])


def _loaded(path: Path) -> catalogue.Spec | str:
    """What a file says, or why it is refused."""
    try:
        return catalogue.load(str(path))
    except InputError as error:
        return str(error)


def _structured(rng: random.Random) -> bytes:
    """Keys with other values, of the right type or of another one."""
    values = {key: _value(rng) for key in rng.sample(sorted(WorkloadSpec.model_fields), rng.choice((1, 1, 2, 3)))}
    return "".join(f"{key} = {written(value)}\n" for key, value in values.items()).encode()


@pytest.mark.parametrize("mutated", [_blind, _structured])
def test_a_mutated_file_is_refused_in_one_line_or_is_a_workload_that_begins(tmp_path: Path, mutated: object) -> None:
    assert callable(mutated)
    rng, path, ended = random.Random(1), tmp_path / "my.toml", Counter[str]()
    for _ in range(FILES):
        path.write_bytes(mutated(rng))
        spec = _loaded(path)
        if isinstance(spec, str):
            assert spec.startswith((str(path), f"workload {path}"))
            assert len(spec.splitlines()) == 1
            ended["refused"] += 1
            continue
        ended["taken"] += 1
        if isinstance(spec, WorkloadSpec) and ended["taken"] <= 25:
            small = spec.model_copy(update={"preload": min(spec.preload, 20), "messages": min(spec.messages, 20)})
            for block in islice(blocks(small, 1), 2):
                assert block.at_ms.max() <= AT_MS_MAX
                assert block.at_ms.min() >= 0
    assert ended["refused"] > FILES / 5
    assert ended["taken"] > 5


def test_what_the_mutations_begin_with_is_toml() -> None:
    for name in NAMED:
        assert tomllib.loads(_text(name))
