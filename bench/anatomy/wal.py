"""What a stretch of WAL cost, out of the server's statistics over it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MANAGERS = frozenset({"Heap", "Heap2", "Btree", "Transaction"})
"""The resource managers whose records a statement causes; the others (Standby, XLOG, ...) are the server's background."""


@dataclass(frozen=True, slots=True)
class WalCost:
    """Records and bytes of rows, indexes and transactions without full-page images; `images` are the bytes of all images."""

    records: int
    bytes: int
    images: int


def wal_cost(rows: Iterable[tuple[str, int, int, int]]) -> WalCost:
    """The cost from rows of (manager and type such as `Heap/INSERT`, count, record bytes, image bytes)."""
    records = size = images = 0
    for kind, count, record_bytes, image_bytes in rows:
        images += image_bytes
        if kind.partition("/")[0] in MANAGERS:
            records += count
            size += record_bytes
    return WalCost(records, size, images)
