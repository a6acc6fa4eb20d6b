"""Designs with a mistake, run on a real server: what their stores say and what their clients were told."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from bench.bus.heard import OPERATION_NS, Heard, all_ok, history_of
from bench.bus.stream import Stream, stream
from bench.checker.check import check
from bench.checker.in_sql.check import check_store_in_sql
from bench.checker.observed import store_rows
from bench.checker.rows import Rows, Written, columns_of
from bench.checker.violation import Violation
from bench.crash.rig import set_up
from bench.drive.drivers import Links, run
from bench.drive.flights import Atomicity, Exchange, operation_flights
from bench.mutants.designs import DesignMutant, Mistake, second_id
from bench.mutants.trial import Tried, judged
from bench.proof.observation import Observation
from bench.proof.observe import observe, snapshots
from bench.server.endpoint import not_waiting
from bench.server.failing import check as check_server
from bench.stores import Store
from workloads.model import Model
from workloads.operations import AddAgent, CreateChannel, CreateServer, Delete, Edit, Join, Reply, Send, Write

OPERATIONS = 40


@dataclass(frozen=True, slots=True)
class _Played:
    """One stream of a mutant, as it was heard, and whether its own look at its channel shows what must break."""

    mutant: int
    heard: tuple[Heard, ...]
    alone: frozenset[Violation]

    @property
    def names(self) -> set[str]:
        """Every text by which a violation may name something of it."""
        found: set[str] = set()
        for item in self.heard:
            operation = item.operation
            found |= {operation.key, second_id(operation.key)}
            if item.context.message_id is not None:
                found.add(item.context.message_id)
            match operation:
                case CreateServer(server_id=name) | CreateChannel(channel_id=name) | AddAgent(agent_id=name):
                    found.add(name)
                case Join(member=member):
                    found.add(member.id)
        return found


def tried_live(
    store: Store, mutants: Sequence[DesignMutant], seeds: Sequence[int], connection: psycopg.Connection[Any] | None = None
) -> list[Tried]:
    """Mutants in one store, each once for each seed, before the checkers; in SQL over `connection`, in autocommit, if it is given.

    Each stream is looked at alone, and all of the store in the end, its id mapping too; what is of none of them is laid to all.
    Raises `ServerFailed` when the server failed, `InvalidMeasurement` when a scene cannot be set up.
    """
    store = replace(store, endpoint=not_waiting(store.endpoint))
    maps_ids = "id_map" in store.design.views()
    played: list[_Played] = []
    with (
        store.links(Exchange.SHARED) as setting_up,
        store.links(Exchange.PLAIN) as links,
        snapshots(store) as looking,
    ):
        for number, mutant in enumerate(mutants):
            for seed in seeds:
                made = _without(stream(f"{mutant.name}-{seed}", random.Random(seed), OPERATIONS), mutant.without)
                heard = _performed(store, mutant.mistake(), made, setting_up, links)
                seen = observe(store, [made.channel_id], [made.server_id], looking)
                alone = check(columns_of(_rows(seen, heard, mutant), maps_ids=False))
                played.append(_Played(number, tuple(heard), frozenset(alone)))
        whole = store_rows(observe(store, connection=looking))
    for one in played:
        whole.add(_history(one.heard, mutants[one.mutant]))
    columns = columns_of(whole, maps_ids=maps_ids)
    python = _by_stream(played, check(columns))
    sql = None if connection is None else _by_stream(played, check_store_in_sql(connection, store, columns))
    found: list[Tried] = []
    for number, mutant in enumerate(mutants):
        own = [place for place, one in enumerate(played) if one.mutant == number]
        seen_alone = [played[place].alone <= python[place] for place in own]
        tried = judged([python[place] for place in own], None if sql is None else [sql[place] for place in own], mutant.must)
        found.append(tried if all(seen_alone) else replace(tried, agree=False))
    return found


def _by_stream(played: Sequence[_Played], found: Collection[Violation]) -> list[set[Violation]]:
    owner = {name: place for place, one in enumerate(played) for name in one.names}
    violations: list[set[Violation]] = [set() for _ in played]
    for violation in found:
        place = next((owner[part] for part in violation.key if part in owner), None)
        for own in violations if place is None else [violations[place]]:
            own.add(violation)
    return violations


def _performed(store: Store, mistake: Mistake, made: Stream, setting_up: Links, links: Links) -> list[Heard]:
    set_up(store.design, setting_up, Model(), made.setup, "the scene of a mutant")
    model = Model()
    heard = all_ok(model, made.setup)
    for item in heard:
        # What a mistake learns from the setup it must be told, though the setup is done without it.
        mistake(store.design, item.operation, item.context)
    for place, operation in enumerate(made.operations, start=len(heard)):
        context = model.context(operation)
        tasks = mistake(store.design, operation, context)
        completion = run(links, operation_flights(tasks, Atomicity.PER_SIDE, Exchange.PLAIN))
        check_server(f"a mutant of {store.design.name} was run", completion)
        heard.append(Heard(operation, context, completion, place * OPERATION_NS, (place + 1) * OPERATION_NS - 1))
        model.apply(operation, context)
    return heard


def _rows(seen: Observation, heard: Sequence[Heard], mutant: DesignMutant) -> Rows:
    rows = store_rows(seen)
    rows.add(_history(heard, mutant))
    return rows


def _history(heard: Sequence[Heard], mutant: DesignMutant) -> Rows:
    """What clients heard, with the second ids under which the mutant writes, where it does."""
    rows = history_of(heard)
    if mutant.second_ids:
        messages = [item.operation.key for item in heard if isinstance(item.operation, (Send, Reply))]
        known = {written.message for written in rows.written}
        rows.written += [Written(key, second_id(key)) for key in messages if second_id(key) not in known]
    return rows


def _without(made: Stream, kinds: tuple[type[Write], ...]) -> Stream:
    """The stream without these kinds, and without what answers, edits or deletes one of them."""
    gone: set[str] = set()
    kept: list[Write] = []
    for operation in made.operations:
        if isinstance(operation, kinds) or _about(operation) in gone:
            gone.add(operation.key)
        else:
            kept.append(operation)
    return replace(made, operations=tuple(kept))


def _about(operation: Write) -> str | None:
    match operation:
        case Edit(message_key=key) | Delete(message_key=key) | Reply(answers=key):
            return key
    return None
