"""Questions about what was done: the same work, a fair world, faults, and whether it can be done again. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bench.charts.palette import design_of
from bench.faults.figures.telling import proof_told
from bench.report.validity import limits
from bench.results.schema import AnatomyCell
from bench.scenes import HEADLINE, WARM
from bench.validity.point import PRIMARY_FAMILY, Evidence, absent, table

_ROUND_TRIPS_MS = (0.1, 1.0)
_FSYNCS_MS = (0.1, 2.0)
_DIGEST_SHOWN = 12
_TODAY = frozenset({"dual", "dual_deployed"})


def outliers(evidence: Evidence) -> Iterator[str]:
    """What was left out, and what others took of the machine meanwhile."""
    yield "operations left out because they were slow: none; there is no rule by which one could be"
    if evidence.paired:
        rows = sum(sample.latency_ns.size for sample in evidence.paired)
        yield f"warm operations recorded: {rows:,}, all of them in the figures"
    yield from _upkeep(evidence)
    shares = [trial.stolen_share for trial in evidence.trials if trial.stolen_share is not None]
    loads = [trial.load_average_1min for trial in evidence.trials if trial.load_average_1min is not None]
    if not shares or not loads:
        yield "time stolen by the hypervisor: not available"
        return
    yield f"time stolen by the hypervisor, by trial: {100 * min(shares):.2f} to {100 * max(shares):.2f} % of all CPUs' time"
    yield f"load average at the end of a trial: {min(loads):.2f} to {max(loads):.2f}"


def _upkeep(evidence: Evidence) -> Iterator[str]:
    """What the server did by itself within the paired sessions; what a run did not count is not told as 0."""
    begun = [trial.checkpoints for trial in evidence.trials if trial.checkpoints is not None]
    met = sum(count > 0 for count in begun)
    yield f"checkpoints within the operations of a session: {_of_sessions(sum(begun), met, len(begun))}"
    tidied = [total.autovacuums for total in evidence.summary.totals if total.autovacuums is not None]
    met = sum(count > 0 for count in tidied)
    yield f"tables that autovacuum vacuumed or analysed meanwhile: {_of_sessions(sum(tidied), met, len(tidied), 'stores')}"


def _of_sessions(count: int, met: int, counted: int, what: str = "sessions") -> str:
    return f"{count:,}, in {met:,} of {counted:,} {what}" if counted else "not counted by this run"


def schemas(evidence: Evidence) -> Iterator[str]:
    """What each design's tables are, and whether each index is needed."""
    reads = evidence.summary.reads
    unneeded = Counter(design_of(use.variant) for use in reads.indexes if not use.needed_by) if reads is not None else Counter()
    rows = []
    for name, design in evidence.run.designs.items():
        tables = sum(map(len, design.tables.values()))
        told = "not measured" if reads is None else str(unneeded[name])
        rows.append((name, str(tables), told, str(len(design.gaps)), str(len(design.defects))))
    yield from table(("design", "tables", "indexes that nothing needs", "gaps", "defects"), rows)


def straw_man(evidence: Evidence) -> Iterator[str]:
    """Today's storage in more than one form, and the same exchange for all."""
    timed = {name for row in evidence.summary.latency for name in (row.variant, row.baseline)}
    found = sorted(name for name in timed if design_of(name) in _TODAY)
    yield f"forms of today's storage that were timed: {', '.join(found) or 'none'}"
    cells = [c for c in _warm(evidence) if design_of(c.design) in _TODAY]
    heading = ("design, atomicity", "transactions", "round trips, plain", "flights, shared")
    rows = [(f"{c.design} {c.atomicity}", f"{c.transactions:g}", f"{c.round_trips:g}", f"{c.flights:g}") for c in cells]
    yield from table(heading, rows)


def same_work(evidence: Evidence) -> Iterator[str]:
    """The proofs of every store."""
    proofs = evidence.summary.proofs
    if not proofs:
        raise absent("store", "quick")
    held = sum(proof.holds for proof in proofs)
    yield f"{held} of {len(proofs)} stores held exactly what the reference model says; with one that does not there are no results"
    for kind, designs in _declared(evidence).items():
        yield f"declared {kind}, masked by the proof and counted: {', '.join(designs)}"


def _declared(evidence: Evidence) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for proof in evidence.summary.proofs:
        for kind, count in {**proof.gaps, **proof.defects}.items():
            if count:
                found.setdefault(kind, set()).add(design_of(proof.design))
    return {kind: sorted(designs) for kind, designs in sorted(found.items())}


