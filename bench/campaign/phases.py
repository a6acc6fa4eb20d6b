"""The phases of a run: each measures those of its trials that are wanted. What is measured is stored; nothing is derived."""

from __future__ import annotations

from bench.anatomy.measure import AnatomyPlan, measure
from bench.anatomy.phase import CHECKPOINT_PHASE, checkpoint_plan, checkpoint_trial, run_across
from bench.campaign.stage import Stage, proof_records
from bench.campaign.work import Sessions, anatomy_trial, crash_trial, latency_trial, paths_trial
from bench.complexity.measure import complexity
from bench.configuration import Configuration, TraceConfiguration
from bench.cost.measure import CostLimits
from bench.cost.phase import COSTS_PHASE, CostPlan, run_costs
from bench.cost.phase import TRIAL as COSTS
from bench.crash.census import census
from bench.faults.phase import run_faults
from bench.growth.phase import run_growth
from bench.isolated.phase import run_isolated
from bench.ladder.phase import run_ladder
from bench.latency.placement import Placement, placed
from bench.latency.session import Limits, SessionResult, Variant, play
from bench.load.phase import load_phases
from bench.pgbench.estimate import plan_of
from bench.pgbench.phase import run_rounds
from bench.progress.parts import part
from bench.reads.measure import ReadLimits
from bench.reads.phase import TRIAL as READS
from bench.reads.phase import run_reads
from bench.reads.world import Scale
from bench.results.files import write_lines
from bench.results.folder import ANATOMY, CRASH, LATENCY, PATHS, PROOFS, TOTALS, TrialFolder
from bench.results.raw_rows import write_rows
from bench.stores import Store, copy
from bench.streams import Stream, generator
from variants.contract import Indexes

ANATOMY_PHASE, CRASH_PHASE, LATENCY_PHASE, PATHS_PHASE = "write anatomy", "crash points", "paired latency", "code paths"
FACTORS_PHASE = "paired factors"
REPLAY_PHASE = "trace replay"


def default_phases(stage: Stage, configuration: Configuration) -> None:
    """Everything of a default run that is wanted. Raises `InvalidMeasurement` when a proof fails."""
    _anatomy(stage, configuration)
    _checkpoints(stage, configuration)
    _crash(stage, configuration)
    _sessions(stage, configuration, stage.work.designs_apart, LATENCY_PHASE, Stream.PAIRED)
    _sessions(stage, configuration, stage.work.factors, FACTORS_PHASE, Stream.FACTORS)
    _costs(stage, configuration)
    if stage.wanted([READS]):
        _reads(stage, configuration)
    load_phases(stage, configuration)
    run_growth(stage, configuration)
    run_ladder(stage, configuration)
    run_rounds(stage, plan_of(configuration))
    run_isolated(stage, configuration)
    # Last of what is measured: a control of the checkers crashes the server, which latencies must not meet.
    run_faults(stage, configuration)
    _paths(stage)


def trace_phase(stage: Stage, configuration: TraceConfiguration) -> None:
    """The replay of a trace: one session, performed to its end."""
    name = latency_trial(0)
    if stage.wanted([name]):
        rng = generator(configuration.seed, Stream.PAIRED, 0)
        limits = Limits(seconds=None, warmup_messages=0)
        with (
            stage.teller.phase(REPLAY_PHASE, stage.budgets[REPLAY_PHASE]) as advance,
            stage.trial(name, REPLAY_PHASE) as folder,
            placed(stage.server.pid, Placement.TOGETHER) as place,
        ):
            workload = stage.work.workloads[0]
            result = play(
                _variants(stage, stage.work.designs_apart),
                workload,
                limits,
                rng,
                0,
                advance,
                peer_delivery=configuration.peer_delivery,
            )
            _store_session(folder, name, result, 0, place.waiting)
    stage.check_proofs(name)


def _anatomy(stage: Stage, configuration: Configuration) -> None:
    names = [name for name in stage.templates if stage.wanted([anatomy_trial(name)])]
    if names:
        plan = AnatomyPlan(
            ks=configuration.anatomy_agents, scenes=configuration.anatomy_scenes, peer_delivery=configuration.peer_delivery
        )
        with stage.teller.phase(ANATOMY_PHASE, stage.budgets[ANATOMY_PHASE]) as advance:
            for place, name in enumerate(names):
                trial = anatomy_trial(name)
                with stage.trial(trial, ANATOMY_PHASE) as folder, copy(stage.templates[name], f"anatomy_{name}") as store:
                    cells, proof = measure(store, plan, part(advance, place, len(names)))
                    write_lines(folder.path / ANATOMY, cells)
                    write_lines(folder.path / PROOFS, proof_records(trial, [proof]))
    stage.check_proofs("anatomy-")


