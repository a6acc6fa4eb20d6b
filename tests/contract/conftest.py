"""The stages on which the tests of a file let every registered design perform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bench.registry import build, known, load
from bench.stores import Store, copy
from bench.verify.stage import Stage
from variants.contract import Design, Options


@pytest.fixture(scope="module")
def stages(template_of: Callable[[Design], Store], database_names: Iterator[str]) -> Iterator[list[Stage]]:
    """A stage of every registered design, for all stories of this file."""
    designs = build(load(known()), Options())
    with ExitStack() as stack:
        stores = [stack.enter_context(copy(template_of(design), next(database_names))) for design in designs.values()]
        yield [stack.enter_context(Stage.opened(store)) for store in stores]
