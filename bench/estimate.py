"""What a run will cost before it is begun: seconds of each phase, bytes of its results, bytes of its databases at their largest.

The seconds are budgets: what a phase should take on two busy cores; the time left is told from how the run really goes. The bytes
are upper bounds. Every constant was measured on the eight designs of this project; a test holds small real runs against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from bench.anatomy.plan import AnatomyPlan, Cell, scenes_of
from bench.campaign.work import Work
from bench.configuration import Configuration
from bench.progress.words import duration, size
from bench.reads.large import FILL_S_PER_ROW
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

BYTES_PER_CELL, BYTES_PER_POINT = 600, 700
"""A line of the anatomy; one of the crash points, whose agents add their names."""

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


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds of all phases, and the most bytes that results, with all that is derived from them, and databases will take."""

    seconds: float
    result_bytes: int
    database_bytes: int


def budgets(work: Work) -> dict[str, float]:
    """The seconds of each phase, in the order of the run; only phases that it has."""
    configuration, variants = work.configuration, len(work.chosen)
    templates = len(work.designs) + sum(entry.levels.indexes is not None for entry in work.forms)
    found = {"templates": 2 + SECONDS_PER_TEMPLATE * templates}
    designs = len(work.designs)
    if isinstance(configuration, Configuration):
        if configuration.anatomy_agents:
            found["write anatomy"] = designs * (1 + SECONDS_PER_SCENE_OPERATION * _scene_operations(configuration))
        if configuration.crash_agents:
            found["crash points"] = designs * (2 + SECONDS_PER_CRASH_POINT * _points(configuration))
        session_s = _session_s(work, variants, _agents(work)) / configuration.latency_sessions
        measured_s = configuration.latency_sessions * min(session_s, configuration.latency_session_s + 5 + variants)
        found["paired latency"] = measured_s + _operation_s(_agents(work)) * work.before * variants
        if configuration.reads_rows:
            reads_s = 1 + SECONDS_PER_READ * configuration.reads_rounds * _readers(work)
            found["large stores"] = 5 + FILL_S_PER_ROW * configuration.reads_rows * designs
            found["paired reads"] = configuration.reads_sessions * min(reads_s, configuration.reads_session_s + 1)
        found["code paths"] = SECONDS_PER_WALKED_DESIGN * designs
    else:
        found["trace replay"] = 5 + _session_s(work, variants, REPLAY_AGENTS)
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


def _session_s(work: Work, variants: int, agents: int) -> float:
    return work.operations * variants * _operation_s(agents) + len(work.workloads) * variants * SECONDS_PER_COPY


def _operation_s(agents: int) -> float:
    return SECONDS_PER_OPERATION + SECONDS_PER_AGENT * (1 + agents)


def _agents(work: Work) -> int:
    """The agents of a channel of the paired workload, as it says itself; a rule says the most that a room may have."""
    parameters = work.workloads[0].parameters
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


def _result_bytes(work: Work) -> int:
    variants, designs = len(work.chosen), len(work.designs)
    samples = work.operations * variants
    rows = BYTES_PER_RECORD * (3 * variants * len(work.workloads) + 4 * len(work.trials)) + BYTES_PER_DESIGN * designs
    configuration = work.configuration
    if isinstance(configuration, Configuration):
        rows += designs * BYTES_PER_CELL * len(_cells(configuration))
        each_k = (BYTES_PER_POINT + BYTES_PER_AGENT_NAMED * k for k in configuration.crash_agents)
        rows += designs * 2 * _points(configuration) * max(each_k, default=0)
        if configuration.reads_rows:
            samples += configuration.reads_sessions * configuration.reads_rounds * _readers(work)
            rows += BYTES_PER_LOOKED_AT * _readers(work)
    derived = DERIVED_BYTES + DERIVED_BYTES_PER_VARIANT * variants + DERIVED_PER_RAW_BYTE * rows
    return BYTES_OF_RUN + BYTES_PER_SAMPLE * samples + 20_000 * len(work.trials) + rows + derived


def _database_bytes(work: Work) -> int:
    """Templates are there all the time; the largest of what comes beside them is the peak."""
    configuration, designs = work.configuration, len(work.designs)
    scenes = large = 0
    if isinstance(configuration, Configuration):
        agents = _agents(work)
        if configuration.anatomy_agents:
            scenes = BYTES_PER_COPY * (1 + max(configuration.anatomy_agents)) * _scene_operations(configuration)
        large = 2 * designs * (BYTES_PER_DATABASE + BYTES_PER_LARGE_ROW * configuration.reads_rows)
    else:
        agents = _agents_max(AgentRule.parse(configuration.agents))
    paired = len(work.chosen) * (BYTES_PER_DATABASE + round(SESSIONS_DIFFER * _session_bytes(work.workloads[0], 1 + agents)))
    templates = BYTES_PER_DATABASE * (designs + sum(entry.levels.indexes is not None for entry in work.forms))
    return BYTES_OF_SERVER + templates + max(BYTES_PER_DATABASE + scenes, large, paired)


def _agents_max(rule: AgentRule) -> int:
    return max(rule.every, *(exception.agents for exception in rule.exceptions), 0)


def _session_bytes(workload: Workload, copies: int) -> int:
    """What a session leaves in a store in which each message lies so often."""
    operations = chain(workload.setup(), workload.operations())
    return sum(copies * (BYTES_PER_COPY + 2 * _text_bytes(operation)) for operation in operations)


def _text_bytes(operation: Operation) -> int:
    return len(operation.text.encode()) if isinstance(operation, Send | Reply | Edit) else 0
