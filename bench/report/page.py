"""The report as parts in their order, before any markup. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from bench.charts.build import CRASH, LATENCY, READS, WORKLOAD, WRITES
from bench.charts.chart import Chart
from bench.charts.cost_charts import COSTS
from bench.charts.faults_charts import FAULTS
from bench.charts.growth_charts import GROWTH
from bench.charts.harness_charts import HARNESS
from bench.charts.ladder_charts import LADDER
from bench.charts.load_charts import LOAD
from bench.claims.verdict import Word
from bench.report import (
    agreement,
    attempts,
    costs,
    crash,
    faults,
    growth,
    harness,
    ladder,
    latency,
    load,
    reads,
    relations,
    shortfalls,
    validity,
    writes,
)
from bench.report.grid import Grid
from bench.report.sentences import ABSENT, sentences
from bench.report.validity import Fact
from bench.results.run_record import RunRecord
from bench.results.schema import ClaimRow, ProofRecord, Summary

QUESTION = (
    "Which storage design should an agent chat server use for its servers, channels, participants and messages?"
    " The same operations went through each design on a real PostgreSQL."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of charts with their tables; with neither it was not part of the run, and `absent` says so.

    `answers` are tables that a reader comes for, and stand before the charts.
    """

    anchor: str
    title: str
    lead: str
    charts: tuple[Chart, ...]
    grids: tuple[Grid, ...]
    answers: tuple[Grid, ...] = ()

    @property
    def absent(self) -> str | None:
        """What to say instead of figures, or None."""
        return None if self.charts or self.grids or self.answers else f"{self.title}: {ABSENT}."


@dataclass(frozen=True, slots=True)
class Validity:
    """Why the figures may be believed, and how far."""

    proof: str
    same: str
    facts: tuple[Fact, ...]
    limits: tuple[str, ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """The claims of one section of the note."""

    section: str
    rows: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report. `withheld` are the proofs that failed: when there are any, nothing else may be shown.

    `incomplete` is what a reader must know of a run that lacks trials.
    """

    question: str
    incomplete: str | None
    withheld: tuple[ProofRecord, ...]
    sentences: tuple[str, ...]
    validity: Validity
    claims: tuple[ClaimGroup, ...]
    parts: tuple[Part, ...]
    shortfalls: tuple[Grid, ...]
    without_shortfalls: tuple[str, ...]
    unmeasured: tuple[ClaimRow, ...]
    command: str
    records: tuple[Grid, ...]


def page(summary: Summary, run: RunRecord, charts: Sequence[Chart]) -> Page:
    """Everything that the templates show."""
    return Page(
        question=QUESTION,
        incomplete=attempts.incomplete(summary, run),
        withheld=tuple(proof for proof in summary.proofs if not proof.holds),
        sentences=tuple(sentences(summary)),
        validity=_validity(summary, run),
        claims=tuple(_claims(summary.claims)),
        parts=tuple(_parts(summary, charts)),
        shortfalls=tuple(shortfalls.shortfall_grids(summary, run)),
        without_shortfalls=tuple(shortfalls.without_shortfalls(run)),
        unmeasured=tuple(row for row in summary.claims if row.verdict == Word.NOT_YET),
        command=shlex.join(["storebench", *run.arguments]),
        records=(validity.phase_grid(run), attempts.attempt_grid(run), validity.setting_grid(run)),
    )


def _validity(summary: Summary, run: RunRecord) -> Validity:
    return Validity(
        proof=validity.proof_sentence(summary.proofs),
        same=validity.same_sentence(summary),
        facts=tuple(validity.facts(summary, run)),
        limits=tuple(validity.limits(summary, run)),
        grids=(
            *([attempts.missing_grid(summary, run)] if summary.missing else []),
            *latency.same_grids(summary.latency),
            *([validity.proof_grid(summary.proofs)] if summary.proofs else []),
        ),
    )


def _claims(rows: Sequence[ClaimRow]) -> list[ClaimGroup]:
    by_section: dict[str, list[ClaimRow]] = {}
    for row in rows:
        by_section.setdefault(row.section, []).append(row)
    return [ClaimGroup(section, tuple(found)) for section, found in by_section.items()]


def _parts(summary: Summary, charts: Sequence[Chart]) -> list[Part]:
    def of(section: str) -> tuple[Chart, ...]:
        return tuple(chart for chart in charts if chart.section == section)

    return [
        Part(
            "writes",
            "What a write costs",
            "Exact counts for one operation at a time. Rows are inserted (+), updated (~) and deleted (−) ones; round trips are"
            " with the plain exchange, flights with the shared one; WAL bytes are of rows, index entries and transactions, apart"
            " from reorganised pages and full-page images.",
            of(WRITES),
            (
                *writes.write_grids(summary.anatomy),
                *relations.relation_grids(summary.anatomy),
                *relations.checkpoint_grids(summary.checkpoints),
            ),
        ),
        Part(
            "workload",
            "What a whole workload costs",
            "The paired workload from its set-up to its end, reads included.",
            of(WORKLOAD),
            tuple(writes.total_grids(summary.totals)),
        ),
        Part(
            "latency",
            "Latency, in pairs",
            "All variants performed every operation in turn, in a balanced random order, so ratios are of the same operations."
            " A difference below what the run can detect, by its own standard error or by that of the A/A pair, carries a ~;"
            " one that is surely below the smallest effect of interest is no relevant difference.",
            of(LATENCY),
            (
                *latency.ratio_grids(summary.latency),
                *latency.quantile_grids(summary.quantiles),
                *latency.tail_grids(summary.tails),
            ),
        ),
        Part(
            "costs",
            "Where the time goes",
            costs.lead(summary.costs),
            of(COSTS),
            tuple(costs.cost_grids(summary.costs)),
        ),
        Part(
            "load",
            "How much load a design bears",
            load.lead(summary.load),
            of(LOAD),
            tuple(load.load_grids(summary.load)),
        ),
        Part(
            "reads",
            "What a read costs on a large store",
            reads.lead(summary.reads),
            of(READS),
            tuple(reads.read_grids(summary.reads)),
        ),
        Part(
            "crash",
            "What a killed client leaves behind",
            "A client process was killed at every point of every write. Whole: all of it is there. Partial: a part. Lost: nothing.",
            of(CRASH),
            tuple(crash.crash_grids(summary.crash)),
        ),
        Part(
            "faults",
            "What faults leave behind",
            faults.lead(summary.faults),
            of(FAULTS),
            tuple(faults.fault_grids(summary.faults)),
            tuple(faults.answer_grids(summary.faults)),
        ),
        Part(
            "agreement",
            "Whether other instruments agree",
            agreement.lead(summary.isolated, summary.orders),
            (),
            tuple(agreement.agreement_grids(summary.isolated, summary.orders)),
        ),
        Part("growth", "How cost grows", growth.lead(summary.growth), of(GROWTH), tuple(growth.growth_grids(summary.growth))),
        Part(
            "ladder",
            "From one design to another",
            ladder.lead(summary.ladder),
            of(LADDER),
            tuple(ladder.ladder_grids(summary.ladder)),
        ),
        Part(
            "harness",
            "What the harness costs",
            harness.lead(summary.pgbench),
            of(HARNESS),
            tuple(harness.harness_grids(summary.pgbench)),
        ),
    ]
