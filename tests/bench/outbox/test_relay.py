"""The relay: it applies what waits in order, and may die at any point of it."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from bench.bus.relay import relay_deaths
from bench.cells import missing
from bench.client import Client
from bench.crash.judge import Outcome, Presence
from bench.crash.rig import Rig
from bench.drive.conflict import Conflict
from bench.drive.drivers import Told, stepping
from bench.drive.errors import ContractError
from bench.drive.flights import Atomicity, Exchange
from bench.errors import InvalidMeasurement
from bench.factors import Levels
from bench.outbox.relay import Relay
from bench.outbox.table import NAME
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.registry import build, known, load
from bench.scenes import KINDS, WARM, exists, scene
from bench.stores import Store
from bench.traits import traits_of
from bench.write_path import WritePath
from variants.contract import CENTRAL_ACTOR, Begin, Design, Options, Rejected, Side, Task, Writing
from variants.dual import Dual
from workloads.model import Model
from workloads.operations import Send

OUTBOX = Levels(atomicity=Atomicity.OUTBOX)
FreshStore = Callable[[Design], Store]
DESIGNS = [name for name, make in load(known()).items() if missing(name, make, OUTBOX) is None]


def designed(name: str) -> Design:
    return build(load([name]), Options())[name]


def is_whole_after_each_death_of_a_relay(rig: Rig, kind: str, k: int) -> int:
    """A relay dies at each point of one note, one after another on scenes of their own; how many points there were."""
    deaths = list(relay_deaths(rig, kind, k))
    for death in deaths:
        assert death.judgement.outcome is Outcome.WHOLE, death
        assert set(death.judgement.presence.values()) <= {Presence.THERE}
    assert [death.happened for death in deaths] == [*[True] * (len(deaths) - 1), False]
    return len(deaths) - 1


@pytest.mark.parametrize("name", [pytest.param("dual", marks=pytest.mark.full), "hybrid"])
def test_a_relay_that_dies_at_any_point_leaves_what_another_one_makes_whole(name: str, fresh_store: FreshStore) -> None:
    store = fresh_store(designed(name))
    kinds = traits_of(store.design).by_relay
    assert {"leave", "leave_agent", "send", "reply", "edit", "delete"} <= set(kinds)
    with Rig.opened(store) as rig:
        for kind in kinds:
            # BEGIN, the claim, an agent's transaction, the mark, COMMIT: each has a point before it, and one is behind all.
            assert is_whole_after_each_death_of_a_relay(rig, kind, 1) >= 4 + 3 + 1
    assert waiting(store) == 0


@pytest.mark.parametrize("name", sorted(set(DESIGNS) - {"dual", "hybrid"}))
def test_a_message_is_whole_whatever_point_a_relay_dies_at_in_any_design(name: str, fresh_store: FreshStore) -> None:
    with Rig.opened(fresh_store(designed(name))) as rig:
        is_whole_after_each_death_of_a_relay(rig, "send", 1)


@pytest.mark.full
@pytest.mark.parametrize("name", DESIGNS)
def test_every_operation_is_whole_whatever_point_a_relay_dies_at_in_any_design(name: str, fresh_store: FreshStore) -> None:
    store = fresh_store(designed(name))
    with Rig.opened(store) as rig:
        for kind in traits_of(store.design).by_relay:
            is_whole_after_each_death_of_a_relay(rig, kind, 2)


def waiting(store: Store) -> int:
    with psycopg.connect(store.conninfo) as connection:
        row = connection.execute(f"SELECT count(*) FROM {NAME} WHERE applied_at IS NULL".encode()).fetchone()
    assert row is not None
    return int(row[0])


def perform(client: Client, model: Model, kind: str = "send", name: str = "story") -> int:
    """All operations of a scene, none of them settled; how many there were."""
    made = scene(kind, 2, WARM, name)
    for operation in (*made.setup, *made.target):
        context = client.context(model, operation)
        assert client.write(operation, context).told is Told.OK
        model.apply(operation, context)
    return len(made.setup) + len(made.target)


@pytest.mark.parametrize("name", DESIGNS)
def test_what_waits_is_applied_as_the_model_says_whatever_piled_up(name: str, fresh_store: FreshStore) -> None:
    store, model = fresh_store(designed(name)), Model()
    with Client.opened(store, OUTBOX) as client:
        for kind in KINDS:
            if exists(kind, 2, WARM):
                perform(client, model, kind, f"scene-{kind}")
        assert waiting(store) > 0
        client.settle()
        assert waiting(store) == 0
        client.settle()
    assert prove(name, store.design, model, observe(store)).differences == ()


def channels_waiting(store: Store) -> set[str]:
    with psycopg.connect(store.conninfo) as connection:
        rows = connection.execute(f"SELECT DISTINCT channel FROM {NAME} WHERE applied_at IS NULL".encode()).fetchall()
    return {row[0] for row in rows}


def test_two_relays_share_the_channels_and_keep_the_order_within_each(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    path = WritePath(store.design, OUTBOX, Exchange.PLAIN)
    with Client.opened(store, OUTBOX) as client:
        perform(client, model, name="one")
        perform(client, model, name="two")
        with Relay.opened(store, path) as holding, Relay.opened(store, path.of_relay()) as free:
            steps = stepping(holding.links, path.relayed())
            # BEGIN and the claim are answered: the first note of channel one is held.
            for _ in range(3):
                next(steps)
            assert channels_waiting(store) == {"channel-one", "channel-two"}
            free.drain()
            assert channels_waiting(store) == {"channel-one"}
            steps.close()
            free.drain()
            assert channels_waiting(store) == set()
    assert prove("dual", store.design, model, observe(store)).differences == ()


class Refusing(Dual):
    """`dual`, but an agent refuses every message."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        inner = self.write
        self.write = lambda operation, context: [  # type: ignore[method-assign]  # for this test alone
            task if task.actor == CENTRAL_ACTOR or not isinstance(operation, Send) else Task(task.name, task.actor, refused())
            for task in inner(operation, context)
        ]


