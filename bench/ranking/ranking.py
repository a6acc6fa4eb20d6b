"""Two runs of the same designs, one on generated traffic and one on a trace: does every pair of designs stand in the same order?

A design that a gap or a defect touched in either run, for a kind of operation, is left out of that kind in both, as everywhere. Of
writes it is left out when that is a kind that writes messages; facts of other kinds that it lacks widen its bounds.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bench.compare.likeness import busy, designs_apart, is_replay
from bench.compare.side import Side
from bench.contrasts import LATENCY
from bench.errors import UserError
from bench.ranking.ratios import MEASURES, WRITES, Figures, Ratio, facts_kept_out, figures, floor, latency_ratio, writes_ratio
from bench.report.markdown_table import counted
from bench.results.schema import LeftOut
from bench.scenes import MESSAGES
from bench.streams import Stream, generator

_DRAWS = 2000
_TRIALS_SHOWN = 3


class Order(enum.StrEnum):
    """What two runs say of a pair of designs."""

    INVERTED = "INVERTED"
    SAME = "same"
    NOT_SEPARATED = "not separated"
    TOO_FEW = "too few pairs"


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of designs by one measure: writes, or the latency of a kind. A ratio is None when its run has too few pairs."""

    measure: str
    variant: str
    baseline: str
    synthetic: Ratio | None
    replay: Ratio | None

    @property
    def order(self) -> Order:
        """Only a pair that both runs separate has an order that can be the same or not."""
        if self.synthetic is None or self.replay is None:
            return Order.TOO_FEW
        if not (self.synthetic.separated and self.replay.separated):
            return Order.NOT_SEPARATED
        larger = [ratio.interval.estimate > 1 for ratio in (self.synthetic, self.replay)]
        return Order.SAME if larger[0] == larger[1] else Order.INVERTED


