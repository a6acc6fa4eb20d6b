"""What a run does, resolved: every number that shapes it, stored with the results.

A key says its meaning, its unit and the source of its default in the model itself; help, `storebench show config` and
docs/configuration.md are written from there.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bench.anatomy.plan import SCENES_MAX
from bench.configuration.cost_keys import AnatomyCheckpointAgents, CostAgents, CostOperations, CostRepetitions, ObserverPairs
from bench.configuration.faults_keys import (
    CrashKinds,
    FaultsCells,
    FaultsExposures,
    FaultsInterruptions,
    FaultsKills,
    FaultsKinds,
    FaultsKindsTwice,
    FaultsKindsTwoAgents,
    FaultsLanes,
    FaultsSchedules,
    FaultsStored,
    FaultsStreams,
    FaultsWorkers,
)
from bench.configuration.growth_keys import (
    GrowthAgents,
    GrowthChannels,
    GrowthMessages,
    GrowthMessagesDesign,
    GrowthRows,
    GrowthRowsLeftOut,
    GrowthSessions,
    GrowthSessionSeconds,
    GrowthTurns,
)
from bench.configuration.ladder_keys import LadderAgents, LadderMessages, LadderName, LadderSessions
from bench.configuration.latency_keys import (
    FactorMessages,
    FactorSessions,
    IsolatedBlocks,
    IsolatedMessages,
    LatencySessions,
    PlantedCosts,
    PrimaryKinds,
    SmallestEffect,
)
from bench.configuration.load_keys import (
    LoadArrivals,
    LoadCheckpoint,
    LoadConnections,
    LoadExchange,
    LoadMessages,
    LoadObjective,
    LoadPercents,
    LoadPlacing,
    LoadProbes,
    LoadProcesses,
    LoadRates,
    LoadRepeats,
    LoadResolution,
    LoadSeriesPercent,
    LoadSeriesWindow,
    LoadVariants,
    LoadWarmup,
    LoadWindow,
)
from bench.configuration.pgbench_keys import PgbenchAgents, PgbenchClients, PgbenchMessages, PgbenchPlacing, PgbenchRounds
from bench.configuration.values import (
    MESSAGES_MAX,
    SESSIONS_MAX,
    AgentCounts,
    Agents,
    FilePath,
    Names,
    Seconds,
    Share,
    Text,
    Variants,
    WorkloadName,
    WorkloadText,
)
from bench.faults.cells import NAMES as CELLS
from bench.faults.names import LANES
from bench.reads.world import ROWS_MAX, ROWS_MIN
from bench.registry import NARROW, OURS
from workloads import agent_rule
from workloads.agent_rule import AgentRule
from workloads.key import Key
from workloads.trace import Window

STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)
"""No unknown key, and no guess at what a value of another type was meant to be."""

Seed = Annotated[
    int,
    Field(ge=0, lt=2**63),
    Key(
        "seeds workloads, the orders of variants and the bootstrap",
        "a whole number",
        "our choice: any number will do, as long as two runs that are to be alike have the same",
    ),
]
Draws = Annotated[
    int,
    Field(ge=100, le=100_000),
    Key(
        "how often the bootstrap draws sessions and blocks anew for an interval",
        "draws",
        "Efron and Tibshirani, An Introduction to the Bootstrap (1993): 1,000 or more for an interval; these take a second or two",
    ),
]
MoreVariants = Annotated[
    Variants,
    Key(
        'more variants that take part, such as "dual[ensure=remembered]"; each is one of a design of this run',
        "names of variants",
        "docs/method.md, Factors: a level of a factor is compared when it is asked for",
    ),
]
PeerDelivery = Annotated[
    bool,
    Key(
        "whether an agent's reply is delivered to the channel's other agents",
        "true or false",
        "elizaOS 1.6.1 (October 2025), which the design note speaks of, delivers it; 1.7 does not",
    ),
]


def _window(text: str | None) -> str | None:
    if text is not None:
        Window.parse(text)
    return text


def _agent_rule(text: str) -> str:
    AgentRule.parse(text)
    return text


def _rows(rows: int) -> int:
    if 0 < rows < ROWS_MIN:
        raise ValueError(f"give 0 for no reads, or {ROWS_MIN} or more")
    return rows


class Configuration(BaseModel):
    """The default run: write anatomy, crash points, faults, paired latency, reads and code paths."""

    model_config = STRICT

    seed: Seed = 1
    designs: Annotated[
        Names,
        Field(min_length=1),
        Key("the designs that take part", "names of designs", "docs/designs.md: every reading of the design note, and the floor"),
    ] = OURS
    anatomy_agents: Annotated[
        AgentCounts,
        Key(
            "agents in a channel at which writes are counted; none: no write is counted",
            "numbers of agents",
            "the real server was recorded at 1, 2 and 4; 0 shows what the central side costs alone",
        ),
    ] = (0, 1, 2, 4)
    anatomy_scenes: Annotated[
        int,
        Field(ge=1, le=SCENES_MAX),
        Key(
            "operations that are counted for each kind, k and state",
            "operations",
            "docs/method.md, Write anatomy: counts are exact, so a few show whether they vary",
        ),
    ] = 4
    anatomy_checkpoint_agents: AnatomyCheckpointAgents = ()
    workload: Annotated[
        WorkloadName,
        Key(
            "the workload of the paired sessions",
            "a name, or a path that ends in .toml, either with :POINT where it is a family",
            "docs/workloads.md: chat, fitted to real traces",
        ),
    ] = "chat"
    workload_toml: Annotated[
        WorkloadText | None,
        Key(
            "what the workload's file says, read when it is not given: so a run can be made again when the file is gone",
            "text",
            "none: a workload that is named comes with the program",
        ),
    ] = None
    latency_agents: Annotated[
        Agents | None,
        Key(
            "agents in a channel of the paired workload; not set: as many as the workload says",
            "agents",
            "docs/workloads.md: chat has two",
        ),
    ] = None
    latency_sessions: LatencySessions = 10
    latency_messages: Annotated[
        int,
        Field(ge=1, le=MESSAGES_MAX),
        Key(
            "messages of users in a session, which ends when all were performed; the workload is scaled to it",
            "messages",
            "measured: with these, a session of all designs lasts about 11 s on 2 cores, of which operations take 7.5 s",
        ),
    ] = 210
    latency_session_s: Annotated[
        Seconds,
        Key(
            "safety limit of a session: it stops there, and the report says so",
            "seconds",
            "our choice: about ten times what a session of the default run takes",
        ),
    ] = 120.0
    latency_warmup_messages: Annotated[
        int,
        Field(ge=0, le=MESSAGES_MAX),
        Key(
            "first messages of a session, of users and agents, that are recorded as warm-up and not compared",
            "messages",
            "PostgreSQL documentation, PREPARE: the first five executions of a prepared statement are planned anew",
        ),
    ] = 20
    factor_sessions: FactorSessions = 4
    factor_messages: FactorMessages = 36
    primary_kinds: PrimaryKinds = ("send", "reply")
    smallest_effect: SmallestEffect = 0.05
    planted_costs: PlantedCosts = ("+1%",)
    isolated_blocks: IsolatedBlocks = 0
    isolated_messages: IsolatedMessages = 60
    crash_agents: Annotated[
        AgentCounts,
        Key(
            "agents in a channel at which operations are broken; none: no operation is broken",
            "numbers of agents",
            "two are the fewest with which one agent can have an operation that another one lacks",
        ),
    ] = (2,)
    crash_kinds: CrashKinds = ("send",)
    faults_cells: FaultsCells = CELLS
    faults_kinds: FaultsKinds = ("send",)
    faults_kinds_two_agents: FaultsKindsTwoAgents = ()
    faults_kinds_twice: FaultsKindsTwice = ()
    faults_lanes: FaultsLanes = LANES
    faults_schedules: FaultsSchedules = 12
    faults_workers: FaultsWorkers = 2
    faults_kills: FaultsKills = 0
    faults_interruptions: FaultsInterruptions = False
    faults_streams: FaultsStreams = 0
    faults_exposures: FaultsExposures = 60
    faults_stored: FaultsStored = 0
    reads_rows: Annotated[
        int,
        Field(ge=0, le=ROWS_MAX),
        AfterValidator(_rows),
        Key(
            "messages of each store that reads are measured on; 0: no reads",
            "messages",
            "docs/method.md, Reads and plans: enough for an index to matter, and filled within half a minute",
        ),
    ] = 6_000
    reads_sessions: Annotated[
        int,
        Field(ge=1, le=SESSIONS_MAX),
        Key(
            "sessions of reads, each with fresh connections: the outer level of the bootstrap",
            "sessions",
            "as latency_sessions",
        ),
    ] = 4
    reads_rounds: Annotated[
        int,
        Field(ge=1, le=MESSAGES_MAX),
        Key(
            "reads of a session, each performed by every variant",
            "reads",
            "measured: with these, a session of all designs lasts about 3 s on 2 cores; they are whole turns of all kinds",
        ),
    ] = 228
    reads_session_s: Annotated[
        Seconds,
        Key(
            "safety limit of a session of reads: it stops there, and the report says so",
            "seconds",
            "our choice: about ten times what a session of the default run takes",
        ),
    ] = 30.0
    load_window_s: LoadWindow = 0.0
    load_warmup_s: LoadWarmup = 1.0
    load_repeats: LoadRepeats = 2
    load_probes: LoadProbes = 6
    load_resolution: LoadResolution = 0.05
    load_objective_ms: LoadObjective = 50.0
    load_percents: LoadPercents = (20, 40, 60, 80)
    load_rates: LoadRates = ()
    load_connections: LoadConnections = 8
    load_processes: LoadProcesses = 1
    load_messages: LoadMessages = 20_000
    load_arrivals: LoadArrivals = "poisson"
    load_exchange: LoadExchange = "plain"
    load_placement: LoadPlacing = "apart"
    load_variants: LoadVariants = ()
    load_series_s: LoadSeriesWindow = 0.0
    load_series_percent: LoadSeriesPercent = 60
    load_checkpoint_s: LoadCheckpoint = 6.0
    cost_operations: CostOperations = 0
    cost_repetitions: CostRepetitions = 5
    cost_agents: CostAgents = 2
    observer_pairs: ObserverPairs = 50
    growth_agents: GrowthAgents = ()
    growth_rows: GrowthRows = ()
    growth_rows_left_out: GrowthRowsLeftOut = ()
    growth_channels: GrowthChannels = ()
    growth_sessions: GrowthSessions = 4
    growth_turns: GrowthTurns = 16
    growth_session_s: GrowthSessionSeconds = 300.0
    growth_messages: GrowthMessages = ()
    growth_messages_design: GrowthMessagesDesign = "hybrid"
    ladder: LadderName = ""
    ladder_sessions: LadderSessions = 4
    ladder_messages: LadderMessages = 90
    ladder_agents: LadderAgents = 2
    pgbench_rounds: PgbenchRounds = 0
    pgbench_messages: PgbenchMessages = 1_000
    pgbench_clients: PgbenchClients = (1, 4, 16)
    pgbench_agents: PgbenchAgents = 2
    pgbench_placement: PgbenchPlacing = "apart"
    bootstrap_draws: Draws = 2000
    variants: MoreVariants = ()
    peer_delivery: PeerDelivery = True


class TraceConfiguration(BaseModel):
    """A replay of a trace: closed loop, in trace order, one transaction for each side."""

    model_config = STRICT

    trace: Annotated[
        FilePath,
        Key("the trace that is replayed, CSV or gzip of it", "a path", "none: a file that names a trace is a replay of it"),
    ]
    seed: Seed = 1
    designs: Annotated[
        Names,
        Field(min_length=1),
        Key(
            "the designs that take part",
            "names of designs",
            "docs/designs.md: one reading of each option, and the floor; all eight would take twice as long",
        ),
    ] = NARROW
    window: Annotated[
        Text | None,
        AfterValidator(_window),
        Key(
            "the part of the trace that is replayed; all of it when not set",
            "START:LENGTH in seconds of the trace's time",
            "our choice: what nobody asked to cut is replayed whole",
        ),
    ] = None
    agents: Annotated[
        Text,
        AfterValidator(_agent_rule),
        Key(
            "agents of a room by its activity: all rooms, rooms of so many messages or more, the busiest rooms",
            "agents: k, N:k, topN:k",
            "assumed: more agents where more is said; no measured shares were found",
        ),
    ] = agent_rule.DEFAULT
    reply: Annotated[
        Share,
        Key(
            "probability that an agent of the room answers a message of a user",
            "a probability from 0 to 1",
            "assumed: no measured share of answered group messages was found",
        ),
    ] = 0.15
    primary_kinds: PrimaryKinds = ("send", "reply")
    smallest_effect: SmallestEffect = 0.05
    planted_costs: PlantedCosts = ("+1%",)
    bootstrap_draws: Draws = 2000
    variants: MoreVariants = ()
    peer_delivery: PeerDelivery = True
