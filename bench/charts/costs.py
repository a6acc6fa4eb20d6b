"""Where the time of an operation goes, stacked: the data of the bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import in_order
from bench.results.cost_schema import CostRow, Estimate


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the time by its name, with its colour and hatch."""

    name: str
    colour: str
    hatch: str


CLIENT = Share("client CPU", "#4477aa", "")
BACKEND = Share("backend CPU", "#ee8866", "///")
FSYNC = Share("fsync", "#44bb99", "\\\\\\")
QUEUED = Share("backend ready, no CPU free", "#ffaabb", "---")
WAIT = Share("waking up, network, the rest", "#dddddd", "")
UNSPLIT = Share("not split on this server", "#bbbbbb", "xxx")
SHARES: tuple[Share, ...] = (CLIENT, BACKEND, FSYNC, QUEUED, WAIT, UNSPLIT)
"""In the order of the bars. Colours are of P. Tol's "light" scheme, as those of tables."""


@dataclass(frozen=True, slots=True)
class Split:
    """One design: the microseconds of each share, and all of them with their interval."""

    design: str
    shares: tuple[tuple[Share, float], ...]
    wall_us: Estimate


@dataclass(frozen=True, slots=True)
class SplitGroup:
    """All designs at one kind of operation."""

    kind: str
    splits: tuple[Split, ...]


def split_groups(rows: Iterable[CostRow], exchange: str) -> list[SplitGroup]:
    """The bars of one exchange, kinds in the order of the run."""
    found: dict[str, dict[str, CostRow]] = {}
    for row in rows:
        if row.exchange == exchange:
            found.setdefault(row.kind, {})[row.design] = row
    return [
        SplitGroup(kind, tuple(Split(design, shares(own[design]), own[design].wall_us) for design in in_order(own)))
        for kind, own in found.items()
    ]


def shares(row: CostRow) -> tuple[tuple[Share, float], ...]:
    """The shares of a row; a share that is below nothing, by the noise of clocks, is drawn as nothing."""
    known = [(CLIENT, row.client_cpu_us.mean)]
    known += [(share, found.mean) for share, found in ((BACKEND, row.backend_cpu_us), (FSYNC, row.fsync_us)) if found is not None]
    if row.wait_us is None:
        rest = row.wall_us.mean - sum(value for _, value in known)
        known.append((UNSPLIT, rest))
    else:
        queued = 0.0 if row.queued_us is None else min(row.queued_us.mean, row.wait_us.mean)
        known += [(QUEUED, queued), (WAIT, row.wait_us.mean - max(0.0, queued))]
    return tuple((share, max(0.0, value)) for share, value in known)


def as_table(groups: Sequence[SplitGroup]) -> Table:
    """One row for each kind, design and share."""
    return Table(
        ("kind", "design", "share", "us_per_operation", "wall_us", "wall_low_us", "wall_high_us", "repetitions"),
        tuple(
            (group.kind, split.design, share.name, round(value, 3), *_told(split.wall_us))
            for group in groups
            for split in group.splits
            for share, value in split.shares
        ),
    )


def _told(found: Estimate) -> tuple[float, float | None, float | None, int]:
    low, high = (None if bound is None else round(bound, 3) for bound in (found.low, found.high))
    return round(found.mean, 3), low, high, found.n
