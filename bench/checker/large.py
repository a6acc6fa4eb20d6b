"""A large store with its history, made as columns at once: for how long a checker takes, and how much memory. Pure.

Each channel has 500 messages, a user, and all agents, who have a copy of everything. Every fourth message is an agent's reply to
the one before it, every fiftieth was edited, every hundredth deleted. A known number of copies is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from bench.checker.columns import NEVER, NULL, WORDS, Columns, IntArray, Names, Table, empty
from bench.checker.violation import Violation

AGENTS = 4
CHANNEL_MESSAGES = 500
MESSAGES_MIN = 1_000
PLANTED = 100
"""Copies that are missing, and as many that say something else."""

_START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z; any fixed time does


class _Codes:
    """Ranges of codes, with the texts that they stand for."""

    def __init__(self) -> None:
        self._parts: list[Any] = [pa.array(list(WORDS), pa.large_string())]
        self._count = len(WORDS)

    def some(self, prefix: str, count: int) -> IntArray:
        """So many new codes, as a column; their texts are as long as a UUID."""
        numbers = compute.cast(pa.array(np.arange(count)), pa.string())
        texts = compute.binary_join_element_wise(f"{prefix:0>8}-0000-4000-8000", compute.utf8_lpad(numbers, 12, "0"), "-")
        self._parts.append(compute.cast(texts, pa.large_string()))
        self._count += count
        return np.arange(self._count - count, self._count, dtype=np.int32)

    def names(self) -> Names:
        """The texts of all codes so far."""
        return Names(pa.chunked_array(self._parts))


class _World:
    """Who and what there is. Messages are numbered; everything about one follows from its number."""

    def __init__(self, messages: int) -> None:
        self.codes = codes = _Codes()
        self.count = -(-messages // CHANNEL_MESSAGES)
        self.server, self.agents = codes.some("1", 1), codes.some("2", AGENTS)
        self.channels, self.users = codes.some("3", self.count), codes.some("4", self.count)
        self.ops, self.ids, self.contents = codes.some("5", messages), codes.some("6", messages), codes.some("7", messages)
        self.other_content = codes.some("8", 1)
        self.number = np.arange(messages)
        self.place = self.number % CHANNEL_MESSAGES
        self.channel = self.channels[self.number // CHANNEL_MESSAGES]
        self.is_reply = self.number % 4 == 3
        self.is_edited, self.is_deleted = self.number % 50 == 7, self.number % 100 == 99
        by_agent, by_user = self.agents[self.number // 4 % AGENTS], self.users[self.number // CHANNEL_MESSAGES]
        self.author = np.where(self.is_reply, by_agent, by_user).astype(np.int32)
        members = np.concatenate([np.tile(self.agents, (self.count, 1)), self.users.reshape(-1, 1)], axis=1)
        self.members, self.members_channels = members.reshape(-1), np.repeat(self.channels, AGENTS + 1)

    def before(self, codes: IntArray) -> IntArray:
        """For each reply what it answers, NULL for other messages."""
        return np.where(self.is_reply, np.roll(codes, 1), NULL).astype(np.int32)


def large(messages: int) -> tuple[Columns, frozenset[Violation]]:
    """A store to which so many messages were sent, and what is wrong with it."""
    if messages < MESSAGES_MIN:
        raise ValueError(f"{messages} messages are too few for what is wrong: at least {MESSAGES_MIN}")
    world = _World(messages)
    central = _central(world)
    copies, planted = _copies(world, central)
    agents, count = world.agents, world.count
    columns = Columns(
        c_server={"server": world.server},
        c_channel={"channel": world.channels, "server": np.repeat(world.server, count)},
        c_agent={"server": np.repeat(world.server, AGENTS), "agent": agents},
        c_member={"channel": world.members_channels, "member": world.members},
        c_message=central,
        a_server={"agent": agents, "server": np.repeat(world.server, AGENTS)},
        a_channel={
            "agent": np.repeat(agents, count),
            "channel": np.tile(world.channels, AGENTS),
            "server": np.repeat(world.server, AGENTS * count),
        },
        a_member={
            "agent": np.repeat(agents, len(world.members)),
            "channel": np.tile(world.members_channels, AGENTS),
            "member": np.tile(world.members, AGENTS),
        },
        a_message=copies,
        id_map=_links(world, copies),
        used_id=empty("used_id"),
        subscription={
            "agent": np.tile(agents, count),
            "channel": np.repeat(world.channels, AGENTS),
            "from_ms": np.full(count * AGENTS, _START_MS - 1),
            "to_ms": np.full(count * AGENTS, NEVER),
            "sure": np.ones(count * AGENTS, np.int64),
        },
        history=_history(world),
        written={"op": world.ops, "message": world.ids},
        read=empty("read"),
        seen=empty("seen"),
        session=empty("session"),
        names=world.codes.names(),
    )
    return columns, frozenset(_violations(columns, planted))


def _central(world: _World) -> Table:
    there = ~world.is_deleted
    cells: dict[str, IntArray] = {
        "message": world.ids,
        "channel": world.channel,
        "author": world.author,
        "content": world.contents,
        "reply_to": world.before(world.ids),
        "rev": world.is_edited.astype(np.int64),
        "created_at_ms": _START_MS + world.place,
        "seq": world.place,
    }
    return {name: column[there] for name, column in cells.items()}


_Planted = tuple[tuple[IntArray, IntArray], tuple[IntArray, IntArray]]
"""Agents and messages of the copies that are missing, and of those that say something else."""


def _copies(world: _World, central: Table) -> tuple[Table, _Planted]:
    cells = {name: np.tile(column, AGENTS) for name, column in central.items()}
    cells["agent"] = np.repeat(world.agents, len(central["message"]))
    # Messages that answer nothing and that nothing answers, spread over the whole.
    plain = np.flatnonzero((cells["message"] - world.ids[0]) % 4 == 1)
    wrong = plain[np.linspace(0, len(plain) - 1, 2 * PLANTED).astype(np.int64)]
    missing, altered = wrong[::2], wrong[1::2]
    cells["content"][altered] = world.other_content[0]
    planted = tuple((cells["agent"][rows], cells["message"][rows]) for rows in (missing, altered))
    kept = np.ones(len(cells["agent"]), np.bool_)
    kept[missing] = False
    # Each column is let go as soon as it is cut: the store is most of the memory.
    return {name: cells.pop(name)[kept] for name in list(cells)}, (planted[0], planted[1])


def _links(world: _World, copies: Table) -> Table:
    """Every agent's own ids of what it has."""
    agents, count = world.agents, world.count
    # An agent is a member of its channels; to itself it is what it is.
    people = np.concatenate([agents, world.users])
    parts = (
        ("server", agents, np.repeat(world.server, AGENTS)),
        ("channel", np.repeat(agents, count), np.tile(world.channels, AGENTS)),
        ("member", np.repeat(agents, len(people)), np.tile(people, AGENTS)),
        ("message", copies["agent"], copies["message"]),
    )
    total = sum(len(owners) for _, owners, _ in parts)
    return {
        "agent": np.concatenate([owners for _, owners, _ in parts]),
        "kind": np.concatenate([np.full(len(owners), WORDS[kind], np.int32) for kind, owners, _ in parts]),
        "central": np.concatenate([things for _, _, things in parts]),
        "local": world.codes.some("9", total),
    }


