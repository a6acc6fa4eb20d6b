"""Every benchmark is pedantic, with rounds that its source states, and the suite is no part of the other tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SOURCES = sorted(FOLDER.glob("bench_*.py"))


def unstated(source: str) -> list[str]:
    """What is wrong with the benchmarks of a file: their names, and why."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef) or "benchmark" not in {argument.arg for argument in function.args.args}:
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        pedantic = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "pedantic"]
        bare = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "benchmark"]
        if len(pedantic) != 1 or bare:
            found.append(f"{function.name}: it calls benchmark.pedantic once, and nothing else of it")
        elif not {"rounds", "warmup_rounds"} <= {keyword.arg for keyword in pedantic[0].keywords}:
            found.append(f"{function.name}: it states rounds and warmup_rounds")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_benchmark_is_pedantic_and_states_its_rounds(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "def bench_" in source
    assert unstated(source) == []


@pytest.mark.parametrize(
    "body",
    ["benchmark(work)", "benchmark.pedantic(work)", "benchmark.pedantic(work, rounds=3)", "work()"],
)
def test_a_planted_benchmark_without_rounds_is_found(body: str) -> None:
    assert len(unstated(f"def bench_planted(benchmark):\n    {body}\n")) == 1
    assert unstated("def bench_fine(benchmark):\n    benchmark.pedantic(work, rounds=3, warmup_rounds=1)\n") == []


def test_no_benchmark_is_collected_by_the_other_tests() -> None:
    assert [path.name for path in FOLDER.glob("test_*.py") if "Benchmark" in path.read_text(encoding="utf-8")] == ["test_suite.py"]
