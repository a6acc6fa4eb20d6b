"""I6 and I7: the order of messages, between the sides and against the clock. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.checker.columns import NULL, WORDS
from bench.checker.in_python.joining import running_max
from bench.checker.in_python.world import MESSAGES, World
from bench.checker.violation import Violation


def order_agreement(world: World) -> Iterator[Violation]:
    """I6: by an agent's order, the places in C of what both have never go down, and what has one place there has one in C."""
    central, copies = world.columns.c_message, world.columns.a_message
    rows, there = [], []
    for layer in world.layers:
        found = layer[world.copied]
        held = np.flatnonzero((world.copied != NULL) & (found != NULL))
        held = held[copies["channel"][held] == central["channel"][found[held]]]
        rows.append(held)
        there.append(found[held])
    row, place = np.concatenate(rows), central["seq"][np.concatenate(there)]
    agent, channel, own_place = copies["agent"][row], copies["channel"][row], copies["seq"][row]
    message = world.copied[row]
    order = np.lexsort((message, place, own_place, channel, agent))
    agent, channel, place = agent[order], channel[order], place[order]
    own_place, message = own_place[order], message[order]
    shares_place = (own_place[1:] == own_place[:-1]) & (message[1:] != message[:-1])
    is_mixed = (place[1:] < place[:-1]) | ((place[1:] > place[:-1]) & shares_place)
    is_mixed &= (agent[1:] == agent[:-1]) & (channel[1:] == channel[:-1])
    for at in np.flatnonzero(is_mixed):
        yield Violation("I6", (world.names(agent[at]), world.names(channel[at])), "order")


def real_time_order(world: World) -> Iterator[Violation]:
    """I7: what ended before another began in its channel stands before it."""
    history, central = world.columns.history, world.columns.c_message
    place = np.full(len(history["op"]), NULL, np.int64)
    owners = world.owners(central["message"])
    known = owners != NULL
    np.maximum.at(place, owners[known], central["seq"][known])
    rows = np.flatnonzero(
        np.isin(history["f"], MESSAGES)
        & (history["told"] == WORDS["ok"])
        & world.in_central
        & ~world.may_be_deleted
        & (history["channel"] != NULL)
    )
    if not len(rows):
        return
    # The begin of each operation and its end, in order; of things at one time, begins come first: they are concurrent.
    event_row = np.concatenate([rows, rows])
    is_end = np.repeat([False, True], len(rows))
    time = np.concatenate([history["invoke_ns"][rows], history["done_ns"][rows]])
    _, group = np.unique(history["channel"][event_row], return_inverse=True)
    order = np.lexsort((is_end, time, group))
    event_row, is_end, group = event_row[order], is_end[order], group[order]
    ended = running_max(np.where(is_end, place[event_row], NULL), group)
    late = ~is_end & (ended >= place[event_row])
    for row in np.unique(event_row[late]):
        yield Violation("I7", (world.names(history["channel"][row]), world.names(history["op"][row])), "order")
