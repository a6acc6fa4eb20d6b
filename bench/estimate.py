"""What a run will cost before it is begun: seconds of each phase, bytes of its results, bytes of its databases at their largest.

The seconds are budgets: what a phase should take on two busy cores; the time left is told from how the run really goes. The bytes
are upper bounds. Every constant was measured on the eight designs of this project; a test holds small real runs against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from bench.anatomy.plan import AnatomyPlan, Cell, scenes_of
from bench.campaign.work import Sessions, Work
from bench.configuration import Configuration
from bench.cost import size as cost_size
from bench.faults import estimate as faults_estimate
from bench.growth import estimate as growth_estimate
from bench.isolated import estimate as isolated_estimate
from bench.ladder import estimate as ladder_estimate
from bench.load import budget as load_budget
from bench.pgbench import estimate as pgbench_estimate
from bench.progress.words import size
from bench.reads.large import FILL_S_PER_ROW
from bench.scenes import KINDS
from bench.spans import duration
from workloads.agent_rule import AgentRule
from workloads.operations import Edit, Operation, Reply, Send
from workloads.workload import Workload

SECONDS_PER_TEMPLATE = 0.8
"""An empty database with the tables of a design and the extensions."""

SECONDS_PER_COPY = 0.5
"""A copy of a template, and its checkpoint."""

SECONDS_PER_SCENE_OPERATION = 0.0012
"""One operation of a scene that is set up or counted."""

SECONDS_PER_CRASH_POINT = 0.12
"""One point with its retries, a connection each."""

SECONDS_PER_OPERATION, SECONDS_PER_AGENT = 0.001, 0.0004
"""One operation of a workload in one variant; and for each agent of its channel."""

SECONDS_PER_READ = 0.001
SECONDS_PER_WALKED_DESIGN = 1.5
SECONDS_PER_REPORT, SECONDS_PER_DRAW = 5.0, 0.001
"""Charts and pages; and one draw of the bootstrap over all contrasts of a design."""

REPLAY_AGENTS = 2
"""What a room of a trace is taken to have when the time of a replay is told."""

USUAL_AGENTS = 2
"""What a channel of a workload is taken to have that does not say it."""

BYTES_PER_SAMPLE = 36
"""A row of the raw operations, as if nothing in it could be compressed."""

BYTES_PER_RECORD = 2_048
"""A line of totals or of a proof, and what a trial says of itself."""

BYTES_PER_CELL, BYTES_PER_POINT = 3_000, 700
"""A line of the anatomy, by relation; one of the crash points, whose agents add their names."""

BYTES_PER_AGENT_NAMED = 40
BYTES_PER_LOOKED_AT = 40_000
"""Plans, indexes and tables of one large store."""

BYTES_PER_DESIGN, BYTES_OF_RUN = 8_000, 120_000
"""What `run.json` and the code paths hold of a design; and what the run holds of itself, its log included."""

DERIVED_BYTES, DERIVED_BYTES_PER_VARIANT, DERIVED_PER_RAW_BYTE = 600_000, 350_000, 4
"""Summary, charts and report: of any run, of each variant, and for each byte of the counted rows that stand in them."""

BYTES_OF_SERVER = 200_000_000
"""An empty server with its log of changes, which keeps its size between two checkpoints."""

BYTES_PER_DATABASE = 15_000_000
"""An empty database with the tables of a design, and the changes that make it."""

BYTES_PER_COPY = 2_000
"""What one operation leaves centrally, or at one agent: rows, indexes and changes, without its text; copied texts count twice."""

SESSIONS_DIFFER = 1.25
"""How much longer another session's workload may be than the first one's."""

BYTES_PER_LARGE_ROW = 8_000
"""The same for a message of a large store with all that belongs to it, text included."""


BYTES_PER_LOADED_MESSAGE = 24_000
"""What a message of a user, with the replies to it and the changes that they make, leaves in a store that is under load."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds of all phases, and the most bytes that results, with all that is derived from them, and databases will take."""

    seconds: float
    result_bytes: int
    database_bytes: int


