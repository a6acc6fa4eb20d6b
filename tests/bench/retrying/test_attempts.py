"""Retries and repair by a client, against a real server."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg
import pytest
from sqlalchemy import text

from bench.client import Client, Performed
from bench.crash.judge import Outcome
from bench.drive.drivers import Told
from bench.drive.flights import Atomicity
from bench.factors import Ids, Levels, parse
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.scenes import WARM, Scene, scene
from bench.stores import Store
from variants.contract import CENTRAL_ACTOR, Begin, Commit, Design, Options, Query, Side, Task, Writing
from variants.dual import Dual
from workloads.model import Model
from workloads.operations import Context, Write

FreshStore = Callable[[Design], Store]


class Troubled(Dual):
    """`dual`, but the server raises an error at the next `left` attempts, before the central task or `behind` it."""

    def __init__(self, sqlstate: str, *, behind: bool = False) -> None:
        super().__init__(Options())
        self.left = 0
        inner = self.write
        words = f"DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{sqlstate}'; END $$"
        trouble = Query(Side.CENTRAL, text(words))

        def raising() -> Writing:
            yield Begin(Side.CENTRAL)
            yield trouble(needs_rows=False)
            yield Commit(Side.CENTRAL)
            return None

        def write(operation: Write, context: Context) -> Sequence[Task]:
            tasks = list(inner(operation, context))
            if self.left > 0:
                self.left -= 1
                tasks.insert(1 if behind else 0, Task("trouble", CENTRAL_ACTOR, raising()))
            return tasks

        self.write = write  # type: ignore[method-assign]  # for this test alone


def set_up(client: Client, model: Model, trouble: int = 0) -> Scene:
    """The scene of a message; then this much trouble is ahead."""
    made = scene("send", 2, WARM, "tried")
    for operation in made.setup:
        context = client.context(model, operation)
        assert client.write(operation, context).told is Told.OK
        model.apply(operation, context)
    if isinstance(client.store.design, Troubled):
        client.store.design.left = trouble
    return made


def performed(client: Client, model: Model, made: Scene) -> Performed:
    (send,) = made.target
    return client.perform(send, client.context(model, send), model)


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "08006", "57P01"])
def test_a_passing_failure_is_tried_again_until_it_passes(sqlstate: str, fresh_store: FreshStore) -> None:
    store, model = fresh_store(Troubled(sqlstate)), Model()
    with Client.opened(store, Levels(retry=3)) as client:
        made = set_up(client, model, trouble=2)
        ended = performed(client, model, made)
        assert (ended.completion.told, ended.attempts, ended.context.attempt) == (Told.OK, 3, 3)
        assert ended.repaired is None
        model.apply(made.target[0], ended.context)
    assert prove("dual", store.design, model, observe(store)).differences == ()


def test_without_retries_left_the_last_failure_is_told(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Troubled("40001")), Model()
    with Client.opened(store, Levels(retry=1)) as client:
        ended = performed(client, model, set_up(client, model, trouble=3))
        assert (ended.completion.told, ended.completion.sqlstate, ended.attempts) == (Told.FAIL, "40001", 2)


def test_a_lasting_failure_is_not_tried_again(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Troubled("23514")), Model()
    with Client.opened(store, Levels(retry=9)) as client:
        ended = performed(client, model, set_up(client, model, trouble=1))
        assert (ended.completion.told, ended.attempts) == (Told.FAIL, 1)


def test_a_connection_that_the_server_ends_is_replaced(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    with Client.opened(store, Levels(retry=1)) as client:
        made = set_up(client, model)
        with psycopg.connect(store.conninfo, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [store.database],
            )
        ended = performed(client, model, made)
        assert (ended.completion.told, ended.attempts) == (Told.OK, 2)
        assert len(client.tallies()) == 2


@pytest.mark.parametrize(
    ("variant", "told", "attempts", "central", "copies"),
    [
        # The first attempt committed the central side: the id is taken.
        ("dual[retry=2]", Told.INFO, 2, 1, 0),
        # Its remains stay beside the whole message of the second one.
        ("dual[ids=fresh,retry=2]", Told.OK, 2, 2, 2),
        ("dual[conflict=on_conflict,retry=2]", Told.OK, 2, 1, 2),
        ("dual[joined,retry=2]", Told.OK, 2, 1, 2),
        ("dual[retry=2+repair]", Told.INFO, 2, 1, 2),
        ("dual[retry=0+repair]", Told.INFO, 1, 1, 2),
    ],
)
def test_what_becomes_of_a_message_whose_first_attempt_stops_behind_the_central_side(
    variant: str, told: Told, attempts: int, central: int, copies: int, fresh_store: FreshStore
) -> None:
    _, levels = parse(variant)
    store, model = fresh_store(Troubled("40001", behind=True)), Model()
    with Client.opened(store, levels) as client:
        made = set_up(client, model, trouble=1)
        ended = performed(client, model, made)
        assert (ended.completion.told, ended.attempts) == (told, attempts)
        if levels.repair:
            assert ended.repaired is not None
            assert (ended.repaired.found, ended.repaired.ended) == (Outcome.PARTIAL, Outcome.WHOLE)
    said = [row for row in observe(store).projection.c_message if row.created_at_ms == made.target[0].at_ms]
    held = [row for row in observe(store).projection.a_message if row.created_at_ms == made.target[0].at_ms]
    assert (len(said), len(held)) == (central, copies)


def test_each_attempt_has_an_id_of_its_own_only_where_ids_are_fresh(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    with Client.opened(store, Levels(ids=Ids.FRESH)) as fresh, Client.opened(store, Levels()) as derived:
        made = set_up(derived, model)
        (send,) = made.target
        assert fresh.context(model, send).message_id != fresh.context(model, send, 2).message_id
        assert derived.context(model, send).message_id == derived.context(model, send, 2).message_id
        assert (derived.context(model, send, 2).attempt, fresh.is_fresh, derived.is_fresh) == (2, True, False)


def test_a_repair_leaves_a_whole_operation_and_one_that_never_was_as_they_are(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    with Client.opened(store, Levels(repair=True)) as client:
        made = set_up(client, model)
        (send,) = made.target
        context = client.context(model, send)
        before = observe(store)
        never = client.repair(send, context, model)
        assert (never.found, never.ended, never.rounds) == (Outcome.LOST, Outcome.LOST, 0)
        assert observe(store) == before
        assert client.write(send, context).told is Told.OK
        good = observe(store)
        again = client.repair(send, context, model)
        assert (again.found, again.ended, again.rounds) == (Outcome.WHOLE, Outcome.WHOLE, 0)
        assert observe(store) == good


def test_with_an_outbox_there_is_nothing_to_repair_once_the_relay_is_through(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    with Client.opened(store, Levels(atomicity=Atomicity.OUTBOX, repair=True)) as client:
        made = set_up(client, model)
        (send,) = made.target
        assert client.write(send, client.context(model, send)).told is Told.OK
        assert client.repair(send, client.context(model, send), model).found is Outcome.WHOLE
