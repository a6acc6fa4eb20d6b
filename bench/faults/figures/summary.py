"""From the stored trials of faults to what charts and report show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bench.factors import name
from bench.faults.cells import CELLS
from bench.faults.figures.answers import Asked, answers
from bench.faults.figures.broken import broken
from bench.faults.figures.matrix import matrix
from bench.faults.figures.orders import cell_order
from bench.faults.figures.raw import Raw
from bench.faults.figures.spread import contrasts, spreads
from bench.faults.figures.strips import strips
from bench.faults.figures.takeovers import takeovers
from bench.faults.not_built import NOT_BUILT
from bench.history.confusion import confusion
from bench.results.faults_schema import EpisodeRecord, SweepRow, Unavailable
from bench.results.faults_summary_schema import CellRecord, FaultsSummary, Survival
from bench.scenes import KINDS
from bench.stats.proportion import EXPOSURES_MIN
from bench.stats.survival import Window, bounded

MOMENTS_SHOWN = 4_000
"""Operations of a timeline that a summary keeps; a drawing of more shows no more."""


def summarise(raw: Raw, designs: Sequence[str]) -> FaultsSummary:
    """Everything that is derived. Designs come in the order of the run, cells in that of the tables."""
    ordered = sorted(raw.sweeps, key=lambda sweep: cell_order(sweep.cell))
    rows = _one_each(raw.rows)
    made = strips(ordered, rows)
    asked = {sweep.cell for sweep in raw.sweeps} | {row.cell for row in raw.streams} | {row.cell for row in raw.kills}
    return FaultsSummary(
        cells=[_cell(cell) for cell in sorted(asked, key=cell_order)],
        strips=made,
        sweeps=ordered,
        matrix=sorted(matrix(rows, raw.kills, raw.pauses, raw.interruptions, raw.streams), key=lambda cell: cell_order(cell.cell)),
        verdicts=sorted(raw.verdicts, key=lambda verdict: cell_order(verdict.cell)),
        answers=answers(designs, Asked(made, raw.sweeps, rows, raw.constraints, raw.tables)),
        broken=sorted(broken(raw.interruptions, raw.streams), key=lambda one: cell_order(one.cell)),
        rates=list(raw.rates),
        # By the word of the server where it was asked, else by the command tags that the gate saw.
        labels=list(raw.labels) or confusion(rows),
        resolutions=list(raw.resolutions),
        episodes=list(raw.episodes),
        survival=list(survival(raw.episodes)),
        kill_spreads=sorted(spreads(raw.kills), key=lambda spread: cell_order(spread.cell)),
        kill_contrasts=list(contrasts(raw.kills)),
        takeovers=sorted(takeovers(raw.pauses), key=lambda takeover: cell_order(takeover.cell)),
        moments=list(raw.moments[:MOMENTS_SHOWN]),
        regions=list(raw.regions),
        mutants=list(raw.mutants),
        controls=list(raw.controls),
        checkers=list(raw.checkers),
        looks=list(raw.looks),
        constraints=list(raw.constraints),
        unavailable=[*_each_once(raw.unavailable), *NOT_BUILT],
        left_out=list(_left_out(raw)),
    )


def _one_each(rows: Iterable[SweepRow]) -> list[SweepRow]:
    """Each schedule once: where both lanes ran it, it is one exposure of the design, told by the first."""
    found: dict[str, SweepRow] = {}
    for row in rows:
        found.setdefault(row.schedule, row)
    return list(found.values())


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
        # Shown is the longest that a window may have lasted, so that none is told shorter than it was.
        shortest, curve = bounded([_window(one) for one in own])
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
            median_shortest_s=shortest.median,
            median_s=curve.median,
        )


def _window(one: EpisodeRecord) -> Window:
    return Window(one.begin_low_s, one.begin_high_s, one.end_low_s, one.end_high_s, one.last_s)


def _each_once(unavailable: Iterable[Unavailable]) -> list[Unavailable]:
    """What no design of the run could meet is told once."""
    return list(dict.fromkeys(unavailable))


def _left_out(raw: Raw) -> Iterator[str]:
    """What a run of this size did not do, in words."""
    left = [sweep for sweep in raw.sweeps if sweep.left_out]
    if left:
        run, out = sum(sweep.schedules for sweep in left), sum(sweep.left_out for sweep in left)
        yield f"{out:,} of {run + out:,} schedules in {len(left)} sweeps, taken evenly ({left[0].why})"
    unmet = set(KINDS) - {sweep.kind for sweep in raw.sweeps}
    if raw.sweeps and unmet:
        yield f"operations of {len(unmet)} kinds: {', '.join(kind for kind in KINDS if kind in unmet)}"
    if raw.sweeps and not any(sweep.faults == 2 for sweep in raw.sweeps):
        yield "two faults"
    if raw.sweeps and max(sweep.k for sweep in raw.sweeps) < 2:
        yield "channels with two agents"
    kills = Counter((row.design, row.cell) for row in raw.kills if row.happened)
    if not kills:
        yield "clients killed at random instants"
    elif min(kills.values()) < EXPOSURES_MIN:
        few = min(kills.values())
        yield f"more than {few} random kills in each cell of a design: fewer than {EXPOSURES_MIN} are not told as a share"
    for what, found in (
        ("interruptions by the server", raw.interruptions),
        ("clients paused past a takeover", raw.pauses),
        ("unknown ends asked of the server", raw.resolutions),
        ("streams through a bus that fails", raw.streams),
    ):
        if not found:
            yield what
    if not raw.checkers:
        yield "the time of the checkers on a large store"
