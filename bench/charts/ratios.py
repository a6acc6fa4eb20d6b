"""Paired latency ratios, grouped for a forest plot. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import design_of, in_order, levels_of
from bench.latency.pooling import kinds_of
from bench.latency.variants import PLANTED_FAMILY, SAMES, same_family
from bench.results.schema import LatencyRatio
from bench.scenes import KINDS, MESSAGES

SUBJECTS = ("messages", "other writes", "reads")

ATOMICITIES = frozenset({"joined", "outbox"})
"""Levels that a family has in its name, so that its charts need not repeat them."""

_WRITES = frozenset(KINDS)


@dataclass(frozen=True, slots=True)
class Group:
    """All variants for one kind of operation; `same` is the A/A pair of that kind, if the run has one.

    In a forest across kinds it is all kinds for one variant, and has no A/A pair.
    """

    name: str
    rows: tuple[LatencyRatio, ...]
    same: LatencyRatio | None

    @property
    def n(self) -> int:
        """Pairs behind the rows; they share them."""
        return max(row.n for row in self.rows)


@dataclass(frozen=True, slots=True)
class Forest:
    """One chart: a family of comparisons and what it is about (`SUBJECTS`); `across_kinds` when rows are kinds, not variants."""

    family: str
    subject: str
    groups: tuple[Group, ...]
    across_kinds: bool = False


def forests(latency: Iterable[LatencyRatio]) -> list[Forest]:
    """A chart for each family and subject that has rows, in the order of the data's families."""
    rows = list(latency)
    same = {(row.family, row.kind): row for row in rows if row.family in SAMES}
    present = {row.family for row in rows}
    families = list(dict.fromkeys(row.family for row in rows if row.family not in {*SAMES, PLANTED_FAMILY}))
    found = []
    for family in families:
        of_family = [row for row in rows if row.family == family]
        for subject in SUBJECTS:
            kinds = sorted({row.kind for row in of_family if _subject(row.kind) == subject}, key=kind_place)
            groups = tuple(_group(of_family, kind, same.get((same_family(family, present), kind))) for kind in kinds)
            if groups:
                found.append(Forest(family, subject, groups))
    return found


def across_kinds(latency: Iterable[LatencyRatio], family: str) -> Forest | None:
    """One chart of a family with few variants: a group for each of them, a row for each kind; None without rows."""
    rows = sorted((row for row in latency if row.family == family), key=lambda row: kind_place(row.kind))
    variants = sorted({row.variant for row in rows})
    groups = tuple(Group(variant, tuple(row for row in rows if row.variant == variant), None) for variant in variants)
    return Forest(family, SUBJECTS[2], groups, across_kinds=True) if groups else None


def _group(rows: Sequence[LatencyRatio], kind: str, same: LatencyRatio | None) -> Group:
    order = in_order(design_of(row.variant) for row in rows)
    of_kind = [row for row in rows if row.kind == kind]
    return Group(kind, tuple(sorted(of_kind, key=lambda row: (order.index(design_of(row.variant)), row.variant))), same)


def _subject(kind: str) -> str:
    kind = kinds_of(kind)[0]
    return SUBJECTS[0] if kind in MESSAGES else SUBJECTS[1] if kind in _WRITES else SUBJECTS[2]


def kind_place(kind: str) -> tuple[int, int, str]:
    """Sorts kinds of operation: messages first, then other writes in the order of a chat's life, then reads."""
    subject, first = SUBJECTS.index(_subject(kind)), kinds_of(kind)[0]
    order = MESSAGES if first in MESSAGES else KINDS if first in _WRITES else ()
    # Kinds that are taken together stand before the first of them.
    return (subject, order.index(first) - (first != kind) if order else 0, kind)


def labels(forest: Forest) -> dict[str, str]:
    """How each variant is called in the chart: the atomicity that the whole family shares is left out."""
    variants = {row.variant for group in forest.groups for row in group.rows}
    shared = set.intersection(*(set(levels_of(variant)) for variant in variants)) & ATOMICITIES
    named = {}
    for variant in variants:
        own = [level for level in levels_of(variant) if level not in shared]
        named[variant] = design_of(variant) + (f"[{','.join(own)}]" if own else "")
    return named


def as_table(forest: Forest) -> Table:
    """One row for each comparison, the A/A pairs included."""
    rows = [row for group in forest.groups for row in (*group.rows, *([group.same] if group.same else []))]
    return Table(
        ("family", "kind", "variant", "baseline", "n", "ratio", "low", "high", "separated", "p50_ns", "baseline_p50_ns"),
        tuple(
            (
                row.family,
                row.kind,
                row.variant,
                row.baseline,
                row.n,
                row.ratio,
                row.low,
                row.high,
                "yes" if row.separated else "no",
                row.p50_ns,
                row.baseline_p50_ns,
            )
            for row in rows
        ),
    )
