"""The phases of a run: each measures those of its trials that are wanted. What is measured is stored; nothing is derived."""

from __future__ import annotations

import numpy as np

from bench.anatomy.measure import AnatomyPlan, measure
from bench.campaign.stage import Stage, proof_records
from bench.campaign.work import anatomy_trial, crash_trial, latency_trial, paths_trial
from bench.complexity.measure import complexity
from bench.configuration import Configuration, TraceConfiguration
from bench.crash.census import census
from bench.latency import samples
from bench.latency.placement import Placement, placed
from bench.latency.session import Limits, SessionResult, Variant, play
from bench.progress.parts import part
from bench.reads.measure import ReadLimits
from bench.reads.phase import TRIAL as READS
from bench.reads.phase import run_reads
from bench.reads.world import Scale
from bench.results.files import write_lines
from bench.results.folder import ANATOMY, CRASH, LATENCY, PATHS, PROOFS, TOTALS, TrialFolder
from bench.scenes import KINDS
from bench.stores import Store, copy
from variants.contract import Indexes

ANATOMY_PHASE, CRASH_PHASE, LATENCY_PHASE, PATHS_PHASE = "write anatomy", "crash points", "paired latency", "code paths"
REPLAY_PHASE = "trace replay"


def default_phases(stage: Stage, configuration: Configuration) -> None:
    """Everything of a default run that is wanted. Raises `InvalidMeasurement` when a proof fails."""
    _anatomy(stage, configuration)
    _crash(stage, configuration)
    _sessions(stage, configuration)
    if stage.wanted([READS]):
        _reads(stage, configuration)
    _paths(stage)


def trace_phase(stage: Stage, configuration: TraceConfiguration) -> None:
    """The replay of a trace: one session, performed to its end."""
    name = latency_trial(0)
    if stage.wanted([name]):
        rng = np.random.default_rng([configuration.seed, 0])
        limits = Limits(seconds=None, warmup_messages=0)
        with (
            stage.teller.phase(REPLAY_PHASE, stage.budgets[REPLAY_PHASE]) as advance,
            stage.trial(name, REPLAY_PHASE) as folder,
            placed(stage.server.pid, Placement.TOGETHER) as placement,
        ):
            workload = stage.work.workloads[0]
            result = play(_variants(stage), workload, limits, rng, 0, advance, peer_delivery=configuration.peer_delivery)
            _store_session(folder, name, result, 0, placement)
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


def _crash(stage: Stage, configuration: Configuration) -> None:
    names = [name for name in stage.templates if stage.wanted([crash_trial(name)])]
    if not names:
        return
    with stage.teller.phase(CRASH_PHASE, stage.budgets[CRASH_PHASE]) as advance:
        for place, name in enumerate(names):
            with stage.trial(crash_trial(name), CRASH_PHASE) as folder, copy(stage.templates[name], f"crash_{name}") as store:
                told = part(advance, place, len(names))
                points = census(store, KINDS, configuration.crash_agents, told, peer_delivery=configuration.peer_delivery)
                write_lines(folder.path / CRASH, list(points))


def _sessions(stage: Stage, configuration: Configuration) -> None:
    sessions = [session for session in range(len(stage.work.workloads)) if stage.wanted([latency_trial(session)])]
    limits = Limits(configuration.latency_session_s, configuration.latency_warmup_messages)
    if sessions:
        variants = _variants(stage)
        with (
            placed(stage.server.pid, Placement.APART) as placement,
            stage.teller.phase(LATENCY_PHASE, stage.budgets[LATENCY_PHASE]) as advance,
        ):
            for place, session in enumerate(sessions):
                name, workload = latency_trial(session), stage.work.workloads[session]
                rng = np.random.default_rng([configuration.seed, session])
                told = part(advance, place, len(sessions))
                with stage.trial(name, LATENCY_PHASE) as folder:
                    result = play(variants, workload, limits, rng, session, told, peer_delivery=configuration.peer_delivery)
                    _store_session(folder, name, result, session, placement)
                stage.check_proofs(name)
    stage.check_proofs("latency-")


def _store_session(folder: TrialFolder, name: str, result: SessionResult, session: int, placement: str) -> None:
    samples.write(result.recorder.table(session), folder.path / LATENCY)
    write_lines(folder.path / TOTALS, result.totals)
    write_lines(folder.path / PROOFS, proof_records(name, result.proofs))
    folder.placement, folder.stopped_early = placement, result.stopped_early


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


def _variants(stage: Stage) -> list[Variant]:
    return [Variant(entry.name, _template(stage, entry.design, entry.levels.indexes), entry.levels) for entry in stage.work.chosen]


def _template(stage: Stage, design: str, indexes: Indexes | None) -> Store:
    return stage.templates[design] if indexes is None else stage.others[design, indexes]