def workloads(evidence: Evidence) -> Iterator[str]:
    """Which workload it was, by its digest and its parameters."""
    yield f"seed {evidence.run.seed}, workload {evidence.run.configuration.get('workload', 'of a trace')}"
    for name, digest in sorted(evidence.run.workloads.items()):
        yield f"{name}: SHA-256 {digest[:_DIGEST_SHOWN]}..."
    told = [
        f"{name} = {value:g}" for name, value in sorted(evidence.run.workload_parameters.items()) if isinstance(value, int | float)
    ]
    yield ", ".join(told[:8]) + (f" and {len(told) - 8} more" if len(told) > 8 else "")


def retries(evidence: Evidence) -> Iterator[str]:
    """How operations ended, and how often they were tried."""
    totals = evidence.summary.totals
    if not totals:
        raise absent("paired latency", "quick")
    operations = sum(total.operations for total in totals)
    yield f"operations performed: {operations:,}; each ended as the reference model says, or the run is invalid"
    levels = sorted({row.variant for row in evidence.summary.latency if "retry" in row.variant})
    yield f"variants that try again: {', '.join(levels) or 'none in this run'}; their time is that of all attempts"
    load = evidence.summary.load
    if load is not None:
        outcomes = sum((Counter(level.outcomes) for level in load.levels), Counter[str]())
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
        yield f"under load: {told}; tried again {sum(level.retried for level in load.levels):,}"


def faults(evidence: Evidence) -> Iterator[str]:
    """The crash points, each of them a client that was killed, and the cuts at every message."""
    crash, met = evidence.summary.crash, evidence.summary.faults
    if not crash and met is None:
        raise absent("crash points", "quick")
    if met is not None:
        schedules = sum(sweep.schedules for sweep in met.sweeps)
        yield f"{schedules:,} schedules of faults in {len(met.cells)} cells, the same for every design; {' '.join(proof_told(met))}"
    if not crash:
        return
    designs = {point.design for point in crash}
    left = ", ".join(f"{count} {what}" for what, count in sorted(Counter(point.left for point in crash).items()))
    yield f"{len(crash)} points of {len(designs)} designs, every one tried: {left}"
    yield f"kinds of operation: {', '.join(sorted({point.kind for point in crash}))}; the same scene and seed for every design"


def reproducible(evidence: Evidence) -> Iterator[str]:
    """Everything that is needed to do it again."""
    run = evidence.run
    state = {True: "with changed files", False: "unchanged", None: "state unknown"}[run.dirty]
    yield f"storebench {run.storebench_version}, commit {(run.commit or 'unknown')[:_DIGEST_SHOWN]} ({state})"
    yield f"sources SHA-256 {(run.code or 'unknown')[:_DIGEST_SHOWN]}..., seed {run.seed}"
    yield f"{len(run.configuration)} keys of configuration and {len(run.server)} facts of the server stored"
    files = sum(len(trial.files) for trial in evidence.trials)
    yield f"{len(evidence.trials)} trials, {files} raw files, each with its SHA-256: all else is made from these"


def outside(evidence: Evidence) -> Iterator[str]:
    """What this machine cannot tell, and a model with which a reader puts in figures of another."""
    for limit in limits(evidence.summary, evidence.run):
        yield f"- {limit}"
    cells = [cell for cell in _warm(evidence) if cell.atomicity == PRIMARY_FAMILY]
    yield f"one warm {HEADLINE} at {cells[0].k} agents: round trips x RTT + commits x fsync, in ms, beside the CPU of both sides:"
    given = [(rtt, fsync) for rtt in _ROUND_TRIPS_MS for fsync in _FSYNCS_MS]
    heading = ("design", *(f"{rtt:g} + {fsync:g}" for rtt, fsync in given))
    rows = [(c.design, *(f"{c.round_trips * rtt + c.transactions * fsync:.1f}" for rtt, fsync in given)) for c in cells]
    yield from table(heading, rows)


def _warm(evidence: Evidence) -> list[AnatomyCell]:
    cells = [cell for cell in evidence.summary.anatomy if (cell.kind, cell.state) == (HEADLINE, WARM)]
    if not cells:
        raise absent("write anatomy", "quick")
    k = max(cell.k for cell in cells)
    return [cell for cell in cells if cell.k == k]
