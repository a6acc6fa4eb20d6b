"""Growing worlds on a real server: filled, measured, driven and proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
import pytest

from bench import registry
from bench.errors import InvalidMeasurement
from bench.growth import stores
from bench.growth.measure import WARMUP_TURNS, Limits, measure
from bench.growth.stores import Ground, grounds, proofs
from bench.growth.stream import Stream
from bench.growth.wall import LANES, drive
from bench.growth.world import READS, World, agents_world, channels_world, rows_world, silent_world
from bench.latency.samples import pair
from bench.server.server import Server
from variants.contract import Design, Options

DESIGNS = ("dual", "dual_deployed", "option_b_envelope", "hybrid", "floor")
LIMITS = Limits(sessions=1, turns=8, session_s=60.0)


@pytest.fixture(scope="module")
def designs() -> Mapping[str, Design]:
    return registry.build(registry.load(DESIGNS), Options())


def silent(done: float, total: float = 1) -> None:
    """Nobody listens."""


@contextmanager
def ground_of(world: World, chosen: Mapping[str, Design], server: Server, name: str, to_come: int = 0) -> Iterator[Ground]:
    with grounds([world], chosen, server.endpoint, name, silent, to_come) as (ground,):
        yield ground


def test_sends_are_measured_at_every_number_of_agents_and_every_store_is_proved(
    designs: Mapping[str, Design], server: Server
) -> None:
    with grounds([agents_world((0, 1, 3), 1)], designs, server.endpoint, "grown_agents", silent) as made:
        found = measure("agents", made, LIMITS, 1, silent)
        verdicts = [proof for ground in made for proof in proofs(ground)]
    assert found.stopped_early == ()
    paired = pair(found.sessions)
    assert [sample.kind for sample in paired] == ["send at 0", "send at 1", "send at 3"]
    assert all(sample.latency_ns.shape == (8, len(DESIGNS)) for sample in paired)
    assert {len(set(sample.block)) for sample in paired} == {4}
    assert [proof.differences for proof in verdicts] == [()] * len(DESIGNS)
    assert len({proof.observed_digest for proof in verdicts if proof.design in {"dual", "floor"}}) == 1


def test_sends_and_reads_are_measured_at_every_size_in_the_same_turns(designs: Mapping[str, Design], server: Server) -> None:
    chosen = {name: designs[name] for name in ("dual", "floor")}
    worlds = [channels_world(size, 1) for size in (10, 20)]
    small = [World(world.rooms, [2] * len(world.messages), world.seed) for world in worlds]
    with grounds(small, chosen, server.endpoint, "grown_channels", silent) as made:
        found = measure("channels", made, LIMITS, 1, silent)
        assert [proof.differences for ground in made for proof in proofs(ground)] == [()] * 4
        assert [ground.sent for ground in made] == [LIMITS.turns + WARMUP_TURNS] * 2
    assert {sample.kind for sample in pair(found.sessions)} == {
        f"{kind} at {size}" for kind in ("send", *READS) for size in (10, 20)
    }


def test_a_store_that_answers_otherwise_than_the_model_is_refused(designs: Mapping[str, Design], server: Server) -> None:
    with ground_of(channels_world(10, 1), {"floor": designs["floor"]}, server, "grown_wrong") as ground:
        with psycopg.connect(ground.stores["floor"].conninfo, autocommit=True) as connection:
            connection.execute("UPDATE messages SET text = 'another' WHERE true")
        with pytest.raises(InvalidMeasurement, match="has another answer than the model"):
            measure("channels", [ground], LIMITS, 1, silent)


def test_a_large_store_is_proved_by_some_channels_and_by_the_count_of_all(
    designs: Mapping[str, Design], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "PROVED_WHOLE_MAX", 500)
    chosen = {name: designs[name] for name in ("dual", "hybrid")}
    with ground_of(rows_world(1_000, 1), chosen, server, "grown_large") as ground:
        measure("rows", [ground], Limits(1, 8, 60.0), 1, silent)
        assert [proof.differences for proof in proofs(ground)] == [(), ()]
        with psycopg.connect(ground.stores["dual"].conninfo, autocommit=True) as connection:
            connection.execute("UPDATE root_messages SET content = 'x' WHERE channel_id = %s", [ground.world.all_rooms[-1].id])
        assert [proof.holds for proof in proofs(ground)] == [False, True]
        with psycopg.connect(ground.stores["hybrid"].conninfo, autocommit=True) as connection:
            connection.execute("DELETE FROM memories WHERE id = (SELECT id FROM memories ORDER BY id LIMIT 1)")
        with pytest.raises(InvalidMeasurement, match="hybrid does not hold the messages of its world"):
            proofs(ground)


def test_a_stream_is_driven_through_all_lanes_in_order_and_proved(designs: Mapping[str, Design], server: Server) -> None:
    with ground_of(silent_world(1), {"hybrid": designs["hybrid"]}, server, "grown_wall", 203) as ground:
        row, table = drive(ground, Stream("hybrid", 203, 0), silent)
        assert [proof.differences for proof in proofs(ground)] == [()]
    assert (row.messages, row.lanes, table.num_rows) == (203, LANES, 203)
    assert len(row.tenths_s) == 10
    assert sum(row.tenths_s) == pytest.approx(row.wall_s)
    assert set(table["position"].to_pylist()) == set(range(LANES))
    assert row.memory_after_bytes > 0


def test_a_session_that_takes_too_long_is_ended_and_told(designs: Mapping[str, Design], server: Server) -> None:
    with ground_of(agents_world((0, 1), 1), {"floor": designs["floor"]}, server, "grown_late") as ground:
        found = measure("agents", [ground], Limits(1, 1_000, 0.05), 1, silent)
    assert "the limit of 0.05 s ended session 0 after" in found.stopped_early[0]