def _checkpoints(stage: Stage, configuration: Configuration) -> None:
    names = [name for name in stage.templates if stage.wanted([checkpoint_trial(name)])]
    if names:
        plan = checkpoint_plan(
            configuration.anatomy_checkpoint_agents, configuration.anatomy_scenes, peer_delivery=configuration.peer_delivery
        )
        with stage.teller.phase(CHECKPOINT_PHASE, stage.budgets[CHECKPOINT_PHASE]) as advance:
            for place, name in enumerate(names):
                trial = checkpoint_trial(name)
                with stage.trial(trial, CHECKPOINT_PHASE) as folder:
                    proofs = run_across(stage.templates[name], plan, folder, part(advance, place, len(names)))
                    write_lines(folder.path / PROOFS, proof_records(trial, proofs))
    stage.check_proofs("checkpoint-")


def _costs(stage: Stage, configuration: Configuration) -> None:
    if stage.wanted([COSTS]):
        limits = CostLimits(configuration.cost_operations, configuration.cost_repetitions, configuration.cost_agents)
        plan = CostPlan(limits, configuration.observer_pairs, configuration.seed, configuration.peer_delivery)
        with (
            stage.teller.phase(COSTS_PHASE, stage.budgets[COSTS_PHASE]) as advance,
            stage.trial(COSTS, COSTS_PHASE) as folder,
        ):
            proofs = run_costs(stage.templates, stage.server.pid, plan, folder, advance)
            write_lines(folder.path / PROOFS, proof_records(COSTS, proofs))
    stage.check_proofs(COSTS)


def _crash(stage: Stage, configuration: Configuration) -> None:
    names = [name for name in stage.templates if stage.wanted([crash_trial(name)])]
    if not names:
        return
    with stage.teller.phase(CRASH_PHASE, stage.budgets[CRASH_PHASE]) as advance:
        for place, name in enumerate(names):
            with stage.trial(crash_trial(name), CRASH_PHASE) as folder, copy(stage.templates[name], f"crash_{name}") as store:
                told = part(advance, place, len(names))
                kinds = configuration.crash_kinds
                points = census(store, kinds, configuration.crash_agents, told, peer_delivery=configuration.peer_delivery)
                write_lines(folder.path / CRASH, list(points))


def _sessions(stage: Stage, configuration: Configuration, sessions: Sessions, phase: str, stream: Stream) -> None:
    """Paired sessions of one set of variants; `stream` tells their random orders from those of other sets."""
    wanted = [place for place, name in enumerate(sessions.trials) if stage.wanted([name])]
    if wanted:
        variants = _variants(stage, sessions)
        with placed(stage.server.pid, Placement.APART) as place, stage.teller.phase(phase, stage.budgets[phase]) as advance:
            limits = Limits(configuration.latency_session_s, configuration.latency_warmup_messages, place.patience)
            for number, session in enumerate(wanted):
                name, workload = sessions.trials[session], sessions.workloads[session]
                rng = generator(configuration.seed, stream, session)
                told = part(advance, number, len(wanted))
                with stage.trial(name, phase) as folder:
                    result = play(variants, workload, limits, rng, session, told, peer_delivery=configuration.peer_delivery)
                    _store_session(folder, name, result, session, place.waiting)
                stage.check_proofs(name)
    for name in sessions.trials:
        stage.check_proofs(name)


def _store_session(folder: TrialFolder, name: str, result: SessionResult, session: int, placement: str) -> None:
    write_rows(result.recorder.table(session), folder.path / LATENCY)
    write_lines(folder.path / TOTALS, result.totals)
    write_lines(folder.path / PROOFS, proof_records(name, result.proofs))
    folder.placement, folder.stopped_early, folder.checkpoints = placement, result.stopped_early, result.checkpoints


def _reads(stage: Stage, configuration: Configuration) -> None:
    limits = ReadLimits(configuration.reads_sessions, configuration.reads_rounds, configuration.reads_session_s)
    scale = Scale(configuration.reads_rows)
    work = stage.work
    run_reads(
        work.builds, stage.server, stage.trial, stage.teller, stage.budgets, scale=scale, limits=limits, seed=configuration.seed
    )


def _paths(stage: Stage) -> None:
    names = [name for name in stage.templates if stage.wanted([paths_trial(name)])]
    if not names:
        return
    with stage.teller.phase(PATHS_PHASE, stage.budgets[PATHS_PHASE]):
        for name in names:
            with stage.trial(paths_trial(name), PATHS_PHASE) as folder, copy(stage.templates[name], f"paths_{name}") as store:
                write_lines(folder.path / PATHS, [complexity(store)])


def _variants(stage: Stage, sessions: Sessions) -> list[Variant]:
    return [
        Variant(entry.name, _template(stage, entry.design, entry.levels.indexes), entry.levels, entry.planted)
        for entry in sessions.entries
    ]


def _template(stage: Stage, design: str, indexes: Indexes | None) -> Store:
    return stage.templates[design] if indexes is None else stage.others[design, indexes]
