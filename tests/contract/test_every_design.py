"""Every registered design keeps every promise of its contract; random stories are told in `test_random_stories`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.registry import built, known, load
from bench.server.server import Server
from bench.verify.properties import Property
from bench.verify.suite import Suite
from variants.contract import Design, Options

PROMISES = tuple(promise for promise in Property if promise is not Property.RANDOM_STORIES)


@pytest.mark.parametrize("name", list(known()))
def test_a_registered_design_keeps_its_contract(
    name: str, server: Server, database_names: Iterator[str], capfd: pytest.CaptureFixture[str]
) -> None:
    (make,) = load([name]).values()

    def build(options: Options) -> Design:
        return built(name, make, options)

    found = Suite(build, server.endpoint, next(database_names), 1, 1, lambda _: None, PROMISES).run()
    assert [verdict for verdict in found if not verdict.holds] == []
    assert {verdict.promise for verdict in found} == {*PROMISES} - {Property.SILENCE}
    assert capfd.readouterr() == ("", "")
