"""Copies that do not tell of which message they are: their channel, author and time tell it. Pure.

The time of a message is its operation's, the same in all attempts, and there is no second one of it in a channel.
"""

from __future__ import annotations

import numpy as np

from bench.checker.columns import NULL, WORDS, Columns, IntArray
from bench.checker.in_python.joining import at, pairs


def copied_messages(columns: Columns, owner: IntArray, row_of_op: IntArray) -> IntArray:
    """By each copy its message: what it tells, else one of the operation that it must be of, in C if there is one; NULL: of none.

    `owner` gives the operation's row by message code, `row_of_op` by the operation's code.
    """
    copies = columns.a_message
    silent = np.flatnonzero(copies["message"] == NULL)
    if not len(silent):
        return copies["message"]
    found = at(_messages(columns, owner, row_of_op), _operations(columns, silent), NULL)
    messages = copies["message"].copy()
    messages[silent] = found
    return messages


def _operations(columns: Columns, silent: IntArray) -> IntArray:
    """By each of these copies the row of the operation with its channel, author and time, or NULL."""
    history, copies = columns.history, columns.a_message
    said = np.flatnonzero(
        np.isin(history["f"], (WORDS["send"], WORDS["reply"])) & (history["channel"] != NULL) & (history["author"] != NULL)
    )
    said = said[np.argsort(history["op"][said], kind="stable")]
    if not len(said):
        return np.full(len(silent), NULL, np.int32)
    who = np.concatenate(
        [pairs(table["channel"][rows], table["author"][rows]) for table, rows in ((history, said), (copies, silent))]
    )
    when = np.concatenate([history["at_ms"][said], copies["created_at_ms"][silent]])
    _, person = np.unique(who, return_inverse=True)
    moments, moment = np.unique(when, return_inverse=True)
    place = person.astype(np.int64) * len(moments) + moment
    order = np.argsort(place[: len(said)], kind="stable")
    known = place[: len(said)][order]
    last = np.searchsorted(known, place[len(said) :], side="right") - 1
    is_there = (last >= 0) & (known[np.maximum(last, 0)] == place[len(said) :])
    return np.where(is_there, said[order][np.maximum(last, 0)], NULL).astype(np.int32)


def _messages(columns: Columns, owner: IntArray, row_of_op: IntArray) -> IntArray:
    """By operation a message of it: the last one of those in C, else of all."""
    last = np.full(len(columns.history["op"]), NULL, np.int32)
    written = columns.written
    rows = at(row_of_op, written["op"], NULL)
    np.maximum.at(last, rows[rows != NULL], written["message"][rows != NULL])
    in_central = np.full(len(last), NULL, np.int32)
    central = columns.c_message["message"]
    owners = owner[central]
    np.maximum.at(in_central, owners[owners != NULL], central[owners != NULL])
    return np.where(in_central != NULL, in_central, last)
