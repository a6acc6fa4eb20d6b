"""I8, I13, I14 and I16: what readers saw, one after the other and at one moment. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bench.checker.columns import NULL, WORDS
from bench.checker.in_python.joining import apart
from bench.checker.in_python.world import MESSAGES, World
from bench.checker.violation import Violation

Lane = tuple[int, int, int]
"""A process, a channel, and the side that is read: an agent, or NULL for the central one."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One read, with the positions of the messages it returned; in a snapshot, what each holder has."""

    lane: Lane
    f: int
    is_complete: bool
    start: int
    invoke_ns: int
    done_ns: int
    positions: Mapping[int, int]
    holders: Mapping[int, set[int]]


def _reads(world: World) -> list[_Read]:
    columns, seen = world.columns.read, world.columns.seen
    positions: dict[int, dict[int, int]] = defaultdict(dict)
    holders: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for read, agent, message, position in zip(
        *(seen[part].tolist() for part in ("read", "agent", "message", "position")), strict=True
    ):
        positions[read][message] = position
        holders[read][agent].add(message)
    parts = ("read", "process", "channel", "agent", "f", "complete", "start", "invoke_ns", "done_ns")
    return [
        _Read((process, channel, agent), f, complete == 1, start, invoke, done, positions[read], holders[read])
        for read, process, channel, agent, f, complete, start, invoke, done in zip(
            *(columns[part].tolist() for part in parts), strict=True
        )
    ]


def no_gap(world: World) -> Iterator[Violation]:
    """I8: a reader with a cursor gets everything between where it began and where it came to."""
    reads = _reads(world)
    known: dict[tuple[int, int], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    by_lane: dict[Lane, list[_Read]] = defaultdict(list)
    for read in reads:
        if read.f != WORDS["snapshot"]:
            for message, position in read.positions.items():
                known[read.lane[1:]][message].add(position)
        if read.f == WORDS["cursor"]:
            by_lane[read.lane].append(read)
    gone = _may_be_deleted(world)
    for lane, own in by_lane.items():
        got = {message for read in own for message in read.positions}
        start = min(read.start for read in own)
        end = max((position for read in own for position in read.positions.values()), default=start)
        for message, positions in known[lane[1:]].items():
            if message not in got and message not in gone and any(start < position <= end for position in positions):
                yield Violation("I8", (world.names(lane[0]), world.names(message)), "missed")


def read_your_writes(world: World) -> Iterator[Violation]:
    """I13: whose write ended ok sees it in every later complete read of the channel."""
    history, columns = world.columns.history, world.columns
    reads = [read for read in _reads(world) if read.is_complete and read.f == WORDS["page"]]
    if not reads:
        return
    ids: dict[int, set[int]] = defaultdict(set)
    for op, message in zip(columns.written["op"].tolist(), columns.written["message"].tolist(), strict=True):
        ids[op].add(message)
    deleted_ns = _deleted_ns(world)
    own: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isin(history["f"], MESSAGES) & (history["told"] == WORDS["ok"])).tolist():
        own[int(history["process"][row]), int(history["channel"][row])].append(row)
    for read in reads:
        for row in own[read.lane[:2]]:
            op = int(history["op"][row])
            is_readable = read.lane[2] in {NULL, int(history["author"][row])}
            is_later = history["done_ns"][row] <= read.invoke_ns and read.done_ns <= deleted_ns.get(row, read.done_ns)
            if is_readable and is_later and not ids[op] & read.positions.keys():
                yield Violation("I13", (world.names(read.lane[0]), world.names(op)), "stale")


def monotonic_reads(world: World) -> Iterator[Violation]:
    """I14: what a complete read of a process returned, all its later ones return, until it is deleted."""
    by_lane: dict[Lane, list[_Read]] = defaultdict(list)
    for read in _reads(world):
        if read.is_complete and read.f == WORDS["page"]:
            by_lane[read.lane].append(read)
    deleted_ns = _deleted_ns(world)
    for lane, reads in by_lane.items():
        first_ns: dict[int, int] = {}
        for read in reads:
            for message in read.positions:
                first_ns[message] = min(first_ns.get(message, read.done_ns), read.done_ns)
        for message, done_ns in first_ns.items():
            until_ns = deleted_ns.get(int(world.owner[message]))
            for read in reads:
                is_later = read.invoke_ns >= done_ns and (until_ns is None or read.done_ns <= until_ns)
                if is_later and message not in read.positions:
                    yield Violation("I14", (world.names(lane[0]), world.names(message)), "lost")


def atomic_visibility(world: World) -> Iterator[Violation]:
    """I16: no moment at which an operation is on one side and not on the other."""
    snapshots = [read for read in _reads(world) if read.f == WORDS["snapshot"]]
    if not snapshots:
        return
    must: dict[int, list[int]] = defaultdict(list)
    for agent, message in zip(*(part.tolist() for part in apart(np.unique(world.expected))), strict=True):
        must[message].append(agent)
    gone = _may_be_deleted(world)
    for read in snapshots:
        central = read.holders.get(NULL, set())
        for message in central - gone:
            for agent in must[message]:
                if message not in read.holders.get(agent, set()):
                    yield Violation("I16", (world.names(agent), world.names(message)), "torn")
        for agent, messages in read.holders.items():
            for message in messages - central - gone if agent != NULL else ():
                if world.owner[message] != NULL:
                    yield Violation("I16", (world.names(agent), world.names(message)), "torn")


def _may_be_deleted(world: World) -> set[int]:
    """Messages of which a delete did not fail."""
    written = world.columns.written["message"]
    owners = world.owners(written)
    return set(written[(owners != NULL) & world.may_be_deleted[owners]].tolist()) if len(world.may_be_deleted) else set()


def _deleted_ns(world: World) -> dict[int, int]:
    """By operation, when the first delete of it began that did not fail."""
    history = world.columns.history
    began: dict[int, int] = {}
    deletes = (history["f"] == WORDS["delete"]) & (history["told"] != WORDS["fail"]) & (history["target"] != NULL)
    for row in np.flatnonzero(deletes).tolist():
        target = int(world.row_of_op[history["target"][row]])
        invoke_ns = int(history["invoke_ns"][row])
        began[target] = min(began.get(target, invoke_ns), invoke_ns)
    began.pop(NULL, None)
    return began
