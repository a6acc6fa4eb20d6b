"""A run from beginning to end: server, designs, trials, proofs. What is measured is stored; nothing is derived here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench import machine, registry, workload_registry
from bench.anatomy.measure import AnatomyPlan, measure
from bench.cells import variant_of
from bench.complexity.measure import complexity
from bench.configuration import Configuration, TraceConfiguration
from bench.crash.census import census
from bench.drive.errors import ContractError
from bench.errors import InvalidMeasurement
from bench.factors import DEFAULT
from bench.latency import samples
from bench.latency.placement import Placement, placed
from bench.latency.session import Limits, SessionResult, Variant, play
from bench.latency.variants import Entry, entries
from bench.progress import Advance, Reporter
from bench.proof.compare import Proof
from bench.reads.measure import ReadLimits
from bench.reads.phase import run_reads
from bench.reads.world import Scale
from bench.results.folder import ANATOMY, CRASH, LATENCY, PATHS, PROOFS, TOTALS, RunFolder, write_lines
from bench.results.schema import SCHEMA_VERSION, CrashPoint, DesignRecord, ProofRecord, RunRecord, Shortfall
from bench.scenes import KINDS
from bench.server.capabilities import as_record, probe
from bench.server.embedded import EmbeddedServer, ServerPhase, running
from bench.stores import Store, copy, install
from variants.contract import Build, Defect, Design, Gap, Indexes, Options
from workloads.agent_rule import AgentRule
from workloads.replay import replay
from workloads.trace import Window, read_trace
from workloads.workload import MakeWorkload, Workload, digest
from workloads.workload import Scale as WorkloadScale

SHOWN_DIFFERENCES = 100
"""Differences that are stored of one store; all are counted."""

SECONDS_PER_REPLAYED_OPERATION = 0.0025
"""A guess of what one operation of a trace costs one design: the first estimate of a replay's time."""

PAIRED_WITH_ITSELF_OPERATIONS = 20_000
"""A longer replay leaves the A/A pair out: a second baseline would make it a fifth longer."""

SERVER_BUDGET_S, ANATOMY_BUDGET_S, CRASH_BUDGET_S = 10.0, 40.0, 90.0
PATHS_BUDGET_S = 10.0


@dataclass(frozen=True, slots=True)
class _Run:
    """What the phases of one run share."""

    folder: RunFolder
    server: EmbeddedServer
    templates: Mapping[str, Store]
    others: Mapping[tuple[str, Indexes], Store]
    reporter: Reporter
    seed: int
    started_at: str


def run_default(
    configuration: Configuration, builds: Mapping[str, Build], root: Path, arguments: Sequence[str], reporter: Reporter
) -> RunFolder:
    """Anatomy, paired latency and crash points of the designs. Raises `InvalidMeasurement` when a proof fails."""
    make = workload_registry.load(configuration.workload)
    workloads = [_session_workload(configuration, make, session) for session in range(configuration.latency_sessions)]
    chosen = entries(list(builds), joined=True, again=True, variants=configuration.variants)
    with _started(configuration.seed, builds, chosen, root, reporter) as run:
        _anatomy(run, configuration)
        _crash(run, configuration)
        placement = _sessions(run, configuration, chosen, workloads)
        _reads(run, builds, configuration)
        _paths(run)
        _conclude(run, configuration.model_dump(mode="json"), workloads, placement, arguments)
    return run.folder


def run_trace(
    configuration: TraceConfiguration, builds: Mapping[str, Build], root: Path, arguments: Sequence[str], reporter: Reporter
) -> RunFolder:
    """One paired session over a trace, in its order, to its end."""
    window = Window.parse(configuration.window) if configuration.window is not None else None
    rule = AgentRule.parse(configuration.agents)
    # A variant that cannot be read is told before a long trace is.
    entries(list(builds), joined=False, again=False, variants=configuration.variants)
    reporter.line(f"reading {configuration.trace.name}")
    trace = read_trace(configuration.trace, window)
    workload = replay(trace, rule, configuration.reply, configuration.seed, name=configuration.trace.name)
    operations = sum(1 for _ in workload.operations())
    again = operations <= PAIRED_WITH_ITSELF_OPERATIONS
    chosen = entries(list(builds), joined=False, again=again, variants=configuration.variants)
    with _started(configuration.seed, builds, chosen, root, reporter) as run:
        variants = _variants(run, chosen)
        budget_s = 5 + operations * len(variants) * SECONDS_PER_REPLAYED_OPERATION
        rng = np.random.default_rng([configuration.seed, 0])
        with placed(run.server.pid, Placement.TOGETHER) as placement, reporter.phase("trace replay", budget_s) as advance:
            limits = Limits(seconds=None, warmup_messages=0)
            result = play(variants, workload, limits, rng, 0, advance, peer_delivery=configuration.peer_delivery)
            _store_session(run, result, 0)
        resolved = configuration.model_dump(mode="json") | {"trace": configuration.trace.name}
        _conclude(run, resolved, [workload], placement, arguments)
    return run.folder


