"""The faults of a run: operations that meet them, clients that die, a bus that fails, and the proof of the checkers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench.bus.streams import bus_rows
from bench.campaign.stage import Stage
from bench.checker.million import million
from bench.checker.sessions import left_open
from bench.checker.verdict import verdicts
from bench.configuration.model import Configuration
from bench.faults import trials as at
from bench.faults.cells import cell_named
from bench.faults.clients.interrupted import interruptions
from bench.faults.clients.kills import kills
from bench.faults.clients.pausing import pauses
from bench.faults.clients.resolving import Resolution, resolutions
from bench.faults.constraints import foreign_keys, tables
from bench.faults.figures.rows import write_rows
from bench.faults.figures.sorting import write_sorted
from bench.faults.phase_names import BUS_PHASE, CLIENTS_PHASE, PROOF_PHASE, SWEEPS_PHASE
from bench.faults.plan import (
    PAUSED_KINDS,
    RESOLVED_KINDS,
    Sweeps,
    has_all_seeds,
    interrupted_cells,
    interrupted_kinds,
    killed_cells,
    sweeps,
    synchronous_cells,
)
from bench.faults.sweeps.rate import rates
from bench.faults.sweeps.sweep import SweepPlan, sweep
from bench.history.journal import Journal
from bench.mutants.controls import controls
from bench.mutants.scoreboard import SEEDS, scoreboard
from bench.progress.parts import part
from bench.progress.telling import Advance
from bench.results.faults_schema import ResolutionRecord, SweepRecord, SweepRow
from bench.results.record import Record
from bench.server.endpoint import not_waiting
from bench.stores import Store, copy
from bench.streams import Stream, workload_seed
from bench.traits import traits_of

Measure = Callable[[Store, Path, Advance], None]
"""Does one trial on a store of its own, and writes its files into the folder."""


def run_faults(stage: Stage, configuration: Configuration) -> None:
    """Everything of it that is wanted. Raises `InvalidMeasurement` when a scene does other work than the reference model says."""

    def clients(store: Store, folder: Path, advance: Advance) -> None:
        write_sorted(folder, _clients(store, configuration, folder, advance))

    def bus(store: Store, folder: Path, advance: Advance) -> None:
        write_sorted(folder, _bus(store, configuration, advance))

    def swept(store: Store, folder: Path, advance: Advance) -> None:
        records, rows = _swept(store, configuration, advance)
        write_sorted(folder, records)
        write_rows(folder / at.OUTCOMES, rows)

    _each(stage, SWEEPS_PHASE, at.sweep_trial, "swept", swept)
    _each(stage, CLIENTS_PHASE, at.clients_trial, "clients", clients)
    _each(stage, BUS_PHASE, at.bus_trial, "bus", bus)
    if stage.wanted([at.PROOF]):
        with stage.teller.phase(PROOF_PHASE, stage.budgets[PROOF_PHASE]) as advance, stage.trial(at.PROOF, PROOF_PHASE) as folder:
            write_sorted(folder.path, _proof(stage, configuration, advance))


def _each(stage: Stage, phase: str, trial_of: Callable[[str], str], database: str, measure: Measure) -> None:
    """One trial of each design that is wanted, on a fresh database."""
    names = [name for name in stage.templates if stage.wanted([trial_of(name)])]
    if names:
        with stage.teller.phase(phase, stage.budgets[phase]) as advance:
            for place, name in enumerate(names):
                told = part(advance, place, len(names))
                with stage.trial(trial_of(name), phase) as folder, copy(stage.templates[name], f"{database}_{name}") as store:
                    measure(store, folder.path, told)


def _swept(store: Store, configuration: Configuration, advance: Advance) -> tuple[list[Record], list[SweepRow]]:
    """Every sweep of a design, with the verdicts that follow from it."""
    records: list[Record] = [*foreign_keys(store.design), *tables(store.design)]
    swept: list[SweepRecord] = []
    rows: list[SweepRow] = []
    asked = list(sweeps(configuration))
    for place, sweeps_of in enumerate(asked):
        for record, own in sweep(_hurried(store), _plan(sweeps_of, configuration), part(advance, place, len(asked))):
            swept.append(record)
            rows += own
    records += swept
    open_still = left_open(store)
    for name in configuration.faults_cells:
        of_cell = [record for record in swept if record.cell == name]
        records += verdicts(store.design, cell_named(name), [row for row in rows if row.cell == name], open_still, of_cell)
    if configuration.faults_interruptions:
        records += rates(_hurried(store), configuration.faults_workers)
    return records, rows


def _hurried(store: Store) -> Store:
    """The same store for clients whose commits do not wait for the disk: nothing here crashes the server or is timed."""
    return replace(store, endpoint=not_waiting(store.endpoint))


def _plan(asked: Sweeps, configuration: Configuration) -> SweepPlan:
    return SweepPlan(
        cells=asked.cells,
        kinds=asked.kinds,
        faults=asked.faults,
        lanes=asked.lanes,
        workers=configuration.faults_workers,
        peer_delivery=configuration.peer_delivery,
        limit=configuration.faults_schedules,
    )


def _clients(store: Store, configuration: Configuration, folder: Path, advance: Advance) -> Iterator[Record]:
    """Kills at random instants, whose histories are kept; pauses past a takeover, interruptions by the server, and what became of
    operations of which nobody heard the end.
    """
    traits, peers = traits_of(store.design), configuration.peer_delivery
    cells = [cell for cell in killed_cells(configuration) if cell.missing(traits) is None] if configuration.faults_kills else []
    parts = len(cells) + (3 if configuration.faults_interruptions else 0)
    for place, cell in enumerate(cells):
        with Journal.opened(folder / f"history-{cell.name}.jsonl") as journal:
            told = part(advance, place, parts)
            n, seed = configuration.faults_kills, configuration.seed
            yield from kills(store, cell, n, seed, told, journal=journal, peer_delivery=peers)
    if configuration.faults_interruptions:
        had = [cell for cell in synchronous_cells(configuration) if cell.missing(traits) is None]
        # These are not timed, so commits need not wait for the disk.
        hurried = _hurried(store)
        yield from pauses(hurried, had, part(advance, parts - 3, parts), kinds=PAUSED_KINDS, peer_delivery=peers)
        names, kinds = [cell.name for cell in interrupted_cells(configuration)], interrupted_kinds(configuration)
        yield from interruptions(hurried, names, kinds, part(advance, parts - 2, parts))
        told = part(advance, parts - 1, parts)
        for resolution in resolutions(hurried, had, told, kinds=RESOLVED_KINDS, peer_delivery=peers):
            yield from resolution.labels
            yield _resolved(store.design.name, resolution)


def _resolved(design: str, resolution: Resolution) -> ResolutionRecord:
    return ResolutionRecord(
        design=design,
        cell=resolution.cell,
        kind=resolution.kind,
        k=resolution.k,
        exposures=resolution.exposures,
        void=resolution.void,
        before=resolution.before,
        unresolved=resolution.unresolved,
        contradictions=list(resolution.contradictions),
    )


def _bus(store: Store, configuration: Configuration, advance: Advance) -> Iterator[Record]:
    seeds = [workload_seed(configuration.seed, Stream.FAULTS_STREAMS, number) for number in range(configuration.faults_streams)]
    yield from bus_rows(store, configuration.faults_cells, seeds, advance, peer_delivery=configuration.peer_delivery)


def _proof(stage: Stage, configuration: Configuration, advance: Advance) -> Iterator[Record]:
    if configuration.faults_exposures:
        seeds = SEEDS if has_all_seeds(configuration) else SEEDS[:1]
        yield from scoreboard(stage.server.endpoint, part(advance, 0, 3), seeds)
        yield from controls(stage.server, part(advance, 1, 3), configuration.faults_exposures)
    if configuration.faults_stored:
        yield from million(stage.server.endpoint, configuration.faults_stored)
