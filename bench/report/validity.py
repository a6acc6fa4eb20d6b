"""Why a reader may believe the figures, and what they cannot tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.charts.palette import design_of, in_order
from bench.latency.variants import PLANTED_FAMILY, SAME
from bench.report.grid import Grid, figure, grid
from bench.results.run_record import RunRecord
from bench.results.schema import ProofRecord, Summary
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, share

_DIGEST_SHOWN = 12
_LIMITS = (
    (
        "Networks and disks",
        "loopback and this machine's disk. Round trips and commits cost more elsewhere; both are counted: put in your figures.",
    ),
    ("Size and time", "large data, cold caches, replication and days of running. The databases are fresh, small and in memory."),
    (
        "Other days",
        "spread from run to run, by another day or load, is in no interval: storebench compare holds two runs together.",
    ),
    ("Rare slowness", "a quantile that fewer than a hundred operations lie beyond is not told."),
)
_NO_LOAD = "one client at a time. Latency is service time at a concurrency of one, neither capacity nor waiting time."
_UNDER_LOAD = (
    "capacity and waiting are those of this workload's channels, by one objective, from a generator on the same machine. Latency in"
    " pairs is service time at a concurrency of one all the same."
)
_NOTES, _DEPLOYED = "dual", "dual_deployed"
"""The two readings of today's storage: what the note draws, and what a released server runs."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a reader must know of the run."""

    name: str
    value: str


def proof_grid(proofs: Sequence[ProofRecord]) -> Grid:
    """The same-work proof of every store."""
    order = in_order(design_of(proof.design) for proof in proofs)
    rows = sorted(proofs, key=lambda proof: (proof.trial, order.index(design_of(proof.design)), proof.design))
    heading = ("trial", "store", "same work", "differences", "expected digest", "observed digest")
    return grid(
        "Same-work proof of every store",
        heading,
        [
            (
                proof.trial,
                proof.design,
                "proved" if proof.holds else "NOT PROVED",
                figure(proof.difference_count),
                proof.expected_digest[:_DIGEST_SHOWN],
                proof.observed_digest[:_DIGEST_SHOWN],
            )
            for proof in rows
        ],
        numbers=(3,),
        codes=(4, 5),
        long=True,
    )


def proof_sentence(proofs: Sequence[ProofRecord]) -> str:
    """The proofs in one sentence."""
    if not proofs:
        return "No store was proved in this run: treat its figures as unproved."
    green = sum(proof.holds for proof in proofs)
    return (
        f"{green} of {len(proofs)} stores held exactly the facts of the reference model when their work was done, less the gaps"
        " and defects that their designs declare."
    )


def same_sentence(summary: Summary) -> str:
    """The A/A result in one sentence."""
    pairs = [row for row in summary.latency if row.family == SAME]
    if not pairs:
        return "There is no A/A pair in this run, so nothing says how large noise is."
    apart = [row.kind for row in pairs if not row.low <= 1 <= row.high]
    text = f"The same design ran twice under two names (A/A). Its interval should hold 0 %: it fails to in {len(apart)} of"
    text += f" {len(pairs)} kinds of operation"
    text = f"{text} ({', '.join(apart)})." if apart else f"{text}."
    return f"{text}{_detectable(summary)}"


def _detectable(summary: Summary) -> str:
    """What the primary comparison can find, and what it found of the costs that were planted."""
    same = next((row for row in summary.latency if row.primary and row.family == SAME), None)
    if same is None:
        return ""
    text = f" By {same.kind}, what is not larger than {share(same.detectable)} (2.8 standard errors of this pair) carries a ~."
    if same.found_in_4_of_5 is not None:
        text += f" A true difference of {share(same.found_in_4_of_5)} would be found in four of five such runs."
    for row in summary.latency:
        if row.primary and row.family == PLANTED_FAMILY:
            found = interval_in_words(Interval(row.ratio, row.low, row.high))
            text += f" {row.variant}, a copy with a planted cost, shows {found}: {'found' if row.separated else 'not found'}."
    return text


