"""Every rung of our ladder keeps the contract as a registered design does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.ladder.registry import load
from bench.registry import built
from bench.server.server import Server
from bench.verify.properties import Property
from bench.verify.suite import Suite
from variants.contract import Design, Options
from variants.ladder.dual_to_hybrid import BETWEEN

PROMISES = tuple(promise for promise in Property if promise is not Property.RANDOM_STORIES)
FIRST_AND_LAST = (BETWEEN[0], BETWEEN[-1])


def broken(name: str, server: Server, database: str, stories: int, promises: tuple[Property, ...]) -> list[str]:
    (make,) = load([name]).values()

    def build(options: Options) -> Design:
        return built(name, make, options)

    found = Suite(build, server.endpoint, database, stories, 1, lambda _: None, promises).run()
    return [f"{verdict.promise}: {verdict.fault}" for verdict in found if not verdict.holds]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in FIRST_AND_LAST else [pytest.mark.full]) for name in BETWEEN]
)
def test_a_rung_keeps_its_contract(name: str, server: Server, database_names: Iterator[str]) -> None:
    assert broken(name, server, next(database_names), 1, PROMISES) == []


@pytest.mark.full
@pytest.mark.parametrize("name", BETWEEN)
def test_a_rung_keeps_its_contract_in_stories_that_nobody_wrote(name: str, server: Server, database_names: Iterator[str]) -> None:
    assert broken(name, server, next(database_names), 200, tuple(Property)) == []