def budgets(work: Work) -> dict[str, float]:
    """The seconds of each phase, in the order of the run; only phases that it has."""
    configuration = work.configuration
    templates = len(work.designs) + sum(entry.levels.indexes is not None for entry in work.forms)
    found = {"templates": 2 + SECONDS_PER_TEMPLATE * templates}
    designs = len(work.designs)
    if isinstance(configuration, Configuration):
        if configuration.anatomy_agents:
            found["write anatomy"] = designs * (1 + SECONDS_PER_SCENE_OPERATION * _scene_operations(configuration))
        found |= cost_size.checkpoint_seconds(configuration, designs)
        if configuration.crash_agents:
            share = len(configuration.crash_kinds) / len(KINDS)
            found["crash points"] = designs * (2 + SECONDS_PER_CRASH_POINT * share * _points(configuration))
        for phase, sessions in (("paired latency", work.designs_apart), ("paired factors", work.factors)):
            if sessions.trials:
                found[phase] = _paired_s(work, sessions, configuration.latency_session_s)
        found |= cost_size.seconds(configuration, designs)
        if configuration.reads_rows:
            reads_s = 1 + SECONDS_PER_READ * configuration.reads_rounds * _readers(work)
            found["large stores"] = 5 + FILL_S_PER_ROW * configuration.reads_rows * designs
            found["paired reads"] = configuration.reads_sessions * min(reads_s, configuration.reads_session_s + 1)
        found |= load_budget.seconds(configuration, _loaded(work, configuration))
        found |= growth_estimate.budgets(configuration, designs) | ladder_estimate.budgets(configuration)
        found |= pgbench_estimate.budgets(configuration, designs) | isolated_estimate.budgets(configuration, designs)
        found |= faults_estimate.budgets(configuration, designs)
        found["code paths"] = SECONDS_PER_WALKED_DESIGN * designs
    else:
        found["trace replay"] = 5 + _session_s(work.designs_apart, REPLAY_AGENTS)
    found["report"] = SECONDS_PER_REPORT + SECONDS_PER_DRAW * configuration.bootstrap_draws * designs
    return {name: round(seconds, 1) for name, seconds in found.items()}


def bounds(work: Work) -> Bounds:
    """What the whole run takes at the most."""
    return Bounds(sum(budgets(work).values()), _result_bytes(work), _database_bytes(work))


def told_line(found: Bounds, free: Mapping[str, int]) -> str:
    """The bounds in a line for people; `free` names places and the bytes that are free there."""
    room = ", ".join(f"{size(count)} {place}" for place, count in free.items())
    sizes = f"results at most {size(found.result_bytes)}, databases at most {size(found.database_bytes)}"
    return f"the run takes about {duration(found.seconds)}; {sizes}" + (f"; free: {room}" if room else "")


def _paired_s(work: Work, sessions: Sessions, limit_s: float) -> float:
    """Paired sessions with their set-up, each until its end or its limit."""
    count, variants = len(sessions.trials), len(sessions.entries)
    one_s = _session_s(sessions, _agents(work)) / count
    before = sum(1 for workload in sessions.workloads for _ in workload.setup())
    return count * min(one_s, limit_s + 5 + variants) + _operation_s(_agents(work)) * before * variants


def _session_s(sessions: Sessions, agents: int) -> float:
    variants = len(sessions.entries)
    return sessions.operations * variants * _operation_s(agents) + len(sessions.workloads) * variants * SECONDS_PER_COPY


def _operation_s(agents: int) -> float:
    return SECONDS_PER_OPERATION + SECONDS_PER_AGENT * (1 + agents)


def _agents(work: Work) -> int:
    """The agents of a channel of the paired workload, as it says itself; a rule says the most that a room may have."""
    parameters = work.workloads[0].parameters if work.workloads else {}
    agents = parameters.get("agents_per_channel", parameters.get("agents", USUAL_AGENTS))
    if isinstance(agents, str):
        return _agents_max(AgentRule.parse(agents))
    return agents if isinstance(agents, int) else USUAL_AGENTS


def _cells(configuration: Configuration) -> tuple[Cell, ...]:
    return AnatomyPlan(ks=configuration.anatomy_agents, scenes=1).cells() if configuration.anatomy_agents else ()


def _scene_operations(configuration: Configuration) -> int:
    scenes = (scene for cell in _cells(configuration) for scene in scenes_of(0, cell, 1))
    return configuration.anatomy_scenes * sum(len(scene.setup) + len(scene.target) for scene in scenes)


def _points(configuration: Configuration) -> int:
    """A design's transactions grow with the agents of a channel; three atomicities at the most."""
    return sum(15 + 25 * (1 + k) for k in configuration.crash_agents)


