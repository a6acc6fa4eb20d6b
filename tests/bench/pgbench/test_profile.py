"""Where the CPU time of our client goes, on a server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench import registry
from bench.drive.flights import Exchange
from bench.pgbench.plan import PgbenchPlan
from bench.pgbench.prepared import prepared
from bench.pgbench.profile import AMID, ENCODING, GENERATING, REST, TALKING, profile
from bench.pgbench.world import World
from bench.stores import Store
from variants.contract import Design, Options

PLAN = PgbenchPlan(rounds=1, messages=80, clients=(1,), agents=1, seed=3)


@pytest.mark.parametrize("exchange", list(Exchange))
def test_every_part_of_the_client_s_time_is_measured_on_warm_messages(
    exchange: Exchange, template_of: Callable[[Design], Store]
) -> None:
    design = registry.load(["hybrid"])["hybrid"](Options())
    with prepared(template_of(design), World(PLAN.counts(), PLAN.agents, PLAN.seed), {}) as ready:
        parts = {part.part: part.cpu_us for part in profile(ready, exchange)}
    assert list(parts) == [GENERATING, ENCODING, TALKING, REST, AMID]
    assert all(parts[name] > 0 for name in (GENERATING, ENCODING, TALKING, AMID))
