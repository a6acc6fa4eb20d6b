"""Inputs that live outside of the repository, found by environment variables."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def traces() -> Path:
    """The folder of chat traces named by STOREBENCH_TRACES."""
    return _outside_input("STOREBENCH_TRACES", "the folder of chat traces", Path.is_dir)


@pytest.fixture(scope="session")
def note() -> Path:
    """The design note named by STOREBENCH_NOTE."""
    return _outside_input("STOREBENCH_NOTE", "the design note", Path.is_file)


def _outside_input(variable: str, meaning: str, is_there: Callable[[Path], bool]) -> Path:
    value = os.environ.get(variable)
    if not value:
        reason = f"{variable} is not set: it names {meaning}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    path = Path(value)
    if not is_there(path):
        pytest.fail(f"{variable}={value}: {meaning} is not there")
    return path
