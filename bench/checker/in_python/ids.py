"""I11 and I18: central ids and agents' own go together one to one, and each central thing has one row. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.checker.columns import CENTRAL, NULL, WORDS, IntArray
from bench.checker.in_python.joining import LongArray, among, apart, pairs, repeated
from bench.checker.in_python.world import World
from bench.checker.violation import Violation


def one_to_one(world: World) -> Iterator[Violation]:
    """I11. Two copies of one message have two ids: that is I3's."""
    columns, size = world.columns, len(world.columns.names)
    if not columns.maps_ids:
        return
    links, used = columns.id_map, columns.used_id
    agent, kind, central, local = (np.concatenate([links[part], used[part]]) for part in ("agent", "kind", "central", "local"))
    # What belongs to no agent is the central side's own, which is no agent of whatever name.
    owners, owner = np.unique(pairs(np.where(agent == NULL, size, agent), kind), return_inverse=True)
    told = central != NULL
    copied = _copied_twice(world)
    for thing, other in ((central, local), (local, central)):
        things = owner[told].astype(np.int64) * size + thing[told]
        for found in _with_several(things, other[told]):
            which, about = divmod(int(found), size)
            whose, of_kind = (int(part[0]) for part in apart(owners[which : which + 1]))
            if not (thing is central and of_kind == WORDS["message"] and (whose, about) in copied):
                holder = CENTRAL if whose == size else world.names(whose)
                yield Violation("I11", (holder, world.names(of_kind), world.names(about)), "ambiguous")
    yield from _missing(world)


def _copied_twice(world: World) -> set[tuple[int, int]]:
    """Agents with the messages of which they have several copies."""
    copies = world.columns.a_message
    held = copies["message"] != NULL
    agents, messages = apart(repeated(pairs(copies["agent"][held], copies["message"][held])))
    return set(zip(agents.tolist(), messages.tolist(), strict=True))


def _with_several(things: LongArray, others: IntArray) -> LongArray:
    """The things that go with more than one of the others."""
    rows = np.flatnonzero(np.isin(things, repeated(things)))
    order = rows[np.lexsort((others[rows], things[rows]))]
    things, others = things[order], others[order]
    several: LongArray = np.unique(things[1:][(things[1:] == things[:-1]) & (others[1:] != others[:-1])])
    return several


def _missing(world: World) -> Iterator[Violation]:
    """What an agent has without a link to it."""
    columns = world.columns
    copies, rooms, members = columns.a_message, columns.a_channel, columns.a_member
    held = copies["message"] != NULL
    for kind, agents, things in (
        ("server", columns.a_server["agent"], columns.a_server["server"]),
        ("channel", _both(rooms["agent"], copies["agent"]), _both(rooms["channel"], copies["channel"])),
        ("member", _both(members["agent"], copies["agent"]), _both(members["member"], copies["author"])),
        ("message", copies["agent"][held], copies["message"][held]),
    ):
        links = columns.id_map
        of_kind = (links["kind"] == WORDS[kind]) & (links["agent"] != NULL) & (links["central"] != NULL)
        linked = pairs(links["agent"][of_kind], links["central"][of_kind])
        had = pairs(agents, things)
        for agent, thing in zip(*apart(np.unique(had[~among(had, linked)])), strict=True):
            yield Violation("I11", (world.names(agent), kind, world.names(thing)), "missing")


def _both(one: IntArray, other: IntArray) -> IntArray:
    return np.concatenate([one, other])


def one_row(world: World) -> Iterator[Violation]:
    """I18."""
    columns = world.columns
    for kind in ("server", "channel"):
        for twice in repeated(columns.table(f"c_{kind}")[kind]):
            yield Violation("I18", (kind, world.names(twice)), "duplicate")
    for server, agent in zip(*apart(repeated(pairs(columns.c_agent["server"], columns.c_agent["agent"]))), strict=True):
        yield Violation("I18", ("agent", world.names(server), world.names(agent)), "duplicate")
