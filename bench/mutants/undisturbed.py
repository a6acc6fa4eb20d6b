"""Operations that nothing disturbs, before both checkers: what either finds beyond declared shortfalls is a false alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bench.bus.heard import Heard, all_ok, history_of, rows_of
from bench.checker.check import check
from bench.checker.declared import declared
from bench.checker.in_sql.check import check_store_in_sql, checking
from bench.checker.rows import columns_of
from bench.checker.violation import Violation
from bench.drive.drivers import Links, run
from bench.drive.flights import Exchange
from bench.factors import DEFAULT
from bench.faults.sweeps.staging import Stage, Staged, stage
from bench.proof.masks import shortfalls_of
from bench.proof.observe import observe
from bench.scenes import KINDS, WARM, exists
from bench.server.failing import check as check_server
from bench.stores import Store
from bench.write_path import WritePath
from workloads.model import Model

KS = (0, 1, 2)

BATCH = 100
"""Scenes that are set up together."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """One exposure: the world after it, and what its clients heard."""

    staged: Staged
    model: Model
    heard: tuple[Heard, ...]

    @property
    def ids(self) -> set[str]:
        """Every text by which a violation may name it."""
        return {*self.staged.ids, *(item.operation.key for item in self.heard)}


def false_alarms(store: Store, exposures: int) -> list[frozenset[str]]:
    """Of at least so many operations of all kinds, each on a scene of its own, the invariants that are said to be broken.

    All of the store is looked at and checked at once by both checkers, its id mapping too. What is broken for nobody in particular
    is the first exposure's.
    """
    wanted = [Stage(kind, k) for kind in KINDS for k in KS if exists(kind, k, WARM)]
    each = -(-exposures // len(wanted))
    scenes: list[_Scene] = []
    with store.links(Exchange.SHARED) as setting_up, store.links(Exchange.PLAIN) as links:
        for of_kind in wanted:
            names = [f"undisturbed-{of_kind.kind}-{of_kind.k}-{number}" for number in range(each)]
            for first in range(0, each, BATCH):
                staged = stage(store.design, setting_up, of_kind, names[first : first + BATCH])
                scenes += [_performed(store, made, links) for made in staged]
    rows = rows_of(observe(store), [item for made in scenes for item in made.heard])
    columns = columns_of(rows, maps_ids="id_map" in store.design.views())
    with checking(store.conninfo) as connection:
        found = {*check(columns), *check_store_in_sql(connection, store, columns)}
    return _by_scene(store, scenes, found)


def _performed(store: Store, made: Staged, links: Links) -> _Scene:
    model = Model()
    heard = all_ok(model, made.scene.setup)
    flights = WritePath(store.design, DEFAULT, Exchange.PLAIN).flights(made.operation, made.contexts[0])
    completion = run(links, flights)
    check_server(f"an undisturbed operation of {store.design.name} was run", completion)
    begun_ns = heard[-1].ended_ns + 1 if heard else 0
    model.apply(made.operation, made.contexts[0])
    return _Scene(made, model, (*heard, Heard(made.operation, made.contexts[0], completion, begun_ns, begun_ns + 1)))


def _by_scene(store: Store, scenes: Sequence[_Scene], found: Collection[Violation]) -> list[frozenset[str]]:
    # Scenes of a kind may have their server and agents in common: those tell of none of them.
    known = Counter(name for made in scenes for name in made.ids)
    owner = {name: place for place, made in enumerate(scenes) for name in made.ids if known[name] == 1}
    broken: list[set[Violation]] = [set() for _ in scenes]
    for violation in found:
        broken[next((owner[part] for part in violation.key if part in owner), 0)].add(violation)
    shortfalls = shortfalls_of(store.design)
    for place, violations in enumerate(broken):
        if violations and shortfalls:
            violations.difference_update(_declared(store, scenes[place]))
    return [frozenset(violation.invariant for violation in violations) for violations in broken]


def _declared(store: Store, made: _Scene) -> frozenset[Violation]:
    rows = history_of(made.heard)
    return declared(made.model, shortfalls_of(store.design), rows.history, rows.written)
