"""What a run is to do, all of it made and checked: nothing was started yet, nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import registry, workload_registry
from bench.anatomy.phase import checkpoint_trial
from bench.cells import variant_of
from bench.configuration import Configuration, TraceConfiguration
from bench.cost.phase import TRIAL as COSTS
from bench.errors import UserError
from bench.factors import DEFAULT
from bench.faults.trials import trials as fault_trials
from bench.growth.trials import trials as growth_trials
from bench.isolated.trials import trials as isolated_trials
from bench.ladder import registry as ladders
from bench.ladder.trials import trials as ladder_trials
from bench.latency.planting import parse as parse_planted
from bench.latency.variants import Entry, entries
from bench.load import trials as load_trials
from bench.load.budget import levels
from bench.pgbench.files import trials as pgbench_trials
from bench.reads.phase import TRIAL as READS
from bench.reads.world import Scale
from bench.streams import session_seed
from variants.contract import Build, Design, Options
from workloads.agent_rule import AgentRule
from workloads.replay import replay
from workloads.trace import Window, read_trace
from workloads.workload import Workload, digest

FACTORS = "factors"
"""What the names of trials of joined designs and of variants begin with."""

PAIRED_WITH_ITSELF_OPERATIONS = 20_000
"""A longer replay leaves the A/A pair out: a second baseline would make it a fifth longer."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Paired sessions of the same variants: a trial and a workload for each. `operations` are those of all their workloads."""

    trials: Sequence[str]
    entries: Sequence[Entry]
    workloads: Sequence[Workload]
    operations: int


@dataclass(frozen=True, slots=True)
class Work:
    """The designs, built; the variants of the paired runs and the forms of those that need other tables; a workload a session.

    `designs_apart` are the sessions of the designs as they are, `factors` those of joined designs and other variants; `chosen` and
    `workloads` are of both. `operations` is how many operations the workloads have, `before` how many of them come before and are
    not measured. `trials` names what will be stored, in order.
    """

    configuration: Configuration | TraceConfiguration
    builds: Mapping[str, Build]
    designs: Mapping[str, Design]
    chosen: Sequence[Entry]
    forms: Mapping[Entry, Design]
    workloads: Sequence[Workload]
    operations: int
    before: int
    designs_apart: Sessions
    factors: Sessions
    trials: Sequence[str]

    def digests(self) -> dict[str, str]:
        """The digest of each workload, by its place and name."""
        return {f"{number}-{workload.name}": digest(workload) for number, workload in enumerate(self.workloads)}


def work_of(configuration: Configuration | TraceConfiguration) -> Work:
    """The work of a configuration. What it names and does not exist is refused in one line; a trace is read."""
    builds = registry.load(configuration.designs)
    if isinstance(configuration, Configuration):
        return default_work(configuration, builds)
    return trace_work(configuration, builds)


def default_work(configuration: Configuration, builds: Mapping[str, Build]) -> Work:
    """Anatomy, crash points, paired latency, reads and code paths. What does not exist is refused in one line."""
    names = list(builds)
    planted = [parse_planted(cost) for cost in configuration.planted_costs]
    if configuration.reads_rows:
        Scale(configuration.reads_rows)
    apart = _sessions(
        [latency_trial(session) for session in range(configuration.latency_sessions)],
        entries(names, joined=False, again=True, planted=planted),
        _workloads(configuration, configuration.latency_messages, range(configuration.latency_sessions)),
    )
    last = configuration.latency_sessions + configuration.factor_sessions
    factors = _sessions(
        [factor_trial(session) for session in range(configuration.factor_sessions)],
        entries(names, joined=True, again=True, variants=configuration.variants),
        _workloads(configuration, configuration.factor_messages, range(configuration.latency_sessions, last)),
    )
    trials = [
        *(anatomy_trial(name) for name in builds if configuration.anatomy_agents),
        *(checkpoint_trial(name) for name in builds if configuration.anatomy_checkpoint_agents),
        *(crash_trial(name) for name in builds if configuration.crash_agents),
        *apart.trials,
        *factors.trials,
        *([COSTS] if configuration.cost_operations else []),
        *([READS] if configuration.reads_rows else []),
        *_load_trials(configuration, builds),
        *growth_trials(configuration, builds),
        *_ladder_trials(configuration),
        *pgbench_trials(configuration.pgbench_rounds),
        *isolated_trials(names, configuration.isolated_blocks, configuration.seed),
        *fault_trials(configuration, builds),
        *(paths_trial(name) for name in builds),
    ]
    return _work(configuration, builds, apart, factors, trials)


