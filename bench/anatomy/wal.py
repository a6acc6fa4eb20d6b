"""What a stretch of WAL cost, out of the server's statistics over it. Pure.

Four kinds of records are told apart. Those that a statement always causes: rows, index entries, transactions. Those that
reorganise pages when one happens to be full: index page splits, pruning; which statement meets the full page depends on what was
stored before, and on random keys. Full-page images, which depend on the last checkpoint. And the server's background.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_STATEMENT_MANAGERS = frozenset({"Heap", "Transaction"})
_STATEMENT_TYPES = frozenset({"Btree/INSERT_LEAF", "Btree/INSERT_POST", "Heap2/MULTI_INSERT", "Heap2/LOCK_UPDATED"})
_SPLITS = frozenset({"Btree/SPLIT_L", "Btree/SPLIT_R"})
_PAGE_MANAGERS = frozenset({"Heap2", "Btree"})


@dataclass(frozen=True, slots=True)
class WalCost:
    """`records` and their `bytes` without images; `page_bytes` are of records that reorganise pages; `images` of all images.

    An index entry that splits its page is one record, as any other; the bytes of its record, which moves half a page, are among
    `page_bytes`.
    """

    records: int
    bytes: int
    page_bytes: int
    images: int


NOTHING_WRITTEN = WalCost(0, 0, 0, 0)


def wal_cost(rows: Iterable[tuple[str, int, int, int]]) -> WalCost:
    """The cost from rows of (manager and type such as `Heap/INSERT`, count, record bytes, image bytes)."""
    records = size = page_size = images = 0
    for kind, count, record_bytes, image_bytes in rows:
        manager = kind.partition("/")[0]
        images += image_bytes
        if manager in _STATEMENT_MANAGERS or kind in _STATEMENT_TYPES:
            records += count
            size += record_bytes
        elif manager in _PAGE_MANAGERS:
            records += count if kind in _SPLITS else 0
            page_size += record_bytes
    return WalCost(records, size, page_size, images)