def _history(world: _World) -> Table:
    joins = world.codes.some("a", len(world.members))
    edits, deletes = (
        world.codes.some(prefix, int(some.sum())) for prefix, some in (("b", world.is_edited), ("c", world.is_deleted))
    )
    client = world.codes.some("d", 1)
    nobody = np.full(len(world.ops), NULL, np.int32)
    is_of_agent = np.isin(world.members, world.agents)
    parts = (
        # op, f, channel, author, target, member, rev, at_ms; what comes first stands first
        (
            joins,
            np.where(is_of_agent, WORDS["join_agent"], WORDS["join"]),
            world.members_channels,
            *(np.full(len(joins), NULL),) * 2,
            world.members,
            np.zeros(len(joins)),
            np.full(len(joins), _START_MS - 1),
        ),
        (
            world.ops,
            np.where(world.is_reply, WORDS["reply"], WORDS["send"]),
            world.channel,
            world.author,
            world.before(world.ops),
            nobody,
            nobody + 1,
            _START_MS + world.place,
        ),
        *(
            (
                own,
                np.full(len(own), WORDS[kind]),
                world.channel[some],
                nobody[some],
                world.ops[some],
                nobody[some],
                nobody[some] + 1 + (kind == "edit"),
                _START_MS + CHANNEL_MESSAGES + world.place[some],
            )
            for kind, own, some in (("edit", edits, world.is_edited), ("delete", deletes, world.is_deleted))
        ),
    )
    op, f, channel, author, target, member, rev, at_ms = (np.concatenate(column) for column in zip(*parts, strict=True))
    begun_ns = np.arange(len(op), dtype=np.int64) * 2
    codes = {"op": op, "f": f, "channel": channel, "author": author, "target": target, "member": member}
    return {
        **{name: column.astype(np.int32) for name, column in codes.items()},
        "process": np.repeat(client, len(op)),
        "told": np.full(len(op), WORDS["ok"], np.int32),
        "truth": np.full(len(op), NULL, np.int32),
        "rev": rev.astype(np.int64),
        "at_ms": at_ms.astype(np.int64),
        "invoke_ns": begun_ns,
        "done_ns": begun_ns + 1,
    }


def _violations(columns: Columns, planted: _Planted) -> Iterator[Violation]:
    for name, part, direction, (agents, messages) in (
        ("I4", (), "central-only", planted[0]),
        ("I5", ("content",), "altered", planted[1]),
    ):
        for agent, message in zip(agents, messages, strict=True):
            yield Violation(name, (columns.names.text(agent), columns.names.text(message), *part), direction)
