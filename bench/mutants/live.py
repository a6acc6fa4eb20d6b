"""Designs with a mistake, run on a real server: what their stores say and what their clients were told."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from bench.bus.heard import OPERATION_NS, Heard, all_ok, rows_of
from bench.bus.stream import Stream, stream
from bench.checker.columns import Columns
from bench.checker.rows import Rows, Written, columns_of
from bench.crash.rig import set_up
from bench.drive.drivers import Links, run
from bench.drive.flights import Atomicity, Exchange, operation_flights
from bench.mutants.designs import DesignMutant, Mistaken, second_id
from bench.mutants.trial import Checker, Tried, judged
from bench.proof.observe import observe, snapshots
from bench.server.endpoint import not_waiting
from bench.server.failing import check
from bench.stores import Store
from workloads.model import Model
from workloads.operations import Delete, Edit, Reply, Send, Write

OPERATIONS = 40


def tried_live(store: Store, mutant: DesignMutant, seeds: Sequence[int], in_sql: Checker | None = None) -> Tried:
    """A mutant in a store of its own, once for each seed, before the checkers. All of the store's rows are judged together, too.

    Raises `ServerFailed` when the server failed, `InvalidMeasurement` when a scene cannot be set up.
    """
    store = replace(store, endpoint=not_waiting(store.endpoint))
    maps_ids = "id_map" in store.design.views()
    heard: list[Heard] = []
    alone: list[Columns] = []
    with (
        store.links(Exchange.SHARED) as setting_up,
        store.links(Exchange.PLAIN) as links,
        snapshots(store) as looking,
    ):
        for seed in seeds:
            made = _without(stream(f"{mutant.name}-{seed}", random.Random(seed), OPERATIONS), mutant.without)
            own = _performed(store, Mistaken(store.design, mutant.mistake()), made, setting_up, links)
            seen = observe(store, [made.channel_id], [made.server_id], looking)
            alone.append(columns_of(_rows(rows_of(seen, own), own, mutant), maps_ids=False))
            heard += own
        together = columns_of(_rows(rows_of(observe(store, connection=looking), heard), heard, mutant), maps_ids=maps_ids)
    return judged(alone, together, 0, mutant.must, in_sql)


def _performed(store: Store, design: Mistaken, made: Stream, setting_up: Links, links: Links) -> list[Heard]:
    set_up(store.design, setting_up, Model(), made.setup, "the scene of a mutant")
    model = Model()
    heard = all_ok(model, made.setup)
    for item in heard:
        # What a mistake learns from the setup it must be told, though the setup is done without it.
        design.write(item.operation, item.context)
    for place, operation in enumerate(made.operations, start=len(heard)):
        context = model.context(operation)
        completion = run(links, operation_flights(design.write(operation, context), Atomicity.PER_SIDE, Exchange.PLAIN))
        check(f"a mutant of {store.design.name} was run", completion)
        heard.append(Heard(operation, context, completion, place * OPERATION_NS, (place + 1) * OPERATION_NS - 1))
        model.apply(operation, context)
    return heard


def _rows(rows: Rows, heard: Sequence[Heard], mutant: DesignMutant) -> Rows:
    """With the second ids under which the mutant writes, where it does."""
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