def facts(summary: Summary, run: RunRecord) -> list[Fact]:
    """Machine, server, seeds and sizes, in short."""
    machine, server = run.machine, run.server
    cpus = f"{machine.get('processor', 'unknown')}, {machine.get('cpus_usable', machine.get('cpus', 'unknown'))} CPUs"
    memory = machine.get("memory_bytes")
    told = f"{cpus}, {memory / 2**30:.1f} GiB" if isinstance(memory, int) else cpus
    commit = "unknown" if run.commit is None else run.commit[:_DIGEST_SHOWN]
    changed = {True: ", with changed files", False: "", None: ""}[run.dirty]
    ks = {"writes": {c.k for c in summary.anatomy}, "crash points": {c.k for c in summary.crash}}
    agents = [f"{name} {', '.join(map(str, sorted(found)))}" for name, found in ks.items() if found]
    workload = run.workload_parameters.get("agents_per_channel", run.configuration.get("agents"))
    agents += [f"paired workload {workload}"] if workload is not None else []
    return [
        Fact("started", run.started_at),
        Fact("storebench", f"{run.storebench_version}, commit {commit}{changed}"),
        Fact("machine", told),
        Fact("system", f"{machine.get('system', 'unknown')} {machine.get('kernel', '')}".strip()),
        Fact("CPU placement", summary.placement or "not recorded"),
        Fact("server", f"PostgreSQL {server.get('server_version', 'unknown')}"),
        Fact("seed", str(run.seed)),
        Fact("agents per channel (k)", "; ".join(agents) or "not recorded"),
        *(Fact(f"workload {name}", f"SHA-256 {digest}") for name, digest in sorted(run.workloads.items())),
    ]


def setting_grid(run: RunRecord) -> Grid:
    """Everything recorded of the machine, the server, the configuration and the workload's parameters."""
    parts = {
        "machine": run.machine,
        "server": run.server,
        "configuration": run.configuration,
        "workload": run.workload_parameters,
    }
    rows = [(part, name, value) for part, values in parts.items() for name, value in flattened(values)]
    return grid("Everything recorded", ("of", "what", "value"), rows, codes=(1, 2), long=True)


def phase_grid(run: RunRecord) -> Grid:
    """Where the time went."""
    rows = [(phase.name, f"{phase.budget_s:.0f} s", f"{phase.took_s:.1f} s") for phase in run.phases]
    return grid("Phases", ("phase", "budget", "took"), rows, numbers=(1, 2))


def limits(summary: Summary, run: RunRecord) -> list[str]:
    """What this run cannot tell, whatever its figures."""
    cpus = run.machine.get("cpus_usable", run.machine.get("cpus", "an unknown number of"))
    sessions = len({proof.trial for proof in summary.proofs if proof.trial.startswith("latency")})
    own = [("Many cores", f"client and server shared {cpus} CPUs.")]
    if sessions == 1:
        own.append(("Other sessions", "there was one, so no interval covers what another database or connection would change."))
    elif sessions:
        own.append(("Other sessions", f"intervals cover what differs between {sessions} of them, which is few."))
    load = ("Load", _UNDER_LOAD if summary.load is not None and summary.load.levels else _NO_LOAD)
    return [f"{what}: {why}" for what, why in (*own, load, *_LIMITS, ("The deployed server", _deployed(run)))]


def _deployed(run: RunRecord) -> str:
    """Which of the two readings of today's storage took part, and what neither of them has."""
    drawn = f"{_NOTES} is what the note draws, not what a released server runs"
    runs = "the statement sequence of elizaOS server 1.6.1"
    told = {
        (True, True): f"{drawn}; {_DEPLOYED} has {runs}. Charts and tables name which of them they show; the baseline is {_NOTES}.",
        (True, False): f"{drawn}; {_DEPLOYED}, which has {runs}, did not take part.",
        (False, True): f"{_DEPLOYED} has {runs}; {_NOTES}, which is what the note draws, did not take part.",
        (False, False): f"neither {_NOTES}, which is what the note draws, nor {_DEPLOYED}, which has {runs}, took part.",
    }[_NOTES in run.designs, _DEPLOYED in run.designs]
    return f"{told} Its logs, embeddings, model calls and sockets are left out."


def flattened(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested values as dotted names with text."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)):
            yield f"{prefix}{name}", ", ".join(map(str, value))
        else:
            yield f"{prefix}{name}", "not available" if value is None else str(value)
