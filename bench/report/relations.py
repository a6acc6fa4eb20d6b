"""Tables of what writes leave in the WAL: by table and index, and across a forced checkpoint. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import in_order
from bench.report.grid import Grid, figure, grid
from bench.results.schema import AnatomyCell, CheckpointCell
from bench.scenes import HEADLINE, KINDS, WARM

_STATES = {WARM: "warm"}
_FIGURES = ("WAL records", "WAL bytes", "page bytes", "image bytes", "row locks", "index entries", "HOT updates")


def relation_grids(anatomy: Sequence[AnatomyCell]) -> list[Grid]:
    """What one operation writes to each table and index, per side: sends at every k, other writes at their largest."""
    cells = [cell for cell in anatomy if cell.relations]
    sends = [cell for cell in cells if cell.kind == HEADLINE]
    others = [cell for cell in cells if cell.kind != HEADLINE]
    titles = (("One send by table and index", sends), ("Every other write by table and index", others))
    return [_relations(title, found) for title, found in titles if found]


def checkpoint_grids(checkpoints: Sequence[CheckpointCell]) -> list[Grid]:
    """The same operations plain and across a checkpoint, side by side."""
    if not checkpoints:
        return []
    order = in_order(cell.plain.design for cell in checkpoints)
    ordered = sorted(checkpoints, key=lambda cell: (*_place(cell.plain), order.index(cell.plain.design)))
    heading = (
        *("kind", "state", "k", "design", "records", "across", "bytes", "across", "page bytes", "across", "image bytes", "across"),
        *("images across", "of hints", "equal but for images"),
    )
    return [grid("Across a forced checkpoint", heading, map(_across, ordered), numbers=(2, *range(4, 14)), long=True)]


def is_equal(cell: CheckpointCell) -> bool | None:
    """Whether a checkpoint changed nothing but images; None where one of both was not counted.

    Bytes of reorganised pages are not asked for: where a random key splits a page is chance.
    """
    if cell.across is None or cell.plain.wal_bytes is None or cell.across.wal_bytes is None:
        return None
    return all(
        getattr(cell.plain, name) == getattr(cell.across, name)
        for name in ("transactions", "statements_read", "statements_write", "rows", "wal_records", "wal_bytes")
    )


def _relations(title: str, cells: Sequence[AnatomyCell]) -> Grid:
    order = in_order(cell.design for cell in cells)
    ordered = sorted(cells, key=lambda cell: (*_place(cell), order.index(cell.design)))
    rows = [
        (
            *_names(cell),
            one.relation,
            one.table if one.table != one.relation else "",
            *map(figure, (one.wal_records, one.wal_bytes, one.wal_page_bytes, one.wal_images, one.locks, one.entries)),
            figure(one.hot_updates) if one.hot_updates else "" if one.hot_updates is None else "0",
        )
        for cell in ordered
        for one in cell.relations
    ]
    return grid(title, ("kind", "state", "k", "design", "relation", "of", *_FIGURES), rows, numbers=(2, *range(6, 13)), long=True)


def _across(cell: CheckpointCell) -> tuple[str, ...]:
    plain, across = cell.plain, cell.across
    pairs = [
        figure(None if one is None else getattr(one, name))
        for name in ("wal_records", "wal_bytes", "wal_page_bytes", "wal_images")
        for one in (plain, across)
    ]
    images = [figure(None if across is None else getattr(across, name)) for name in ("wal_image_records", "wal_hint_images")]
    equal = is_equal(cell)
    return (*_names(plain), *pairs, *images, "–" if equal is None else "yes" if equal else "NO")


def _names(cell: AnatomyCell) -> tuple[str, str, str, str]:
    return cell.kind, _STATES.get(cell.state, "first contact"), str(cell.k), cell.design


def _place(cell: AnatomyCell) -> tuple[int, bool, int]:
    return KINDS.index(cell.kind) if cell.kind in KINDS else len(KINDS), cell.state != WARM, cell.k
