"""What a run stores of faults: each exposure with its evidence and its outcome, and what is derived from them.

An **exposure** is one operation that met one schedule of faults. It is void when a fault of it left no evidence that it happened;
a void exposure is counted and never judged. `told` is what the caller heard (`ok`, `fail`, `info`), `truth` what the server did
(`committed`, `aborted`, `partial`, `unknown`); neither is ever mended with the other. `left` is what there was in the end, after
all retries and after what waited was applied: `whole`, `partial`, `lost`, `duplicated`; `parts` names who has something of it,
as in `CrashPoint`. Times are in nanoseconds unless a name ends in `_s`.
"""

from __future__ import annotations

from pydantic import Field

from bench.results.record import Record


class SweepRow(Record):
    """One exposure of a sweep. The text form of `schedule` is the argument of `storebench replay`.

    `faults` is 1 or 2; `attempt`, `message` and `side` are of the first fault, `flight` the flight in which its message travels,
    `second` the text form of the second one (`reply-lost@2.3`), None without one. `lane` is `proxy` or `fast`. `happened` is false
    for a void exposure. `violations` are the invariants that it breaks, such as `I4`, and `broken` says which way, once for each of
    their keys, such as `I4 central-only`; all of them together hit so many messages, channels, agents and users. `naive` is the
    label by the last error alone: `ok` or `fail`.
    """

    design: str
    cell: str
    kind: str
    k: int
    schedule: str
    lane: str
    faults: int
    attempt: int
    message: int
    flight: int
    side: str
    second: str | None
    happened: bool
    told: str
    truth: str
    left: str
    parts: list[str] = Field(default_factory=list)
    violations: list[str] = Field(default_factory=list)
    broken: list[str] = Field(default_factory=list)
    hit_messages: int = 0
    hit_channels: int = 0
    hit_agents: int = 0
    hit_users: int = 0
    naive: str = ""


class SweepRecord(Record):
    """One sweep: all schedules of a design, cell, kind and k with one or two faults, in one lane.

    `labels` name the frontend messages of the undisturbed operation in order, such as `1 Bind INSERT central`; `flights` are those
    that they travel in. `schedules` were run in `took_s` seconds, scenes and the look at what is left included; `void` of them left
    no evidence. `differences` counts schedules whose outcome another lane tells otherwise, None where there was one lane alone.
    `shown_in` names that other lane. `absent` says why the design has no such sweep, None when it has; then nothing was run.
    `left_out` schedules of the space were not run, for the reason `why`. `looked_at_twice` distinct outcomes, the undisturbed
    one among them, went through both checkers, in Python and in SQL; in `disagreements` of them the two found different keys. The
    look at a batch has no id mapping; that of `links_looked_at` exposures, one of each outcome, went through both then, too.
    """

    design: str
    cell: str
    kind: str
    k: int
    lane: str
    faults: int
    labels: list[str] = Field(default_factory=list)
    flights: int = 0
    schedules: int = 0
    void: int = 0
    took_s: float = 0.0
    differences: int | None = None
    shown_in: str | None = None
    absent: str | None = None
    left_out: int = 0
    why: str = ""
    looked_at_twice: int = 0
    disagreements: int = 0
    links_looked_at: int = 0


class KillRow(Record):
    """One client killed by SIGKILL at a random instant: `at_ns` after the first operation began, `phase` what it was doing.

    `operations` were done by this client before its death; `in_flight` says that the kill hit an operation.
    """

    design: str
    cell: str
    kill: int
    at_ns: int
    phase: str
    operations: int
    in_flight: bool
    happened: bool
    left: str
    parts: list[str] = Field(default_factory=list)


class PauseRow(Record):
    """One client paused (SIGSTOP) inside an operation past a takeover by another one, then resumed; `schedule` replays it."""

    design: str
    cell: str
    kind: str
    at: str
    happened: bool
    told: str
    told_taker: str
    left: str
    parts: list[str] = Field(default_factory=list)
    schedule: str | None = None


class InterruptionRow(Record):
    """One operation that the server or a resource interrupted at a flight: `fault` as in the list of faults, its SQLSTATE if seen.

    `schedule` replays it. Interruptions are part of the matrix of faults and designs like every other exposure.
    """

    design: str
    cell: str
    kind: str
    k: int
    fault: str
    flight: int
    happened: bool
    sqlstate: str | None
    told: str
    truth: str
    left: str
    parts: list[str] = Field(default_factory=list)
    violations: list[str] = Field(default_factory=list)
    schedule: str | None = None


class BusRow(Record):
    """One stream of messages under one fault of the bus: `exposures` deliveries met the fault, of `deliveries` in all.

    `left` counts its messages by what there was of them in the end, `violations` broken keys by invariant. `schedule` replays it,
    None where a relay was killed.
    """

    design: str
    cell: str
    fault: str
    seed: int
    messages: int
    deliveries: int
    exposures: int
    left: dict[str, int]
    violations: dict[str, int] = Field(default_factory=dict)
    schedule: str | None = None


class LookRecord(Record):
    """A look of both checkers, in Python and in SQL, at `what` there is beside the sweeps.

    In `disagreements` of so many `outcomes`, of streams one each, the two found different keys.
    """

    design: str
    cell: str
    what: str
    outcomes: int
    disagreements: int


class Unavailable(Record):
    """A fault that was not injected here, and why; it is never counted as survived."""

    fault: str
    design: str | None
    why: str


