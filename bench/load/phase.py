"""Load as phases of a run: searches for capacities, points below them, and series over checkpoints; each a trial of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import workload_registry
from bench.campaign.stage import Stage, proof_records
from bench.cells import variant_of
from bench.configuration import Configuration
from bench.drive.flights import Exchange
from bench.factors import DEFAULT
from bench.latency.variants import Entry
from bench.load import levels, purposes
from bench.load.arrivals import Arrivals
from bench.load.ceiling import ceiling_per_s
from bench.load.checkpoints import checkpoints_asked_for
from bench.load.derive import capacities, points_of
from bench.load.files import CHECKPOINTS, POINTS, ROWS, TERMS
from bench.load.phase_names import CAPACITY_PHASE, LEVELS_PHASE, SERIES_PHASE
from bench.load.placing import LoadPlacement, placed_for_load
from bench.load.recorder import joined
from bench.load.rig import Measured, Purpose, Rig, Source, Terms
from bench.load.searching import search
from bench.load.trials import CAPACITY, LEVELS, PREFIX, SERIES, rounds, trial, variants
from bench.progress.parts import part
from bench.progress.telling import Advance
from bench.results.files import write_lines
from bench.results.folder import PROOFS, TrialFolder
from bench.results.load_schema import Checkpoint, LoadTerms
from bench.results.raw_rows import write_rows
from bench.server.phases import ServerPhase
from bench.stores import Store, copy, install
from bench.streams import Stream, generator, workload_seed
from workloads.workload import digest


@dataclass(frozen=True, slots=True)
class _Load:
    """What all trials of load share."""

    stage: Stage
    configuration: Configuration
    terms: Terms
    source: Source
    words: LoadTerms
    templates: dict[Entry, Store]


def load_phases(stage: Stage, configuration: Configuration) -> None:
    """All trials of load that are wanted. Raises `InvalidMeasurement` when a proof fails."""
    if not stage.wanted(name for name in stage.work.trials if name.startswith(PREFIX)):
        return
    load = _prepared(stage, configuration)
    chosen = list(load.templates)
    repeats, seed = configuration.load_repeats, configuration.seed
    _each(load, CAPACITY_PHASE, CAPACITY, rounds(chosen, repeats, seed, 1), _searched)
    _each(load, LEVELS_PHASE, LEVELS, rounds(chosen, repeats, seed, 2), _levelled)
    _each(load, SERIES_PHASE, SERIES, [(0, entry) for entry in chosen], _watched)
    stage.check_proofs(PREFIX)


def _prepared(stage: Stage, configuration: Configuration) -> _Load:
    asked = workload_registry.Asked(
        configuration.workload, configuration.workload_toml, configuration.load_messages, configuration.latency_agents
    )
    seed = workload_seed(configuration.seed, Stream.LOAD, 0)
    (workload,) = workload_registry.workloads(asked, [seed])
    terms = Terms(
        objective_ns=round(configuration.load_objective_ms * 1e6),
        warm_s=configuration.load_warmup_s,
        window_s=configuration.load_window_s,
        connections=configuration.load_connections,
        processes=configuration.load_processes,
        exchange=Exchange(configuration.load_exchange),
        arrivals=Arrivals(configuration.load_arrivals),
        peer_delivery=configuration.peer_delivery,
    )
    words = LoadTerms(
        variant="",
        repeat=0,
        objective_ms=configuration.load_objective_ms,
        warm_s=terms.warm_s,
        window_s=terms.window_s,
        connections=terms.connections,
        processes=terms.processes,
        exchange=str(terms.exchange),
        arrivals=str(terms.arrivals),
        workload=workload.name,
        workload_digest=digest(workload),
    )
    templates = {
        entry: _template(stage, entry, number)
        for number, entry in enumerate(variants(list(stage.work.builds), configuration.load_variants))
    }
    return _Load(stage, configuration, terms, Source(workload, asked, seed), words, templates)


def _template(stage: Stage, entry: Entry, number: int) -> Store:
    if entry.levels == DEFAULT:
        return stage.templates[entry.design]
    form = variant_of(entry.design, stage.work.builds[entry.design], entry.levels)
    if entry.levels.indexes is None:
        return stage.templates[entry.design]
    return install(form, stage.server.endpoint, f"template_load_{number}")


Measure = Callable[[_Load, Entry, int, Store, TrialFolder, Advance], None]


def _each(load: _Load, phase: str, prefix: str, planned: list[tuple[int, Entry]], measure: Measure) -> None:
    """Those of these trials that are wanted, one after another."""
    stage = load.stage
    wanted = [(repeat, entry) for repeat, entry in planned if stage.wanted([trial(prefix, entry, repeat)])]
    if not wanted:
        return
    with stage.teller.phase(phase, stage.budgets[phase]) as advance:
        for place, (repeat, entry) in enumerate(wanted):
            name = trial(prefix, entry, repeat)
            with stage.trial(name, phase) as folder, copy(load.templates[entry], "under_load") as store:
                measure(load, entry, repeat, store, folder, part(advance, place, len(wanted)))
            stage.check_proofs(name)


def _searched(load: _Load, entry: Entry, repeat: int, store: Store, folder: TrialFolder, advance: Advance) -> None:
    configuration = load.configuration
    with _rig(load, entry, repeat, store, folder) as rig:
        found, stopped = search(
            rig,
            probes_max=configuration.load_probes,
            resolution=configuration.load_resolution,
            seed=configuration.seed,
            repeat=repeat,
            advance=advance,
        )
        terms = load.terms
        ceiling = ceiling_per_s(load.source.workload, terms.connections, peer_delivery=terms.peer_delivery)
        _store(load, entry, repeat, folder, found, rig, ceiling)
    folder.stopped_early += stopped


def _levelled(load: _Load, entry: Entry, repeat: int, store: Store, folder: TrialFolder, advance: Advance) -> None:
    configuration = load.configuration
    searched = capacities(points_of(load.stage.folder.trials(CAPACITY)))
    apart = next((one.apart for one in searched if one.variant == entry.name), None)
    planned = levels.planned(
        {one.variant: one.rate_per_s for one in searched},
        entry.name,
        configuration.load_percents,
        configuration.load_rates,
        seed=configuration.seed,
        repeat=repeat,
        own_shares=apart is None,
    )
    found: list[Measured] = []
    with _rig(load, entry, repeat, store, folder) as rig:
        for place, level in enumerate(planned):
            rng = generator(configuration.seed, Stream.LOAD_ARRIVALS, repeat, level.schedule)
            measured = rig.point(Purpose(level.purpose, level.percent), level.rate_per_s, rng)
            if measured is None:
                folder.stopped_early += (
                    f"the workload has no operations left for {len(planned) - place} of {len(planned)} points",
                )
                break
            found.append(measured)
            advance(place + 1, len(planned))
        _store(load, entry, repeat, folder, found, rig)
    if apart is not None:
        folder.stopped_early += (f"shares of its own capacity are withheld: {apart}",)
    elif not planned:
        folder.stopped_early += ("no rate kept the objective, so there is none below it",)


def _watched(load: _Load, entry: Entry, repeat: int, store: Store, folder: TrialFolder, advance: Advance) -> None:
    configuration, server = load.configuration, load.stage.server
    known = {one.variant: one.rate_per_s for one in capacities(points_of(load.stage.folder.trials(CAPACITY)))}
    rate_per_s = known.get(entry.name, 0.0) * configuration.load_series_percent / 100
    found: list[Measured] = []
    seen: list[Checkpoint] = []
    with _rig(load, entry, repeat, store, folder) as rig:
        if rate_per_s > 0:
            server.settings(ServerPhase.STEADY)
            try:
                rng = generator(configuration.seed, Stream.LOAD_SERIES)
                purpose = Purpose(purposes.SERIES, configuration.load_series_percent)
                with checkpoints_asked_for(server.endpoint, configuration.load_checkpoint_s) as asked:
                    measured = rig.point(purpose, rate_per_s, rng, configuration.load_series_s)
            finally:
                server.settings(ServerPhase.MEASURE)
            if measured is None:
                folder.stopped_early += ("the workload has not enough operations for the series",)
            else:
                found.append(measured)
                seen = [
                    Checkpoint(point=0, begin_ns=begin - measured.start_ns, end_ns=end - measured.start_ns)
                    for begin, end in asked
                    if end > measured.start_ns
                ]
        _store(load, entry, repeat, folder, found, rig)
    write_lines(folder.path / CHECKPOINTS, seen)
    advance(1, 1)


@contextmanager
def _rig(load: _Load, entry: Entry, repeat: int, store: Store, folder: TrialFolder) -> Iterator[Rig]:
    with ExitStack() as stack:
        placement = LoadPlacement(load.configuration.load_placement)
        pid = load.stage.server.pid
        folder.placement = stack.enter_context(placed_for_load(pid, placement, load.terms.processes))
        yield stack.enter_context(Rig.opened(entry.name, entry.levels, store, load.terms, load.source, repeat))


def _store(
    load: _Load,
    entry: Entry,
    repeat: int,
    folder: TrialFolder,
    found: list[Measured],
    rig: Rig,
    ceiling: float | None = None,
) -> None:
    folder.stopped_early += tuple(rig.cut)
    write_rows(joined([one.table for one in found]), folder.path / ROWS)
    write_lines(folder.path / POINTS, [one.point for one in found])
    words = {"variant": entry.name, "repeat": repeat, "ceiling_per_s": ceiling}
    write_lines(folder.path / TERMS, [load.words.model_copy(update=words)])
    write_lines(folder.path / PROOFS, proof_records(folder.path.name.removeprefix(".partial-"), [rig.proof()]))
