"""Every registered design, one after another."""

from __future__ import annotations

import pytest

from bench.registry import build, known, load
from variants.contract import Design, Options


@pytest.fixture(params=list(known()))
def design(request: pytest.FixtureRequest) -> Design:
    """A registered design, built with what is the default for one database."""
    return build(load([request.param]), Options())[request.param]
