"""What several invariants need to know of a store and its history, worked out once. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.checker.columns import NULL, WORDS, Columns, IntArray, Table
from bench.checker.in_python.joining import LongArray, Mask, at, marked, pairs, ranges, rows_by_code, running_max
from bench.checker.in_python.silent import copied_messages

MESSAGES = (WORDS["send"], WORDS["reply"])
JOINS = (WORDS["join"], WORDS["join_agent"])
LEAVES = (WORDS["leave"], WORDS["leave_agent"])


@dataclass(frozen=True, slots=True)
class World:
    """A store and its history, with what follows from them.

    An operation is told by its row in the history. `owner` gives, by message code, the operation that wrote it, or NULL.
    `row_of_op` gives the row by the operation's code. `is_deleted`: a delete of it ended ok; `may_be_deleted`: one did not fail.
    `edited_to` is the greatest number of an edit that ended ok, 0 without any. `in_central`: some message of it is in C.

    `layers` give the rows of C by message code: first each message's one row, then the second ones where a message has several.
    `copied` gives the message of each copy, NULL where none can be told. `expected` are the pairs of agent and message that must be
    there, given that the message is in C.
    """

    columns: Columns
    owner: IntArray
    row_of_op: IntArray
    is_deleted: Mask
    may_be_deleted: Mask
    edited_to: LongArray
    in_central: Mask
    layers: tuple[IntArray, ...]
    copied: IntArray
    expected: LongArray

    def names(self, code: int) -> str:
        """The text of a code."""
        return self.columns.names.text(code)

    def of_message(self, values: Mask | LongArray, messages: IntArray) -> LongArray:
        """What holds for the operations of these messages, as numbers; 0 for NULL and for messages nobody wrote."""
        return at(values, self.owners(messages), 0).astype(np.int64)

    def owners(self, messages: IntArray) -> IntArray:
        """The operations of these messages, NULL where there is none."""
        return at(self.owner, messages, NULL)

    def is_central(self, messages: IntArray) -> Mask:
        """Whether these messages are in C; False for NULL."""
        there: Mask = at(self.layers[0], messages, NULL) != NULL
        return there

    def allowed(self, agents: IntArray, messages: IntArray) -> Mask:
        """Whether each agent may have this message. One that nobody wrote is allowed: it is another invariant's."""
        history, owners = self.columns.history, self.owners(messages)
        is_reply = at(history["f"], owners, NULL) == WORDS["reply"]
        is_author = at(history["author"], owners, NULL) == agents
        told = _subscribed(self.columns.subscription, agents, at(history["channel"], owners, NULL), at(history["at_ms"], owners, 0))
        told = told & (~is_reply | self.columns.peer_delivery)
        allowed: Mask = (owners == NULL) | (is_reply & is_author) | told
        return allowed


def world_of(columns: Columns) -> World:
    """Work it out."""
    history, size = columns.history, len(columns.names)
    count = len(history["op"])
    row_of_op = rows_by_code(history["op"], size)
    owner = np.full(size, NULL, np.int32)
    owner[columns.written["message"]] = at(row_of_op, columns.written["op"], NULL)
    targets = at(row_of_op, history["target"], NULL)
    did_not_fail = history["told"] != WORDS["fail"]
    is_delete = (history["f"] == WORDS["delete"]) & (targets != NULL)
    is_deleted, may_be_deleted, edited_to = np.zeros(count, np.bool_), np.zeros(count, np.bool_), np.zeros(count, np.int64)
    is_deleted[targets[is_delete & (history["told"] == WORDS["ok"])]] = True
    may_be_deleted[targets[is_delete & did_not_fail]] = True
    edits = (history["f"] == WORDS["edit"]) & (targets != NULL) & (history["told"] == WORDS["ok"])
    np.maximum.at(edited_to, targets[edits], history["rev"][edits])
    in_central = np.zeros(count, np.bool_)
    owners_in_central = owner[columns.c_message["message"]]
    in_central[owners_in_central[owners_in_central != NULL]] = True
    return World(
        columns=columns,
        owner=owner,
        row_of_op=row_of_op,
        is_deleted=is_deleted,
        may_be_deleted=may_be_deleted,
        edited_to=edited_to,
        in_central=in_central,
        layers=_layers(columns.c_message["message"], size),
        copied=copied_messages(columns, owner, row_of_op),
        expected=_expected(columns, owner, is_deleted),
    )