@contextmanager
def _started(seed: int, builds: Mapping[str, Build], chosen: Sequence[Entry], root: Path, reporter: Reporter) -> Iterator[_Run]:
    designs = registry.build(builds, Options())
    # What does not exist is refused before anything is started.
    forms = {entry: variant_of(entry.design, builds[entry.design], entry.levels) for entry in chosen if entry.levels != DEFAULT}
    started = datetime.now(UTC)
    folder = RunFolder.create(root, f"{started:%Y%m%d-%H%M%S}-seed{seed}")
    with ExitStack() as stack, _accounted(folder):
        with reporter.phase("server", SERVER_BUDGET_S):
            server = stack.enter_context(running())
        server.settings(ServerPhase.MEASURE)
        extensions = ("pg_walinspect", "pg_stat_statements")
        templates = {name: install(design, server.endpoint, f"template_{name}", extensions) for name, design in designs.items()}
        others = {
            (entry.design, entry.levels.indexes): install(form, server.endpoint, f"template_{number}", extensions)
            for number, (entry, form) in enumerate(forms.items())
            if entry.levels.indexes is not None
        }
        yield _Run(folder, server, templates, others, reporter, seed, f"{started:%Y-%m-%dT%H:%M:%SZ}")


@contextmanager
def _accounted(folder: RunFolder) -> Iterator[None]:
    """A run that is withheld says why in its folder; one that ends before anything was measured leaves none."""
    try:
        yield
    except InvalidMeasurement as error:
        folder.withhold(error.reason, error.lines)
        raise
    except ContractError as error:
        folder.withhold("a design breaks its contract", [str(error)])
        raise
    except BaseException:
        folder.remove_if_empty()
        raise


def _anatomy(run: _Run, configuration: Configuration) -> None:
    plan = AnatomyPlan(
        ks=configuration.anatomy_agents, scenes=configuration.anatomy_scenes, peer_delivery=configuration.peer_delivery
    )
    proofs = []
    with run.reporter.phase("write anatomy", ANATOMY_BUDGET_S) as advance:
        cells = []
        for place, (name, template) in enumerate(run.templates.items()):
            with copy(template, f"anatomy_{name}") as store:
                found, proof = measure(store, plan, _part(advance, place, len(run.templates)))
            cells += found
            proofs.append(proof)
        with run.folder.trial("anatomy") as path:
            write_lines(path / ANATOMY, cells)
            write_lines(path / PROOFS, _records("anatomy", proofs))
    _withhold_unless_proved("write anatomy", proofs)


def _crash(run: _Run, configuration: Configuration) -> None:
    points: list[CrashPoint] = []
    with run.reporter.phase("crash points", CRASH_BUDGET_S) as advance:
        for place, (name, template) in enumerate(run.templates.items()):
            with copy(template, f"crash_{name}") as store:
                part = _part(advance, place, len(run.templates))
                points += census(store, KINDS, configuration.crash_agents, part, peer_delivery=configuration.peer_delivery)
        with run.folder.trial("crash") as path:
            write_lines(path / CRASH, points)


def _sessions(run: _Run, configuration: Configuration, chosen: Sequence[Entry], workloads: Sequence[Workload]) -> str:
    variants = _variants(run, chosen)
    limits = Limits(configuration.latency_session_s, configuration.latency_warmup_messages)
    budget_s = len(workloads) * (configuration.latency_session_s + 3)
    with placed(run.server.pid, Placement.APART) as placement, run.reporter.phase("paired latency", budget_s) as advance:
        for session, workload in enumerate(workloads):
            rng = np.random.default_rng([run.seed, session])
            part = _part(advance, session, len(workloads))
            result = play(variants, workload, limits, rng, session, part, peer_delivery=configuration.peer_delivery)
            _store_session(run, result, session)
    return placement


