"""From the stored trials of faults to what charts and report show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.factors import name
from bench.faults.cells import CELLS
from bench.faults.figures.answers import answers, cell_order, one_each
from bench.faults.figures.matrix import matrix
from bench.faults.figures.strips import strips
from bench.history.confusion import confusion
from bench.results.faults_schema import (
    BusRow,
    CheckerRecord,
    ConstraintRecord,
    ControlRecord,
    EpisodeRecord,
    InterruptionRow,
    KillRow,
    LabelCount,
    MomentRecord,
    MutantRecord,
    PauseRow,
    RateRecord,
    RegionRecord,
    ResolutionRecord,
    SweepRecord,
    SweepRow,
    Unavailable,
    VerdictRecord,
)
from bench.results.faults_summary_schema import CellRecord, FaultsSummary, Survival
from bench.stats.proportion import EXPOSURES_MIN
from bench.stats.survival import kaplan_meier

MOMENTS_SHOWN = 4_000
"""Operations of a timeline that a summary keeps; a drawing of more shows no more."""


@dataclass(frozen=True, slots=True)
class Raw:
    """All records of a run's trials of faults, in their order."""

    sweeps: Sequence[SweepRecord] = ()
    rows: Sequence[SweepRow] = ()
    rates: Sequence[RateRecord] = ()
    verdicts: Sequence[VerdictRecord] = ()
    constraints: Sequence[ConstraintRecord] = ()
    interruptions: Sequence[InterruptionRow] = ()
    labels: Sequence[LabelCount] = ()
    resolutions: Sequence[ResolutionRecord] = ()
    kills: Sequence[KillRow] = ()
    pauses: Sequence[PauseRow] = ()
    streams: Sequence[BusRow] = ()
    episodes: Sequence[EpisodeRecord] = ()
    moments: Sequence[MomentRecord] = ()
    regions: Sequence[RegionRecord] = ()
    mutants: Sequence[MutantRecord] = ()
    controls: Sequence[ControlRecord] = ()
    checkers: Sequence[CheckerRecord] = ()
    unavailable: Sequence[Unavailable] = ()


def summarise(raw: Raw, designs: Sequence[str]) -> FaultsSummary:
    """Everything that is derived. Designs come in the order of the run, cells in that of the tables."""
    ordered = sorted(raw.sweeps, key=lambda sweep: cell_order(sweep.cell))
    made = strips(ordered, raw.rows)
    asked = {sweep.cell for sweep in raw.sweeps} | {row.cell for row in raw.streams} | {row.cell for row in raw.kills}
    return FaultsSummary(
        cells=[_cell(cell) for cell in sorted(asked, key=cell_order)],
        strips=made,
        sweeps=ordered,
        matrix=sorted(
            matrix(raw.rows, raw.kills, raw.pauses, raw.interruptions, raw.streams), key=lambda cell: cell_order(cell.cell)
        ),
        verdicts=sorted(raw.verdicts, key=lambda verdict: cell_order(verdict.cell)),
        answers=answers(designs, made, raw.sweeps, raw.rows, raw.constraints),
        rates=list(raw.rates),
        # By the word of the server where it was asked, else by the command tags that the gate saw.
        labels=list(raw.labels) or confusion(one_each(raw.rows)),
        resolutions=list(raw.resolutions),
        episodes=list(raw.episodes),
        survival=list(survival(raw.episodes)),
        moments=list(raw.moments[:MOMENTS_SHOWN]),
        regions=list(raw.regions),
        mutants=list(raw.mutants),
        controls=list(raw.controls),
        checkers=list(raw.checkers),
        constraints=list(raw.constraints),
        unavailable=_each_once(raw.unavailable),
        left_out=list(_left_out(raw)),
    )


def _cell(cell: str) -> CellRecord:
    found = next((one for one in CELLS if one.name == cell), None)
    if found is None:
        return CellRecord(name=cell, levels="", bus="", question="")
    return CellRecord(name=cell, levels=name("design", found.levels), bus=str(found.bus), question=found.question)


def survival(episodes: Iterable[EpisodeRecord]) -> Iterator[Survival]:
    """A curve for each design, cell, invariant and fault: how long its violations lasted."""
    groups: dict[tuple[str, str, str, str], list[EpisodeRecord]] = {}
    for episode in episodes:
        groups.setdefault((episode.design, episode.cell, episode.invariant, episode.fault), []).append(episode)
    for (design, cell, invariant, fault), own in groups.items():
        curve = kaplan_meier([_lasted(one) for one in own], [one.end_high_s is not None for one in own])
        yield Survival(
            design=design,
            cell=cell,
            invariant=invariant,
            fault=fault,
            n=len(own),
            never=sum(one.end_high_s is None for one in own),
            times_s=list(curve.times),
            share=list(curve.share),
            low=list(curve.low),
            high=list(curve.high),
            median_s=curve.median,
        )


def _lasted(episode: EpisodeRecord) -> float:
    """The longest that it may have lasted, so that no window is told shorter than it was; until the last look if it never ended."""
    end_s = episode.last_s if episode.end_high_s is None else episode.end_high_s
    return max(0.0, end_s - episode.begin_low_s)


def _each_once(unavailable: Iterable[Unavailable]) -> list[Unavailable]:
    """What no design of the run could meet is told once."""
    return list(dict.fromkeys(unavailable))


def _left_out(raw: Raw) -> Iterator[str]:
    """What a run of this size did not do, in words."""
    left = [sweep for sweep in raw.sweeps if sweep.left_out]
    if left:
        run, out = sum(sweep.schedules for sweep in left), sum(sweep.left_out for sweep in left)
        yield f"{out:,} of {run + out:,} schedules in {len(left)} sweeps, taken evenly ({left[0].why})"
    if raw.sweeps and not any(sweep.faults == 2 for sweep in raw.sweeps):
        yield "two faults"
    if raw.sweeps and max(sweep.k for sweep in raw.sweeps) < 2:
        yield "channels with two agents"
    kills = Counter(row.design for row in raw.kills)
    if not kills:
        yield "clients killed at random instants"
    elif min(kills.values()) < EXPOSURES_MIN:
        yield f"more than {min(kills.values())} random kills a design: fewer than {EXPOSURES_MIN} are not told as a share"
    for what, found in (("interruptions by the server", raw.interruptions), ("streams through a bus that fails", raw.streams)):
        if not found:
            yield what
    if not raw.checkers:
        yield "the time of the checkers on a large store"
    yield "server crashes, power cuts, interleavings and repair: not built"
