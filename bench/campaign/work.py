"""What a run is to do, all of it made and checked: nothing was started yet, nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import registry, workload_registry
from bench.cells import variant_of
from bench.configuration import Configuration, TraceConfiguration
from bench.factors import DEFAULT
from bench.latency.variants import Entry, entries
from bench.reads.phase import TRIAL as READS
from bench.reads.world import Scale
from variants.contract import Build, Design, Options
from workloads.agent_rule import AgentRule
from workloads.replay import replay
from workloads.trace import Window, read_trace
from workloads.workload import Workload, digest

PAIRED_WITH_ITSELF_OPERATIONS = 20_000
"""A longer replay leaves the A/A pair out: a second baseline would make it a fifth longer."""


@dataclass(frozen=True, slots=True)
class Work:
    """The designs, built; the variants of the paired runs and the forms of those that need other tables; a workload a session.

    `operations` is how many operations the workloads have, `before` how many of them come before and are not measured. `trials`
    names what will be stored, in order.
    """

    configuration: Configuration | TraceConfiguration
    builds: Mapping[str, Build]
    designs: Mapping[str, Design]
    chosen: Sequence[Entry]
    forms: Mapping[Entry, Design]
    workloads: Sequence[Workload]
    operations: int
    before: int
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
    asked = workload_registry.Asked(
        configuration.workload, configuration.workload_toml, configuration.latency_messages, configuration.latency_agents
    )
    seeds = (configuration.seed * 1_000 + session for session in range(configuration.latency_sessions))
    workloads = workload_registry.workloads(asked, seeds)
    if configuration.reads_rows:
        Scale(configuration.reads_rows)
    chosen = entries(list(builds), joined=True, again=True, variants=configuration.variants)
    trials = [
        *(anatomy_trial(name) for name in builds if configuration.anatomy_agents),
        *(crash_trial(name) for name in builds if configuration.crash_agents),
        *(latency_trial(session) for session in range(len(workloads))),
        *([READS] if configuration.reads_rows else []),
        *(paths_trial(name) for name in builds),
    ]
    return _work(configuration, builds, chosen, workloads, sum(map(_operations, workloads)), trials)


def trace_work(configuration: TraceConfiguration, builds: Mapping[str, Build]) -> Work:
    """One paired session over a trace, in its order, to its end. Reads the trace."""
    window = Window.parse(configuration.window) if configuration.window is not None else None
    rule = AgentRule.parse(configuration.agents)
    # A variant that cannot be read is told before a long trace is.
    entries(list(builds), joined=False, again=False, variants=configuration.variants)
    trace = read_trace(configuration.trace, window)
    workload = replay(trace, rule, configuration.reply, configuration.seed, name=configuration.trace.name)
    operations = _operations(workload)
    again = operations <= PAIRED_WITH_ITSELF_OPERATIONS
    chosen = entries(list(builds), joined=False, again=again, variants=configuration.variants)
    return _work(configuration, builds, chosen, [workload], operations, [latency_trial(0)])


def anatomy_trial(design: str) -> str:
    """The name of the trial that counts a design's writes."""
    return f"anatomy-{design}"


def crash_trial(design: str) -> str:
    """The name of the trial that breaks a design's writes."""
    return f"crash-{design}"


def latency_trial(session: int) -> str:
    """The name of a paired session."""
    return f"latency-{session:03d}"


def paths_trial(design: str) -> str:
    """The name of the trial that walks a design's code."""
    return f"paths-{design}"


def _work(
    configuration: Configuration | TraceConfiguration,
    builds: Mapping[str, Build],
    chosen: Sequence[Entry],
    workloads: Sequence[Workload],
    operations: int,
    trials: Sequence[str],
) -> Work:
    forms = {entry: variant_of(entry.design, builds[entry.design], entry.levels) for entry in chosen if entry.levels != DEFAULT}
    designs = registry.build(builds, Options())
    before = sum(1 for workload in workloads for _ in workload.setup())
    return Work(configuration, builds, designs, chosen, forms, workloads, operations, before, trials)


def _operations(workload: Workload) -> int:
    return sum(1 for _ in workload.operations())
