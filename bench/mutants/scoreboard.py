"""The scoreboard: every mutant before both checkers, and every fault that does nothing before whoever counts exposures."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count

import psycopg

from bench.checker.in_sql.check import check_rows_in_sql
from bench.mutants.designs import DESIGNS, DesignMutant
from bench.mutants.histories import HISTORIES
from bench.mutants.live import tried_live
from bench.mutants.nemeses import FAULTS, FaultMutant
from bench.mutants.readers import READERS
from bench.mutants.stores import STORES, StoreMutant
from bench.mutants.trial import Tried, tried
from bench.mutants.world import correct_rows
from bench.registry import BASELINE, build, load
from bench.results.faults_schema import MutantRecord
from bench.server.databases import drop_database
from bench.server.endpoint import Endpoint, not_waiting
from bench.stores import Store, install
from variants.contract import Options

SEEDS = (1, 2)
"""Each mutant of a design runs a stream of each of them."""

WORLDS_PER_SEED = 4
"""Correct worlds that each mutant of a store is made of."""

_PURE = (("store", STORES), ("history", HISTORIES), ("history", READERS))

EXPOSURES_PER_SEED = 12
"""The most exposures of a fault that does nothing."""

DATABASE = "mutants"
"""The baseline's tables, in which each mutant has scenes of its own."""

NOTHING_HAPPENS = "a fault that does nothing"

Progress = Callable[[int, int], None]


def scoreboard(endpoint: Endpoint, progress: Progress, seeds: Sequence[int] = SEEDS) -> Generator[MutantRecord, None, None]:
    """Every mutant once: those of stores and histories, then those of the baseline design and of faults on a real server.

    `seeds` say how many exposures each of them gets. `progress` is told mutants done and mutants in all.
    """
    pure = [(kind, mutant) for kind, mutants in _PURE for mutant in mutants]
    total = len(pure) + len(DESIGNS) + len(FAULTS)
    done = count(1)
    worlds = [correct_rows(f"world-{seed}", seed) for seed in range(WORLDS_PER_SEED * len(seeds))]
    with _installed(endpoint) as store:
        with psycopg.connect(store.conninfo, autocommit=True) as connection:
            start_ns = time.monotonic_ns()
            seen = tried([mutant for _, mutant in pure], worlds, partial(check_rows_in_sql, connection))
            took_s = _since(start_ns) / len(pure)
            for (kind, mutant), found in zip(pure, seen, strict=True):
                yield _record(mutant, kind, found, took_s)
                progress(next(done), total)
            start_ns = time.monotonic_ns()
            seen = tried_live(store, DESIGNS, seeds, connection)
            took_s = _since(start_ns) / len(DESIGNS)
            for design, found in zip(DESIGNS, seen, strict=True):
                yield _record(design, "design", found, took_s)
                progress(next(done), total)
        for fault in FAULTS:
            yield _of_fault(store, fault, EXPOSURES_PER_SEED * len(seeds))
            progress(next(done), total)


@contextmanager
def _installed(endpoint: Endpoint) -> Iterator[Store]:
    """The baseline design's empty tables, dropped at the end."""
    # A run that was killed may have left them, and is resumed.
    drop_database(endpoint, DATABASE)
    try:
        yield install(build(load([BASELINE]), Options())[BASELINE], not_waiting(endpoint), DATABASE)
    finally:
        drop_database(endpoint, DATABASE)


def _record(mutant: StoreMutant | DesignMutant, kind: str, seen: Tried, took_s: float) -> MutantRecord:
    return MutantRecord(
        name=mutant.name,
        what=mutant.what,
        source=mutant.source,
        kind=kind,
        must=_sorted(mutant.must),
        python=_sorted(seen.python),
        sql=None if seen.sql is None else _sorted(seen.sql),
        exposures=seen.exposures,
        void=seen.void,
        killed=seen.killed(mutant.must),
        took_s=took_s,
    )


def _of_fault(store: Store, fault: FaultMutant, exposures: int) -> MutantRecord:
    start_ns = time.monotonic_ns()
    idle = fault.expose(store, exposures)
    return MutantRecord(
        name=fault.name,
        what=fault.what,
        source=NOTHING_HAPPENS,
        kind="fault",
        must=[],
        python=[],
        sql=None,
        exposures=idle.exposures,
        void=idle.void,
        killed=idle.killed,
        took_s=_since(start_ns),
    )


def _since(start_ns: int) -> float:
    return (time.monotonic_ns() - start_ns) / 1e9


def _sorted(invariants: Collection[str]) -> list[str]:
    return sorted(invariants, key=lambda name: int(name[1:]))