def _layers(messages: IntArray, size: int) -> tuple[IntArray, ...]:
    rows = np.arange(len(messages), dtype=np.int32)
    layers = []
    while True:
        layer = np.full(size, NULL, np.int32)
        layer[messages[rows]] = rows
        layers.append(layer)
        rows = rows[layer[messages[rows]] != rows]
        if not len(rows):
            return tuple(layers)


def _expected(columns: Columns, owner: IntArray, is_deleted: Mask) -> LongArray:
    """Agents that were surely subscribed at a message's time, and the author of a reply, each with the message."""
    history = columns.history
    messages = np.flatnonzero(marked(columns.c_message["message"], len(columns.names))).astype(np.int32)
    owners = owner[messages]
    wanted = owners != NULL
    wanted[wanted] = ~is_deleted[owners[wanted]] & np.isin(history["f"][owners[wanted]], MESSAGES)
    messages, owners = messages[wanted], owners[wanted]
    is_reply = history["f"][owners] == WORDS["reply"]
    has_author = is_reply & (history["author"][owners] != NULL)
    own = pairs(history["author"][owners[has_author]], messages[has_author])
    to_others = np.ones(len(owners), np.bool_) if columns.peer_delivery else ~is_reply
    told = _told(
        columns.subscription, messages[to_others], history["channel"][owners[to_others]], history["at_ms"][owners[to_others]]
    )
    return np.concatenate([own, told])


def _told(subscription: Table, messages: IntArray, channels: IntArray, times: LongArray) -> LongArray:
    sure = subscription["sure"] == 1
    agents, channel = subscription["agent"][sure], subscription["channel"][sure]
    from_ms, to_ms = subscription["from_ms"][sure], subscription["to_ms"][sure]
    if not len(messages) or not len(agents):
        return np.zeros(0, np.int64)
    # Channel and time as one number that sorts like the two of them.
    known_channels, known_times = np.unique(channels), np.unique(times)
    step = len(known_times) + 1
    place = np.searchsorted(known_channels, channels) * step + np.searchsorted(known_times, times)
    order = np.argsort(place, kind="stable")
    place = place[order]
    base = np.minimum(np.searchsorted(known_channels, channel), len(known_channels) - 1)
    is_known = known_channels[base] == channel
    low = np.searchsorted(place, base * step + np.searchsorted(known_times, from_ms))
    high = np.searchsorted(place, base * step + np.searchsorted(known_times, to_ms))
    numbers, which = ranges(low, np.where(is_known, high, low))
    return pairs(agents[which], messages[order[numbers]])


def _subscribed(subscription: Table, agents: IntArray, channels: IntArray, times: LongArray) -> Mask:
    """Whether each agent was, or may have been, subscribed to a channel at a time."""
    if not len(subscription["agent"]):
        return np.zeros(len(agents), np.bool_)
    groups, group = np.unique(pairs(subscription["agent"], subscription["channel"]), return_inverse=True)
    starts = np.unique(subscription["from_ms"])
    step = len(starts) + 1
    place = group * step + np.searchsorted(starts, subscription["from_ms"])
    order = np.argsort(place, kind="stable")
    place, until = place[order], running_max(subscription["to_ms"][order], group[order])
    is_known = (agents != NULL) & (channels != NULL)
    wanted = pairs(np.where(is_known, agents, 0), np.where(is_known, channels, 0))
    base = np.minimum(np.searchsorted(groups, wanted), len(groups) - 1)
    is_known &= groups[base] == wanted
    # The last interval of the group that begins at or before the time.
    last = np.searchsorted(place, base * step + np.searchsorted(starts, times, side="right") - 1, side="right") - 1
    begun = (last >= 0) & (place[np.maximum(last, 0)] // step == base)
    told: Mask = is_known & begun & (until[np.maximum(last, 0)] > times)
    return told
