"""docs/dependencies.md names every direct dependency in the version of the lock, and the lock holds hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def direct_dependencies() -> set[str]:
    """The names in the project file, without extras and bounds, in lower case."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted}


def locked_versions(name: str) -> dict[str, str]:
    """Version by package, from requirements/<name>.txt."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


def test_every_direct_dependency_stands_in_the_docs_with_its_locked_version() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    rows = dict(re.findall(r"^\| ([a-z0-9-]+)(?:\[\w+\])? \| ([0-9.]+) \|", page, re.MULTILINE))
    locked = locked_versions("test")
    tables = direct_dependencies() - {"hatchling"}
    assert rows == {name: locked[name] for name in tables}
    for tool in ("hatchling", "editables"):
        assert f"`{tool}` ({locked[tool]}," in page


@pytest.mark.parametrize("name", ["run", "load", "container"])
def test_the_test_set_holds_the_other_sets_in_the_same_versions(name: str) -> None:
    assert locked_versions("run").items() <= locked_versions(name).items() <= locked_versions("test").items()


@pytest.mark.parametrize("name", ["run", "load", "container", "test"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked_versions(name))
    assert [entry.partition("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