class LabelCount(Record):
    """How often one told end of an operation went with one label: `naive` by the last error alone, `resolved` by the server."""

    design: str
    cell: str
    naive: str
    resolved: str
    n: int


class ResolutionRecord(Record):
    """One sweep whose unknown ends were asked of the server, once the old backend was gone.

    `before` exposures had an unknown end until then, `unresolved` have it still. Each line of `contradictions` is an exposure in
    which the server's word and the store differ.
    """

    design: str
    cell: str
    kind: str
    k: int
    exposures: int
    void: int
    before: int
    unresolved: int
    contradictions: list[str] = Field(default_factory=list)


class VerdictRecord(Record):
    """What is known of one invariant of one design in one cell.

    `verdict` is `by construction`, `by constraint`, `held`, `violated`, `vacuous` or `not checked`. `why` names the constraint, or
    the reason. `exposures` were judged, `violated` of them broke it; `keys` are all broken keys, `schedule` replays the shortest
    one, None without any. `directions` counts keys by which way they are broken, `keys_at_most` is the most of one exposure,
    `hit_at_most` the most `messages`, `channels`, `agents` and `users` that one exposure hits with all that it breaks, and in
    `silent` exposures the caller had heard ok. What is broken here outlived all retries and what a relay applies.
    """

    design: str
    cell: str
    invariant: str
    verdict: str
    why: str = ""
    exposures: int = 0
    violated: int = 0
    keys: int = 0
    keys_at_most: int = 0
    hit_at_most: dict[str, int] = Field(default_factory=dict)
    directions: dict[str, int] = Field(default_factory=dict)
    silent: int = 0
    schedule: str | None = None


class EpisodeRecord(Record):
    """One stretch of time in which an invariant of one key was broken.

    It began between `begin_low_s` and `begin_high_s` after the run began and ended between `end_low_s` and `end_high_s`; both are
    None when it never ended while anybody looked, until `last_s`. `silent`: the caller had heard `ok`. `healing` is `self` where
    deliveries ended it that came anyway, else `never`.
    """

    design: str
    cell: str
    invariant: str
    fault: str
    key: str
    direction: str
    silent: bool
    begin_low_s: float
    begin_high_s: float
    end_low_s: float | None
    end_high_s: float | None
    last_s: float
    messages: int = 1
    agents: int = 0
    healing: str = "never"


class MomentRecord(Record):
    """One operation on the timeline: who, what, when, and what the caller heard."""

    design: str
    cell: str
    process: str
    f: str
    begin_s: float
    end_s: float | None
    told: str


class RegionRecord(Record):
    """A stretch of the timeline in which a fault was under way, with the evidence of it."""

    design: str
    cell: str
    fault: str
    begin_s: float
    end_s: float
    evidence: str


class MutantRecord(Record):
    """A design or a store made wrong on purpose: `must` fire and no others; `python` and `sql` are those that did.

    `source` says where the mistake was seen; `kind` is `design`, `store`, `history` or `fault`. `exposures` is what the checkers
    saw of it; a mutant of a fault is killed when all its exposures are void: `void` of them were. `took_s` is its share of the time
    that all mutants of its kind took.
    """

    name: str
    what: str
    source: str
    kind: str
    must: list[str]
    python: list[str]
    sql: list[str] | None
    exposures: int
    void: int = 0
    killed: bool
    took_s: float = 0.0


class ControlRecord(Record):
    """A case whose answer is known: a `positive` one must break `must`, a negative one nothing.

    `fired` counts exposures by the invariant that they broke; in `disagreements` cases the checkers found different things, with
    which no control passes. `unavailable` says why it could not be run, None when it was.
    """

    name: str
    what: str
    positive: bool
    must: list[str]
    exposures: int
    void: int
    fired: dict[str, int]
    passed: bool
    disagreements: int = 0
    unavailable: str | None = None


class RateRecord(Record):
    """How fast schedules ran in a lane for one design at k = 1: `schedules` with one fault in `took_s`, by `workers` processes.

    `shares` say what part of the processes' time went where, by name. `client_cpu_s` is the CPU time of these processes,
    `other_cpu_s` that of everything else on the machine meanwhile, which is the server where nobody else is at work; `cpus` is how
    many CPUs there were for both. None where nobody took it.
    """

    design: str
    lane: str
    workers: int
    schedules: int
    took_s: float
    shares: dict[str, float] = Field(default_factory=dict)
    client_cpu_s: float | None = None
    other_cpu_s: float | None = None
    cpus: int | None = None


class CheckerRecord(Record):
    """How long a checker took over how many messages; `peak_bytes` is the memory of its process, None where it is the server's."""

    checker: str
    messages: int
    agents: int
    took_s: float
    peak_bytes: int | None
    violations: int


class ConstraintRecord(Record):
    """A foreign key of a design: columns of `table` on one side refer to `refers_to`, on `refers_side`.

    `across` says that the two sides differ; `on_delete` is what becomes of the rows that refer, such as `CASCADE`.
    """

    design: str
    name: str
    table: str
    columns: list[str]
    side: str
    refers_to: str
    refers_side: str
    across: bool
    on_delete: str


class TableRecord(Record):
    """A table of a design: `crosses` says whether a foreign key of it refers to a table of the other side."""

    design: str
    side: str
    table: str
    crosses: bool
