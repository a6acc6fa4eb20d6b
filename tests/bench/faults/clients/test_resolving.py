"""Unknown ends, and what the server says of them: on a real server, cut at every message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.faults.cells import cell_named
from bench.faults.clients.resolving import SIDES, Resolution, resolutions
from bench.stores import Store
from variants.contract import Build, Design, Options
from variants.dual import Dual
from variants.floor import Floor


def resolved(fresh_store: Callable[[Design], Store], build: Build, *cells: str) -> list[Resolution]:
    store = fresh_store(build(Options()))
    return list(resolutions(store, [cell_named(cell) for cell in cells], lambda _done, _all: None))


def labels(resolution: Resolution) -> dict[tuple[str, str], int]:
    return {(item.naive, item.resolved): item.n for item in resolution.labels}


def test_every_unknown_end_is_resolved_and_the_store_agrees(fresh_store: Callable[[Design], Store]) -> None:
    (found,) = resolved(fresh_store, Floor, "per_side")
    assert (found.void, found.unresolved, found.contradictions) == (0, 0, ())
    assert found.exposures % len(SIDES) == 0
    assert found.before > 0
    assert {truth for _, truth in labels(found)} == {"aborted", "committed"}


@pytest.mark.full
def test_a_client_that_goes_by_its_last_error_calls_things_failed_that_are_there(fresh_store: Callable[[Design], Store]) -> None:
    once, fresh, derived = resolved(fresh_store, Dual, "per_side", "per_side_fresh", "per_side_derived")
    for found in (once, fresh, derived):
        assert (found.void, found.unresolved, found.contradictions) == (0, 0, ())
    assert labels(once)["fail", "partial"] > 0
    assert labels(once)["fail", "committed"] > 0
    assert labels(derived).keys() >= {("ok", "committed")}


def test_a_cell_whose_bus_is_asynchronous_is_left_out(fresh_store: Callable[[Design], Store]) -> None:
    assert resolved(fresh_store, Floor, "async_restart") == []
