"""A run from beginning to end: server, designs, trials, proofs. What is measured is stored; nothing is derived here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench import machine, registry
from bench.anatomy.measure import AnatomyPlan, measure
from bench.configuration import Configuration, TraceConfiguration
from bench.crash.census import census
from bench.drive.errors import ContractError
from bench.errors import InvalidMeasurement
from bench.latency import samples
from bench.latency.placement import Placement, placed
from bench.latency.session import Limits, SessionResult, Variant, play
from bench.latency.variants import entries
from bench.progress import Advance, Reporter
from bench.proof.compare import Proof
from bench.results.folder import ANATOMY, CRASH, LATENCY, PROOFS, TOTALS, RunFolder, write_lines
from bench.results.schema import SCHEMA_VERSION, CrashPoint, DesignRecord, ProofRecord, RunRecord, Shortfall
from bench.scenes import KINDS
from bench.server.capabilities import as_record, probe
from bench.server.embedded import EmbeddedServer, ServerPhase, running
from bench.stores import Store, copy, install
from variants.contract import Build, Defect, Design, Gap, Options
from workloads.agent_rule import AgentRule
from workloads.generator import generate
from workloads.parameters import GeneratorParameters
from workloads.replay import replay
from workloads.trace import Window, read_trace
from workloads.workload import Workload, digest

SHOWN_DIFFERENCES = 100
"""Differences that are stored of one store; all are counted."""

SECONDS_PER_REPLAYED_OPERATION = 0.0025
"""A guess of what one operation of a trace costs one design: the first estimate of a replay's time."""

PAIRED_WITH_ITSELF_OPERATIONS = 20_000
"""A longer replay leaves the A/A pair out: a second baseline would make it a fifth longer."""

SERVER_BUDGET_S, ANATOMY_BUDGET_S, CRASH_BUDGET_S = 10.0, 40.0, 60.0


@dataclass(frozen=True, slots=True)
class _Run:
    """What the phases of one run share."""

    folder: RunFolder
    server: EmbeddedServer
    templates: Mapping[str, Store]
    reporter: Reporter
    seed: int
    started_at: str


def run_default(
    configuration: Configuration, builds: Mapping[str, Build], root: Path, arguments: Sequence[str], reporter: Reporter
) -> RunFolder:
    """Anatomy, paired latency and crash points of the designs. Raises `InvalidMeasurement` when a proof fails."""
    workloads = [_session_workload(configuration, session) for session in range(configuration.latency_sessions)]
    with _started(configuration.seed, builds, root, reporter) as run:
        _anatomy(run, configuration)
        _crash(run, configuration)
        placement = _sessions(run, configuration, workloads)
        _conclude(run, configuration.model_dump(mode="json"), workloads, placement, arguments)
    return run.folder


def run_trace(
    configuration: TraceConfiguration, builds: Mapping[str, Build], root: Path, arguments: Sequence[str], reporter: Reporter
) -> RunFolder:
    """One paired session over a trace, in its order, to its end."""
    window = Window.parse(configuration.window) if configuration.window is not None else None
    rule = AgentRule.parse(configuration.agents)
    reporter.line(f"reading {configuration.trace.name}")
    trace = read_trace(configuration.trace, window)
    workload = replay(trace, rule, configuration.reply, configuration.seed, name=configuration.trace.name)
    operations = sum(1 for _ in workload.operations())
    designs = list(builds)
    with _started(configuration.seed, builds, root, reporter) as run:
        variants = _variants(run, designs, joined=False, again=operations <= PAIRED_WITH_ITSELF_OPERATIONS)
        budget_s = 5 + operations * len(variants) * SECONDS_PER_REPLAYED_OPERATION
        rng = np.random.default_rng([configuration.seed, 0])
        with placed(run.server.pid, Placement.TOGETHER) as placement, reporter.phase("trace replay", budget_s) as advance:
            limits = Limits(seconds=None, warmup_messages=0)
            _store_session(run, play(variants, workload, limits, rng, 0, advance), 0)
        resolved = configuration.model_dump(mode="json") | {"trace": configuration.trace.name}
        _conclude(run, resolved, [workload], placement, arguments)
    return run.folder


@contextmanager
def _started(seed: int, builds: Mapping[str, Build], root: Path, reporter: Reporter) -> Iterator[_Run]:
    designs = registry.build(builds, Options())
    started = datetime.now(UTC)
    folder = RunFolder.create(root, f"{started:%Y%m%d-%H%M%S}-seed{seed}")
    with ExitStack() as stack, _accounted(folder):
        with reporter.phase("server", SERVER_BUDGET_S):
            server = stack.enter_context(running())
        server.settings(ServerPhase.MEASURE)
        extensions = ("pg_walinspect", "pg_stat_statements")
        templates = {name: install(design, server.endpoint, f"template_{name}", extensions) for name, design in designs.items()}
        yield _Run(folder, server, templates, reporter, seed, f"{started:%Y-%m-%dT%H:%M:%SZ}")


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
    plan = AnatomyPlan(ks=configuration.anatomy_agents, scenes=configuration.anatomy_scenes)
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
                points += census(store, KINDS, configuration.crash_agents, _part(advance, place, len(run.templates)))
        with run.folder.trial("crash") as path:
            write_lines(path / CRASH, points)


def _sessions(run: _Run, configuration: Configuration, workloads: Sequence[Workload]) -> str:
    variants = _variants(run, list(run.templates), joined=True, again=True)
    limits = Limits(configuration.latency_session_s, configuration.latency_warmup_messages)
    budget_s = len(workloads) * (configuration.latency_session_s + 3)
    with placed(run.server.pid, Placement.APART) as placement, run.reporter.phase("paired latency", budget_s) as advance:
        for session, workload in enumerate(workloads):
            rng = np.random.default_rng([run.seed, session])
            result = play(variants, workload, limits, rng, session, _part(advance, session, len(workloads)))
            _store_session(run, result, session)
    return placement


def _store_session(run: _Run, result: SessionResult, session: int) -> None:
    name = f"latency-{session:03d}"
    with run.folder.trial(name) as path:
        samples.write(result.recorder.table(session), path / LATENCY)
        write_lines(path / TOTALS, result.totals)
        write_lines(path / PROOFS, _records(name, result.proofs))
    _withhold_unless_proved(name, result.proofs)


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


def _session_workload(configuration: Configuration, session: int) -> Workload:
    parameters = GeneratorParameters(
        servers=2,
        channels=24,
        users=200,
        agents=max(4, configuration.latency_agents),
        agents_per_channel=configuration.latency_agents,
        messages=configuration.latency_messages,
    )
    return generate(parameters, configuration.seed * 1_000 + session)


def _variants(run: _Run, designs: Sequence[str], *, joined: bool, again: bool) -> list[Variant]:
    chosen = entries(designs, joined=joined, again=again)
    return [Variant(entry.name, run.templates[entry.design], entry.atomicity) for entry in chosen]


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
