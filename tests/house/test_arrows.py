"""Imports run one way: workloads <- variants <- bench."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Rule:
    """Files below `package` import none of `forbidden`; `text` says so to the person who broke it."""

    package: str
    forbidden: tuple[str, ...]
    text: str


RULES = (
    Rule("workloads", ("variants", "bench"), "workloads says what is asked: it imports neither variants nor bench"),
    Rule("workloads", ("sqlalchemy", "psycopg"), "workloads knows no SQL: it imports neither sqlalchemy nor psycopg"),
    Rule("variants", ("bench",), "variants is reached by bench through the contract: it does not import bench"),
    Rule(
        "variants",
        ("psycopg", "time", "random", "socket", "os", "asyncio"),
        "a design is sans-I/O: variants imports no driver, clock, random source, socket, process or event loop",
    ),
)
DESIGN_RULE = "designs share tables through variants.schema: nothing in variants imports a design, but itself"


def design_modules(root: Path) -> frozenset[str]:
    """The modules that register a design, from the entry points of the project file."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return frozenset(target.partition(":")[0] for target in project["entry-points"]["storebench.variants"].values())


def imported_modules(source: str, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of every module or member that is imported anywhere in the source, relative ones resolved."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")
            kept = len(parents) - node.level + is_package
            base = [*(parents[:kept] if node.level else ()), *(node.module.split(".") if node.module else ())]
            for alias in node.names:
                yield node.lineno, ".".join([*base, alias.name])
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"import_module", "__import__"}:
                yield node.lineno, str(node.args[0].value)


def is_inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def broken_arrows(root: Path, designs: frozenset[str]) -> list[str]:
    """One line for each import that runs against a rule: the file, the import, the rule."""
    found = []
    for path in sorted(path for package in ("workloads", "variants", "bench") for path in (root / package).rglob("*.py")):
        place = path.relative_to(root)
        is_package = place.name == "__init__.py"
        module = ".".join(place.parent.parts if is_package else place.with_suffix("").parts)
        for line, name in imported_modules(path.read_text(encoding="utf-8"), module, is_package):
            where = f"{place}:{line} imports {name}"
            found += [
                f"{where}: {rule.text}"
                for rule in RULES
                if is_inside(module, rule.package) and any(is_inside(name, package) for package in rule.forbidden)
            ]
            others = designs - {module}
            if is_inside(module, "variants") and any(is_inside(name, design) for design in others):
                found.append(f"{where}: {DESIGN_RULE}")
    return found


def test_every_import_runs_from_workloads_over_variants_to_bench() -> None:
    designs = design_modules(ROOT)
    assert designs
    assert broken_arrows(ROOT, designs) == []


@pytest.mark.parametrize(
    ("place", "source", "rule"),
    [
        ("workloads/trace.py", "import bench.runner", RULES[0].text),
        ("workloads/trace.py", "from variants import contract", RULES[0].text),
        ("workloads/trace.py", "from ..bench import runner", RULES[0].text),
        ("workloads/trace.py", "def f():\n    import sqlalchemy as sa", RULES[1].text),
        ("workloads/trace.py", "from psycopg import sql", RULES[1].text),
        ("variants/dual.py", "from bench import errors", RULES[2].text),
        ("variants/schema/ids.py", "import importlib\nimportlib.import_module('bench.errors')", RULES[2].text),
        ("variants/dual.py", "import time", RULES[3].text),
        ("variants/dual.py", "from os import path", RULES[3].text),
        ("variants/dual.py", "import asyncio.events", RULES[3].text),
        ("variants/dual.py", "from variants.floor import Floor", DESIGN_RULE),
        ("variants/dual.py", "from variants import floor", DESIGN_RULE),
        ("variants/dual.py", "from . import floor", DESIGN_RULE),
        ("variants/dual.py", "from .floor import Floor", DESIGN_RULE),
        ("variants/schema/__init__.py", "from .. import floor", DESIGN_RULE),
    ],
)
def test_a_planted_import_that_runs_back_is_reported_with_its_rule(tmp_path: Path, place: str, source: str, rule: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    found = broken_arrows(tmp_path, frozenset({"variants.dual", "variants.floor"}))
    assert len(found) == 1
    assert found[0].startswith(f"{place}:")
    assert found[0].endswith(rule)


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("workloads/trace.py", "import random\nfrom workloads.errors import InputError\nfrom . import errors"),
        ("variants/dual.py", "from sqlalchemy import Table\nfrom .schema import ids\nfrom workloads import errors"),
        ("bench/runner.py", "import time\nimport psycopg\nfrom variants import dual\nfrom workloads import errors"),
        ("variants/dual.py", "import timeit_of_another_name\nimport benchmarks"),
    ],
)
def test_an_import_along_the_arrows_is_allowed(tmp_path: Path, place: str, source: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert broken_arrows(tmp_path, frozenset({"variants.dual", "variants.floor"})) == []
