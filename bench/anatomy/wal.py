"""What a stretch of WAL cost, out of its records. Pure.

Four kinds of records are told apart. Those that a statement always causes: rows, index entries, transactions. Those that
reorganise pages when one happens to be full: index page splits, pruning; which statement meets the full page depends on what was
stored before, and on random keys. Full-page images, which depend on the last checkpoint. And the server's background.

An image is not simply added to its record: the record then leaves out the row or the index entry that the image holds anyway. A
record with an image is therefore told with the bytes of its twin: the record of the same kind, on the same relation, at the same
place among those of its scene, in another scene of the same cell. All that the WAL is longer by is the image's. An index entry
that splits its page has the bytes of its twin, too, and the rest belongs to the reorganised page. A record that reorganises a page
has a twin only on a store with the same pages.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

ENTRY, LOCK = "Btree/INSERT", "Heap/LOCK"
HINT = "XLOG/FPI_FOR_HINT"
_OWN_MANAGERS = frozenset({"Heap", "Transaction", "Gin", "Gist", "Hash", "SPGist", "BRIN"})
_OWN_TYPES = frozenset({"Btree/INSERT_LEAF", "Heap2/MULTI_INSERT", "Heap2/LOCK_UPDATED"})
_SPLITS = frozenset({"Btree/SPLIT_L", "Btree/SPLIT_R"})
_CHANCE_ENTRIES = _SPLITS | {"Btree/INSERT_POST"}
"""Index entries that do more than to be added: the page was full, or held equal keys as one."""

_PAGE_MANAGERS = frozenset({"Heap2", "Btree"})
_INIT = "+INIT"
_WHOLE_STRETCH = -1

Relation = str | None
"""The name of a relation; None for records of transactions, which have none."""

Place = tuple[Relation, str, int]
"""Relation, kind, and which one of these it is in its scene; of a record that reorganises a page, in the whole stretch."""

Sizes = Mapping[Place, int]
"""The bytes of records without an image by their place."""


@dataclass(frozen=True, slots=True)
class WalRecord:
    """One record: `at` is its position in the WAL, `kind` manager and type such as `Heap/INSERT`, `bytes` without `image_bytes`."""

    at: int
    kind: str
    relation: Relation
    bytes: int
    image_bytes: int


@dataclass(frozen=True, slots=True)
class WalCost:
    """`records` and their `bytes` without images; `page_bytes` are of records that reorganise pages.

    `images` is how many bytes images made the WAL longer, `image_records` carry one, `hint_images` of them nothing else (with data
    checksums the first hint on a page after a checkpoint is logged so). `locks` and `entries` are those of rows and indexes.
    `bytes` and `images` are None when a record has an image in every scene, so that its own bytes are known from none.
    """

    records: int
    bytes: int | None
    page_bytes: int
    images: int | None
    image_records: int = 0
    hint_images: int = 0
    locks: int = 0
    entries: int = 0


NOTHING_WRITTEN = WalCost(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Wal:
    """What a stretch of WAL cost in all, and by relation; `sizes` are those of its records without images."""

    total: WalCost
    relations: Mapping[Relation, WalCost]
    sizes: Sizes


NO_WAL = Wal(NOTHING_WRITTEN, {}, {})


def wal(records: Sequence[WalRecord], scenes: Sequence[int], twins: Sizes | None = None) -> Wal:
    """The cost of a stretch of WAL in which scenes begin at these positions.

    `twins` are sizes from the same scenes on another store, for records that have no twin here.
    """
    placed = list(_placed(records, scenes))
    sizes = {one.own: one.record.bytes for one in placed if one.own is not None and _is_plain(one.record)}
    sizes |= {one.page: one.record.bytes for one in placed if one.page is not None and not one.record.image_bytes}
    known = {**(twins or {}), **sizes}
    by_relation: dict[Relation, list[_Placed]] = defaultdict(list)
    for one in placed:
        by_relation[one.record.relation].append(one)
    relations = {name: _cost(found, known) for name, found in by_relation.items()}
    return Wal(_cost(placed, known), {name: cost for name, cost in relations.items() if cost != NOTHING_WRITTEN}, sizes)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A record with its place among those that statements cause, and among those that reorganise pages; a split has both."""

    record: WalRecord
    own: Place | None
    page: Place | None


def _placed(records: Sequence[WalRecord], scenes: Sequence[int]) -> Iterator[_Placed]:
    counts: Counter[tuple[int, Relation, str]] = Counter()

    def place(scene: int, relation: Relation, kind: str | None) -> Place | None:
        if kind is None:
            return None
        counts[scene, relation, kind] += 1
        return relation, kind, counts[scene, relation, kind] - 1

    for record in records:
        own = place(bisect_right(scenes, record.at), record.relation, _own_kind(record.kind))
        yield _Placed(record, own, place(_WHOLE_STRETCH, record.relation, _page_kind(record.kind)))


def _own_kind(kind: str) -> str | None:
    """The kind under which twins are looked for: all ways of adding an index entry are one, so is a row on a new page."""
    if kind in _CHANCE_ENTRIES or kind == "Btree/INSERT_LEAF":
        return ENTRY
    if kind in _OWN_TYPES or kind.partition("/")[0] in _OWN_MANAGERS:
        return kind.removesuffix(_INIT)
    return None


def _page_kind(kind: str) -> str | None:
    """The kind of a record that reorganises a page, whatever of it is a statement's own."""
    reorganises = kind in _CHANCE_ENTRIES or (_own_kind(kind) is None and kind.partition("/")[0] in _PAGE_MANAGERS)
    return f"page {kind}" if reorganises else None


def _is_plain(record: WalRecord) -> bool:
    return record.image_bytes == 0 and record.kind not in _CHANCE_ENTRIES


def _cost(placed: Iterable[_Placed], known: Sizes) -> WalCost:
    records = size = page_size = images = image_records = hints = locks = entries = 0
    is_known = True
    for one in placed:
        record = one.record
        image_records += record.image_bytes > 0
        hints += record.kind == HINT
        images += record.image_bytes
        own, page = _own_bytes(one, known), _page_bytes(one, known)
        if one.own is not None:
            records += 1
            locks += one.own[1] == LOCK
            entries += one.own[1] == ENTRY
            is_known = is_known and own is not None
        own = own or 0
        page = 0 if page is None else page - own
        size += own
        page_size += page
        if one.own is not None or one.page is not None:
            images += record.bytes - own - page
    told = (size, images) if is_known else (None, None)
    return WalCost(records, told[0], page_size, told[1], image_records, hints, locks, entries)


def _own_bytes(one: _Placed, known: Sizes) -> int | None:
    """What of a record a statement causes by itself; None when that is not known, as of an image without a twin."""
    if one.own is None:
        return 0
    if _is_plain(one.record):
        return one.record.bytes
    if one.record.kind in _SPLITS:
        return known.get(one.own, 0)
    return known.get(one.own, one.record.bytes if one.record.image_bytes == 0 else None)


def _page_bytes(one: _Placed, known: Sizes) -> int | None:
    """The bytes of a record that reorganises a page, its statement's part included; None for any other record."""
    if one.page is None:
        return None
    return known.get(one.page, one.record.bytes) if one.record.image_bytes else one.record.bytes
