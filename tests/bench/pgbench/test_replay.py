"""On a server: what pgbench replays is what the design stores, by every arm; and what goes wrong is told."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bench import registry
from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement
from bench.pgbench.child import Asked, run_pgbench
from bench.pgbench.ours import Share, run_ours, run_sqlalchemy
from bench.pgbench.phase import program_of
from bench.pgbench.plan import MESSAGES_AN_ITERATION, PgbenchPlan
from bench.pgbench.prepared import Prepared, prepared
from bench.pgbench.processes import run_in_two
from bench.pgbench.world import World
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.server.binaries import find_binaries
from bench.stores import Store, copy
from variants.contract import Design, Options

PLAN = PgbenchPlan(rounds=1, messages=80, clients=(1, 2), agents=2, seed=3)


@pytest.fixture(scope="module")
def program() -> Path:
    return Path(find_binaries().program("pgbench"))


def of(name: str) -> Design:
    return registry.load([name])[name](Options())


@pytest.fixture(params=["hybrid", "dual_deployed", "floor"])
def ready(request: pytest.FixtureRequest, template_of: Callable[[Design], Store]) -> Iterator[Prepared]:
    world = World(PLAN.counts(), PLAN.agents, PLAN.seed)
    models = {clients: world.model((PLAN.each(clients),) * clients) for clients in PLAN.clients}
    with prepared(template_of(of(request.param)), world, models) as made:
        yield made


def test_every_arm_leaves_what_the_model_says(ready: Prepared, program: Path) -> None:
    clients = 2
    each = PLAN.each(clients)
    share = Share([posts[:each] for posts in ready.world.posts[:clients]], MESSAGES_AN_ITERATION, ready.select)
    iterations = each // MESSAGES_AN_ITERATION

    def replayed(script: str) -> Callable[[Store], object]:
        return lambda store: run_pgbench(program, store, Asked(script, clients, iterations, ready.scripts.constants))

    arms: dict[str, Callable[[Store], object]] = {
        "plain script": replayed(ready.scripts.plain),
        "pipelined script": replayed(ready.scripts.pipelined),
        "ours, plain": lambda store: run_ours(store, share, Exchange.PLAIN),
        "ours, two processes": lambda store: run_in_two(store, share, Exchange.PLAIN),
        "ours, shared": lambda store: run_ours(store, share, Exchange.SHARED),
    }
    for name, send in arms.items():
        with copy(ready.store, "arm") as store:
            send(store)
            proof = prove(name, store.design, ready.models[clients], observe(store))
        assert proof.differences == (), name


def test_sqlalchemy_leaves_the_same(ready: Prepared) -> None:
    each = PLAN.each(1)
    share = Share([ready.world.posts[0][:each]], MESSAGES_AN_ITERATION, ready.select)
    with copy(ready.store, "control") as store:
        ran = run_sqlalchemy(store, share)
        assert prove("control", store.design, ready.models[1], observe(store)).differences == ()
    assert ran.sent == each
    assert len(ran.ended_s[0]) == each // MESSAGES_AN_ITERATION


def test_a_script_that_fails_is_no_measurement(fresh_store: Callable[[Design], Store], program: Path) -> None:
    store = fresh_store(of("floor"))
    with pytest.raises(InvalidMeasurement, match="pgbench ended with 2"):
        run_pgbench(program, store, Asked("SELECT 1 FROM nowhere;\n", 1, 1, {}))


def test_variables_reach_the_server_as_they_are(fresh_store: Callable[[Design], Store], program: Path) -> None:
    store = fresh_store(of("floor"))
    value = 'it\'s "so" \\ :x\n{ü}'
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (value text, nothing text)")
        answer = run_pgbench(program, store, Asked("INSERT INTO kept VALUES (:c0::text, :nothing::text);\n", 2, 3, {"c0": value}))
        assert connection.execute("SELECT DISTINCT value, nothing FROM kept").fetchall() == [(value, None)]
    assert [len(ended) for ended in answer.ended_s] == [3, 3]
    assert answer.cpu_s > 0


def test_a_server_whose_programs_are_not_at_hand_has_no_pgbench(tmp_path: Path) -> None:
    assert program_of(None) == "not available: the programs of this server are not at hand"
    assert program_of(tmp_path) == "not available: the server's programs are without it"
    (tmp_path / "pgbench").touch()
    (tmp_path / "pgbench").chmod(stat.S_IRWXU)
    assert program_of(tmp_path) == tmp_path / "pgbench"