def refused() -> Writing:
    yield Begin(Side.AGENT)
    return Rejected("never")


def test_an_agent_that_refuses_what_the_client_was_told_had_happened_breaks_the_contract(fresh_store: FreshStore) -> None:
    store = fresh_store(Refusing(Options()))
    with Client.opened(store, OUTBOX) as client:
        perform(client, Model())
        with pytest.raises(ContractError, match="an agent refuses what the client was told"):
            client.settle()


def test_a_note_that_cannot_be_applied_stops_the_relay_and_stays(fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    with Client.opened(store, OUTBOX) as client:
        perform(client, Model())
        before = waiting(store)
        with psycopg.connect(store.conninfo) as connection:
            connection.execute("ALTER TABLE memories ADD CONSTRAINT none CHECK (false)")
        with pytest.raises(InvalidMeasurement, match="dual: the relay cannot apply a note of the outbox: ERROR 23514"):
            client.settle()
    assert waiting(store) == before


def test_a_message_that_is_sent_again_on_conflict_leaves_two_notes_and_one_message(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    levels = Levels(atomicity=Atomicity.OUTBOX, conflict=Conflict.ON_CONFLICT)
    with Client.opened(store, levels) as client:
        made = scene("send", 2, WARM, "again")
        for operation in (*made.setup, *made.target):
            context = client.context(model, operation)
            assert client.write(operation, context).told is Told.OK
            if operation in made.target:
                before = waiting(store)
                assert client.write(operation, context).told is Told.OK
                assert waiting(store) == before + 1
            model.apply(operation, context)
        client.settle()
    assert prove("dual", store.design, model, observe(store)).differences == ()


def test_the_client_s_part_of_a_message_is_one_transaction_with_one_more_insert(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    with Client.opened(store, OUTBOX) as client, Client.opened(store, Levels()) as plain:
        perform(client, model)
        client.settle()
        made = scene("send", 2, WARM, "counted")
        model = Model()
        for operation in made.setup:
            assert plain.write(operation, plain.context(model, operation)).told is Told.OK
            model.apply(operation, plain.context(model, operation))
        (tally,) = client.tallies()
        before = tally.transactions, tally.statements_read, tally.statements_write
        (send,) = made.target
        assert client.write(send, client.context(model, send)).told is Told.OK
        # The message and the note; both copies are left to the relay.
        assert (tally.transactions, tally.statements_read, tally.statements_write) == (before[0] + 1, before[1], before[2] + 2)
