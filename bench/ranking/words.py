"""A ranking in words: the cells of its rows, the same in Markdown and on a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bench.ranking.ranking import Order, Ranked, Ranking, Row
from bench.ranking.ratios import MEASURES, WRITES, Ratio
from bench.report.grid import figure
from bench.report.markdown_table import counted
from bench.results.schema import LeftOut
from bench.scenes import MESSAGES
from bench.stats.words import interval_in_words, milliseconds, percent_change

NAMES: Mapping[str, str] = {WRITES: "writes per message", **{kind: f"latency of {kind}" for kind in MESSAGES}}
HEADING = ("by", "design", "against", "synthetic", "replay", "order")
FIGURES = ("design", *(f"{NAMES[measure]}, {side}" for measure in MEASURES for side in ("synthetic", "replay")))

NOT_SEPARATED = "~"
"""Stands for a difference that may be none."""


def cells(row: Row) -> tuple[str, ...]:
    """A row as `HEADING` names its cells."""
    return (NAMES[row.measure], row.variant, row.baseline, _ratio(row.synthetic), _ratio(row.replay), str(row.order))


def figures_of(found: Ranking) -> Iterator[tuple[str, ...]]:
    """What each design cost in both runs, as `FIGURES` names the cells."""
    for design in found.designs:
        both = [side.figures[design] for side in (found.synthetic, found.replay)]
        latencies = [milliseconds(one.p50_ns.get(kind)) for kind in MESSAGES for one in both]
        yield (design, *(f"{one.writes:.3f}" for one in both), *latencies)


def made_of(side: Ranked) -> str:
    """What a run is of: `chat, 1,200 messages in 4 sessions`."""
    messages = counted(side.messages, "message", "messages")
    return f"{side.workload}, {messages} in {counted(side.sessions, 'session', 'sessions')}"


def by_measure(found: Ranking, measure: str) -> str:
    """How many pairs of a measure are separated by both runs, and in which order."""
    rows = [row for row in found.rows if row.measure == measure]
    same, inverted = (len(found.of(order, measure)) for order in (Order.SAME, Order.INVERTED))
    return (
        f"{NAMES[measure]}: {counted(len(rows), 'pair', 'pairs')}, {figure(same + inverted)} separated by both runs,"
        f" {figure(same)} in the same order, {figure(inverted)} INVERTED"
    )


def left_out(found: Ranking) -> Iterator[str]:
    """A line for each measure and design that takes no part in it, with the shortfalls that touched it."""
    for measure, reasons in found.left_out.items():
        by_design: dict[str, list[LeftOut]] = {}
        for reason in reasons:
            by_design.setdefault(reason.design, []).append(reason)
        for design, of_it in by_design.items():
            yield f"{design} is left out of {NAMES[measure]}: {_shortfalls(of_it)}"


def cautions(found: Ranking) -> Iterator[str]:
    """What makes the figures of a run weaker than they look."""
    for side, run in (("synthetic", found.synthetic), ("replay", found.replay)):
        yield from (f"{side}: {caution}" for caution in run.cautions)


def count(found: Ranking) -> str:
    """The last line: how many of all pairs have an order in both runs, and in how many it is another one."""
    same, inverted = len(found.of(Order.SAME)), len(found.of(Order.INVERTED))
    compared = "comparisons of two designs"
    return (
        f"{figure(inverted)} INVERTED, {figure(same)} in the same order, of {figure(same + inverted)} {compared} that both runs"
        f" separate ({figure(len(found.rows))} were made)"
    )


def _ratio(ratio: Ratio | None) -> str:
    if ratio is None:
        return "too few pairs"
    same = ratio.interval.low == ratio.interval.high
    told = percent_change(ratio.interval.estimate) if same else interval_in_words(ratio.interval)
    return told if ratio.separated else f"{NOT_SEPARATED} {told}"


def _shortfalls(reasons: Sequence[LeftOut]) -> str:
    rows = {reason.shortfall: reason.rows for reason in sorted(reasons, key=lambda reason: reason.rows)}
    return ", ".join(f"{kind.replace('_', ' ')} ({counted(many, 'row', 'rows')})" for kind, many in rows.items())