@dataclass(frozen=True, slots=True)
class Ranked:
    """One of the two runs: its name, what it was made of, how many messages in how many sessions, and what each design cost.

    `cautions` say what makes its figures weaker than they look.
    """

    name: str
    workload: str
    messages: int
    sessions: int
    figures: Mapping[str, Figures]
    cautions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every pair of designs by every measure, inversions first; `left_out` says who is compared by what not at all, and why."""

    synthetic: Ranked
    replay: Ranked
    designs: Sequence[str]
    rows: Sequence[Row]
    left_out: Mapping[str, Sequence[LeftOut]]

    def of(self, order: Order, measure: str | None = None) -> list[Row]:
        """The rows of an order, of all measures or of one."""
        return [row for row in self.rows if row.order is order and measure in (None, row.measure)]


def rank(synthetic: Side, replay: Side) -> Ranking:
    """The order of every pair of designs in both runs. Runs that cannot be held together are refused in one line."""
    sides, designs = (synthetic, replay), _in_both(synthetic, replay)
    _check(synthetic, replay, designs)
    generators = [generator(side.record.seed, Stream.RANKING) for side in sides]
    rows, left_out = [], {}
    for measure in MEASURES:
        absent = {design: list(_reasons(sides, measure, design)) for design in designs}
        left_out[measure] = [reason for found in absent.values() for reason in found]
        compared = [design for design in designs if not absent[design]]
        for baseline, variant in combinations(compared, 2):
            found = [_ratio(side, measure, variant, baseline, rng) for side, rng in zip(sides, generators, strict=True)]
            rows.append(Row(measure, variant, baseline, *found))
    rows.sort(key=lambda row: list(Order).index(row.order))
    return Ranking(_ranked(synthetic, designs), _ranked(replay, designs), designs, rows, left_out)


def _ratio(side: Side, measure: str, variant: str, baseline: str, rng: np.random.Generator) -> Ratio | None:
    if measure == WRITES:
        return writes_ratio(side, variant, baseline)
    draws = side.record.configuration.get("bootstrap_draws")
    return latency_ratio(side, measure, variant, baseline, rng, draws if isinstance(draws, int) else _DRAWS)


def _reasons(sides: Sequence[Side], measure: str, design: str) -> Iterator[LeftOut]:
    """Why a design takes no part by this measure."""
    kinds = MESSAGES if measure == WRITES else (measure,)
    for side in sides:
        yield from (row for row in side.summary.left_out if row.part == LATENCY and row.design == design and row.kind in kinds)


def _in_both(synthetic: Side, replay: Side) -> list[str]:
    return [design for design in synthetic.record.designs if design in replay.record.designs]


def _check(synthetic: Side, replay: Side, designs: Sequence[str]) -> None:
    sides = (synthetic, replay)
    if _is_of_a_trace(synthetic):
        raise UserError(f"{synthetic.name} is a trace replay: give a run of generated traffic first, the replay second")
    if not _is_of_a_trace(replay):
        raise UserError(f"{replay.name} is no trace replay: give a run of generated traffic first, the replay second")
    for side in sides:
        lacking = [name for name in side.record.trials if name.startswith(LATENCY) and name not in side.totals]
        if lacking or not side.totals:
            shown = ", ".join(lacking[:_TRIALS_SHOWN]) or "paired sessions"
            raise UserError(f"{side.name} is not complete, it lacks {shown}: go on with it by --resume, or give another run")
        for trial, totals in side.totals.items():
            if not {*designs} <= {total.variant for total in totals}:
                raise UserError(f"{side.name}: {trial} lacks the totals of a design: restore it, or give another run")
    if len(designs) < 2:
        of_each = " / ".join(", ".join(side.record.designs) for side in (synthetic, replay))
        raise UserError(
            f"{synthetic.name} and {replay.name} have no two designs in common ({of_each}): run both with the same ones"
        )
    records = [side.record.model_copy(update={"designs": {name: side.record.designs[name] for name in designs}}) for side in sides]
    apart = list(designs_apart(*records))
    if apart:
        told = "; ".join(f"{one.what}: {one.a} / {one.b}" for one in apart)
        raise UserError(
            f"{synthetic.name} and {replay.name} have other designs of the same names ({told}): run both with one version"
        )
    one, other = (side.record.configuration.get("peer_delivery", True) for side in sides)
    if one != other:
        raise UserError(f"peer_delivery is {one} in {synthetic.name} and {other} in {replay.name}: run both with the same")


def _is_of_a_trace(side: Side) -> bool:
    """A replay is a run of its own kind, or one of a workload that names a trace."""
    return is_replay(side.record) or side.record.workload_parameters.get("trace") is not None


def _ranked(side: Side, designs: Sequence[str]) -> Ranked:
    totals = [found[0] for found in side.totals.values()]
    return Ranked(
        name=side.name,
        workload=", ".join(dict.fromkeys(place.partition("-")[2] for place in side.record.workloads)),
        messages=sum(total.messages for total in totals),
        sessions=len(totals),
        figures={design: figures(side, design) for design in designs},
        cautions=list(_cautions(side, designs)),
    )


def _cautions(side: Side, designs: Sequence[str]) -> Iterator[str]:
    alone = [design for design in side.record.designs if design not in designs]
    if alone:
        yield f"only this run has {', '.join(alone)}"
    if len(side.totals) == 1:
        yield "one session: its intervals know nothing of how sessions differ"
    absent = [kind for kind in MESSAGES if floor(side, kind) is None]
    if absent:
        yield f"no A/A pair of {', '.join(absent)}: nothing says what identical code shows"
    load = busy(side.record)
    if load is not None:
        yield f"begun on a machine that was busy with something else: {load}"
    for design in designs:
        facts = facts_kept_out(side, design)
        if facts and not any(_reasons([side], WRITES, design)):
            less = counted(facts, "fact", "facts")
            yield f"{design} holds {less} less, none of a message: its bounds of writes allow a row for each"
    for limit in side.summary.stopped_early:
        yield f"stopped early: {limit}"