def _store_session(run: _Run, result: SessionResult, session: int) -> None:
    name = f"latency-{session:03d}"
    with run.folder.trial(name) as path:
        samples.write(result.recorder.table(session), path / LATENCY)
        write_lines(path / TOTALS, result.totals)
        write_lines(path / PROOFS, _records(name, result.proofs))
    _withhold_unless_proved(name, result.proofs)


def _reads(run: _Run, builds: Mapping[str, Build], configuration: Configuration) -> None:
    if configuration.reads_rows:
        limits = ReadLimits(configuration.reads_sessions, configuration.reads_session_s)
        scale = Scale(configuration.reads_rows)
        run_reads(builds, run.server, run.folder, run.reporter, scale=scale, limits=limits, seed=run.seed)


def _paths(run: _Run) -> None:
    with run.reporter.phase("code paths", PATHS_BUDGET_S):
        found = []
        for name, template in run.templates.items():
            with copy(template, f"paths_{name}") as store:
                found.append(complexity(store))
        with run.folder.trial("paths") as path:
            write_lines(path / PATHS, found)


def _conclude(
    run: _Run, resolved: dict[str, object], workloads: Sequence[Workload], placement: str, arguments: Sequence[str]
) -> None:
    commit, dirty = machine.commit(Path(__file__).resolve().parent.parent)
    run.folder.write_run(
        RunRecord(
            schema_version=SCHEMA_VERSION,
            storebench_version=version("storebench"),
            commit=commit,
            dirty=dirty,
            started_at=run.started_at,
            arguments=list(arguments),
            configuration=resolved,
            seed=run.seed,
            workloads={f"{number}-{workload.name}": digest(workload) for number, workload in enumerate(workloads)},
            machine=machine.describe(),
            server=as_record(probe(run.server.endpoint)),
            designs={name: _design_record(store.design) for name, store in run.templates.items()},
            placement=placement,
            workload_parameters=dict(workloads[0].parameters),
            phases=list(run.reporter.took),
        )
    )


def _session_workload(configuration: Configuration, make: MakeWorkload, session: int) -> Workload:
    scale = WorkloadScale(configuration.latency_messages, configuration.latency_agents)
    return workload_registry.made(configuration.workload, make, scale, configuration.seed * 1_000 + session)


def _variants(run: _Run, chosen: Sequence[Entry]) -> list[Variant]:
    return [Variant(entry.name, _template(run, entry), entry.levels) for entry in chosen]


def _template(run: _Run, entry: Entry) -> Store:
    indexes = entry.levels.indexes
    return run.templates[entry.design] if indexes is None else run.others[entry.design, indexes]


def _design_record(design: Design) -> DesignRecord:
    tables = {str(side): sorted(metadata.tables) for side, metadata in design.tables.items()}
    return DesignRecord(tables=tables, gaps=_shortfalls(design.gaps()), defects=_shortfalls(design.defects()))


def _shortfalls(declared: Iterable[Gap | Defect]) -> list[Shortfall]:
    return [Shortfall(kind=str(item.kind), reason=item.reason, citation=item.citation) for item in declared]


def _records(trial: str, proofs: Iterable[Proof]) -> list[ProofRecord]:
    return [
        ProofRecord(
            trial=trial,
            design=proof.design,
            holds=proof.holds,
            expected_digest=proof.expected_digest,
            observed_digest=proof.observed_digest,
            differences=list(proof.differences[:SHOWN_DIFFERENCES]),
            difference_count=len(proof.differences),
            gaps=proof.gaps,
            defects=proof.defects,
        )
        for proof in proofs
    ]


def _withhold_unless_proved(trial: str, proofs: Iterable[Proof]) -> None:
    failed = [proof for proof in proofs if not proof.holds]
    if failed:
        names = ", ".join(proof.design for proof in failed)
        lines = [f"{proof.design}: {line}" for proof in failed for line in proof.differences]
        raise InvalidMeasurement(f"{trial}: {names} did not do the work of the reference model", lines)


def _part(advance: Advance, place: int, parts: int) -> Advance:
    """The progress of one of several equal parts, told as progress of the whole."""
    return lambda done, total: advance(place + done / total, parts)
