"""The ladder of a run: all rungs are counted, then measured in the same rounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bench import registry, workload_registry
from bench.anatomy.measure import measure
from bench.anatomy.plan import AnatomyPlan
from bench.campaign.stage import Stage, proof_records
from bench.cells import variant_of
from bench.configuration import Configuration
from bench.ladder.registry import Climb, climb
from bench.ladder.trials import COUNTS, PREFIX, RUNGS, again, session_trial
from bench.latency.placement import Placement, placed
from bench.latency.session import Limits, Variant, play
from bench.progress.parts import part
from bench.results.files import write_lines
from bench.results.folder import ANATOMY, LATENCY, PROOFS, TOTALS
from bench.results.ladder_schema import RungRecord
from bench.results.raw_rows import write_rows
from bench.server.databases import drop_database
from bench.stores import Store, copy, install
from bench.streams import Stream, generator, workload_seed
from variants.contract import Design, Options
from workloads.workload import Workload

COUNTS_PHASE, SESSIONS_PHASE = "ladder: counts", "ladder: paired latency"

SCENES = 4
"""Operations that are counted of each kind: counts are exact, so a few show whether they vary."""

EXTENSIONS = ("pg_walinspect", "pg_stat_statements")
WARMUP_MESSAGES = 20


def run_ladder(stage: Stage, configuration: Configuration) -> None:
    """Everything of it that is wanted. Raises `InvalidMeasurement` when a proof fails."""
    sessions = [session for session in range(configuration.ladder_sessions) if stage.wanted([session_trial(session)])]
    counting = stage.wanted([COUNTS])
    if counting or sessions:
        found = climb(configuration.ladder)
        with _templates(found, stage) as templates:
            if counting:
                _count(stage, configuration, found, templates)
            if sessions:
                _measure(stage, configuration, found, templates, sessions)
    stage.check_proofs(PREFIX)


def workloads(configuration: Configuration) -> Sequence[Workload]:
    """The workload of each session; seeds are apart from those of other sessions."""
    asked = workload_registry.Asked(
        configuration.workload, configuration.workload_toml, configuration.ladder_messages, configuration.latency_agents
    )
    return workload_registry.workloads(
        asked, (workload_seed(configuration.seed, Stream.LADDER, session) for session in range(configuration.ladder_sessions))
    )


def designs_of(found: Climb) -> dict[str, Design]:
    """The design of each rung by variant, built; rungs that differ in a factor alone share theirs."""
    plain = registry.build({step.design: step.build for step in found.steps}, Options())
    return {
        step.variant: plain[step.design] if step.levels.indexes is None else variant_of(step.design, step.build, step.levels)
        for step in found.steps
    }


@contextmanager
def _templates(found: Climb, stage: Stage) -> Iterator[Mapping[str, Store]]:
    """An empty store of each rung by variant, dropped at the end."""
    designs = designs_of(found)
    stores: dict[str, Store] = {}
    databases = [f"rung_{place}" for place in range(len(designs))]
    try:
        for database, (variant, design) in zip(databases, designs.items(), strict=True):
            drop_database(stage.server.endpoint, database)
            stores[variant] = install(design, stage.server.endpoint, database, EXTENSIONS)
        yield stores
    finally:
        for database in databases:
            drop_database(stage.server.endpoint, database)


def _count(stage: Stage, configuration: Configuration, found: Climb, templates: Mapping[str, Store]) -> None:
    with stage.teller.phase(COUNTS_PHASE, stage.budgets[COUNTS_PHASE]) as advance, stage.trial(COUNTS, COUNTS_PHASE) as folder:
        cells, proofs = [], []
        for place, step in enumerate(found.steps):
            plan = AnatomyPlan(
                ks=(0, configuration.ladder_agents) if configuration.ladder_agents else (0,),
                scenes=SCENES,
                atomicities=(step.levels.atomicity,),
                peer_delivery=configuration.peer_delivery,
            )
            with copy(templates[step.variant], f"counted_{place}") as store:
                counted, proof = measure(store, plan, part(advance, place, len(found.steps)))
            cells += [cell.model_copy(update={"design": step.variant}) for cell in counted]
            proofs.append(proof)
        write_lines(folder.path / ANATOMY, cells)
        write_lines(folder.path / RUNGS, _records(found, templates))
        write_lines(folder.path / PROOFS, proof_records(COUNTS, proofs))
    stage.check_proofs(COUNTS)


def _measure(
    stage: Stage, configuration: Configuration, found: Climb, templates: Mapping[str, Store], sessions: Sequence[int]
) -> None:
    variants = [Variant(step.variant, templates[step.variant], step.levels) for step in found.steps]
    first = variants[0]
    variants.append(Variant(again(first.name), first.template, first.levels))
    with (
        placed(stage.server.pid, Placement.APART) as place,
        stage.teller.phase(SESSIONS_PHASE, stage.budgets[SESSIONS_PHASE]) as advance,
    ):
        limits = Limits(configuration.latency_session_s, WARMUP_MESSAGES, place.patience)
        made = workloads(configuration)
        for number, session in enumerate(sessions):
            trial, rng = session_trial(session), generator(configuration.seed, Stream.LADDER, session)
            told = part(advance, number, len(sessions))
            with stage.trial(trial, SESSIONS_PHASE) as folder:
                result = play(variants, made[session], limits, rng, session, told, peer_delivery=configuration.peer_delivery)
                write_rows(result.recorder.table(session), folder.path / LATENCY)
                write_lines(folder.path / TOTALS, result.totals)
                write_lines(folder.path / PROOFS, proof_records(trial, result.proofs))
                folder.placement, folder.stopped_early, folder.checkpoints = place.waiting, result.stopped_early, result.checkpoints
            stage.check_proofs(trial)


def _records(found: Climb, templates: Mapping[str, Store]) -> Iterator[RungRecord]:
    for place, step in enumerate(found.steps):
        yield RungRecord(
            ladder=found.name,
            question=found.question,
            place=place,
            variant=step.variant,
            design=step.design,
            atomicity=str(step.levels.atomicity),
            change=step.change,
            gaps=sorted(str(gap.kind) for gap in templates[step.variant].design.gaps()),
        )