def _readers(work: Work) -> int:
    """Two sets of indexes for a design at the most, and the pair of the same."""
    return 2 * len(work.designs) + 1


def _loaded(work: Work, configuration: Configuration) -> int:
    """The variants that are put under load."""
    return len(work.builds) + len(configuration.load_variants)


def _result_bytes(work: Work) -> int:
    variants, designs = len(work.chosen), len(work.designs)
    groups = (work.designs_apart, work.factors)
    samples = sum(sessions.operations * len(sessions.entries) for sessions in groups)
    rows = BYTES_PER_RECORD * (3 * variants * len(work.workloads) + 4 * len(work.trials)) + BYTES_PER_DESIGN * designs
    configuration, loaded = work.configuration, 0
    if isinstance(configuration, Configuration):
        rows += designs * BYTES_PER_CELL * len(_cells(configuration))
        each_k = (BYTES_PER_POINT + BYTES_PER_AGENT_NAMED * k for k in configuration.crash_agents)
        rows += designs * 2 * _points(configuration) * max(each_k, default=0)
        if configuration.reads_rows:
            samples += configuration.reads_sessions * configuration.reads_rounds * _readers(work)
            rows += BYTES_PER_LOOKED_AT * _readers(work)
        rows += cost_size.result_bytes(configuration, designs)
        loaded = load_budget.result_bytes(configuration, _loaded(work, configuration))
        loaded += growth_estimate.result_bytes(configuration, designs) + ladder_estimate.result_bytes(configuration)
        loaded += pgbench_estimate.result_bytes(configuration, designs)
        loaded += isolated_estimate.result_bytes(configuration, designs)
        loaded += faults_estimate.result_bytes(configuration, designs)
    derived = DERIVED_BYTES + DERIVED_BYTES_PER_VARIANT * variants + DERIVED_PER_RAW_BYTE * rows
    return BYTES_OF_RUN + BYTES_PER_SAMPLE * samples + 20_000 * len(work.trials) + rows + derived + loaded


def _database_bytes(work: Work) -> int:
    """Templates are there all the time; the largest of what comes beside them is the peak."""
    configuration, designs = work.configuration, len(work.designs)
    scenes = large = loaded = costs = grown = 0
    if isinstance(configuration, Configuration):
        agents = _agents(work)
        if configuration.anatomy_agents:
            scenes = BYTES_PER_COPY * (1 + max(configuration.anatomy_agents)) * _scene_operations(configuration)
        large = 2 * designs * (BYTES_PER_DATABASE + BYTES_PER_LARGE_ROW * configuration.reads_rows)
        costs = (designs + 1) * BYTES_PER_DATABASE + cost_size.database_bytes(configuration, designs)
        loaded = BYTES_PER_DATABASE + load_budget.database_bytes(configuration, BYTES_PER_LOADED_MESSAGE)
        grown = max(growth_estimate.database_bytes(configuration, designs), ladder_estimate.database_bytes(configuration))
        grown = max(grown, pgbench_estimate.database_bytes(configuration, designs), faults_estimate.database_bytes(configuration))
    else:
        agents = _agents_max(AgentRule.parse(configuration.agents))
    paired = max(_paired_bytes(sessions, 1 + agents) for sessions in (work.designs_apart, work.factors))
    templates = BYTES_PER_DATABASE * (designs + sum(entry.levels.indexes is not None for entry in work.forms))
    return BYTES_OF_SERVER + templates + max(BYTES_PER_DATABASE + scenes, large, paired, loaded, costs, grown)


def _paired_bytes(sessions: Sessions, copies: int) -> int:
    """What the variants of a session leave, each in a database of its own."""
    if not sessions.workloads:
        return 0
    return len(sessions.entries) * (BYTES_PER_DATABASE + round(SESSIONS_DIFFER * _session_bytes(sessions.workloads[0], copies)))


def _agents_max(rule: AgentRule) -> int:
    return max(rule.every, *(exception.agents for exception in rule.exceptions), 0)


def _session_bytes(workload: Workload, copies: int) -> int:
    """What a session leaves in a store in which each message lies so often."""
    operations = chain(workload.setup(), workload.operations())
    return sum(copies * (BYTES_PER_COPY + 2 * _text_bytes(operation)) for operation in operations)


def _text_bytes(operation: Operation) -> int:
    return len(operation.text.encode()) if isinstance(operation, Send | Reply | Edit) else 0