def trace_work(configuration: TraceConfiguration, builds: Mapping[str, Build]) -> Work:
    """One paired session over a trace, in its order, to its end. Reads the trace."""
    window = Window.parse(configuration.window) if configuration.window is not None else None
    rule = AgentRule.parse(configuration.agents)
    # A variant that cannot be read is told before a long trace is.
    entries(list(builds), joined=False, again=False, variants=configuration.variants)
    trace = read_trace(configuration.trace, window)
    workload = replay(trace, rule, configuration.reply, configuration.seed, name=configuration.trace.name)
    again = _operations(workload) <= PAIRED_WITH_ITSELF_OPERATIONS
    planted = [parse_planted(cost) for cost in configuration.planted_costs] if again else []
    chosen = entries(list(builds), joined=False, again=again, variants=configuration.variants, planted=planted)
    whole = _sessions([latency_trial(0)], chosen, [workload])
    return _work(configuration, builds, whole, _sessions([], [], []), whole.trials)


def anatomy_trial(design: str) -> str:
    """The name of the trial that counts a design's writes."""
    return f"anatomy-{design}"


def crash_trial(design: str) -> str:
    """The name of the trial that breaks a design's writes."""
    return f"crash-{design}"


def latency_trial(session: int) -> str:
    """The name of a paired session."""
    return f"latency-{session:03d}"


def factor_trial(session: int) -> str:
    """The name of a paired session of joined designs and other variants."""
    return f"{FACTORS}-{session:03d}"


def paths_trial(design: str) -> str:
    """The name of the trial that walks a design's code."""
    return f"paths-{design}"


def _ladder_trials(configuration: Configuration) -> Sequence[str]:
    if not configuration.ladder:
        return []
    ladders.climb(configuration.ladder)
    return list(ladder_trials(configuration.ladder_sessions))


def _load_trials(configuration: Configuration, builds: Mapping[str, Build]) -> list[str]:
    if not configuration.load_window_s:
        return []
    for entry in load_trials.variants(list(builds), configuration.load_variants):
        if entry.design not in builds:
            raise UserError(f"load_variants: {entry.name!r}: {entry.design!r} is not among the designs of this run")
        variant_of(entry.design, builds[entry.design], entry.levels)
    return load_trials.planned(
        list(builds),
        configuration.load_variants,
        repeats=configuration.load_repeats,
        levels=levels(configuration),
        series=configuration.load_series_s > 0,
        seed=configuration.seed,
    )


def _workloads(configuration: Configuration, messages: int, numbers: range) -> Sequence[Workload]:
    asked = workload_registry.Asked(configuration.workload, configuration.workload_toml, messages, configuration.latency_agents)
    return workload_registry.workloads(asked, (session_seed(configuration.seed, number) for number in numbers))


def _sessions(trials: Sequence[str], chosen: Sequence[Entry], workloads: Sequence[Workload]) -> Sessions:
    return Sessions(trials, chosen if trials else [], workloads, sum(map(_operations, workloads)))


def _work(
    configuration: Configuration | TraceConfiguration,
    builds: Mapping[str, Build],
    apart: Sessions,
    factors: Sessions,
    trials: Sequence[str],
) -> Work:
    chosen = list(dict.fromkeys([*apart.entries, *factors.entries]))
    forms = {entry: variant_of(entry.design, builds[entry.design], entry.levels) for entry in chosen if entry.levels != DEFAULT}
    designs = registry.build(builds, Options())
    workloads = [*apart.workloads, *factors.workloads]
    before = sum(1 for workload in workloads for _ in workload.setup())
    operations = apart.operations + factors.operations
    return Work(configuration, builds, designs, chosen, forms, workloads, operations, before, apart, factors, trials)


def _operations(workload: Workload) -> int:
    return sum(1 for _ in workload.operations())
