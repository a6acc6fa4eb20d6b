"""How far violations reach: whom and what they hit. Pure.

Order violations by harm (`bench.checker.catalogue.harm`), never by count.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bench.checker.columns import CENTRAL
from bench.checker.rows import Rows
from bench.checker.violation import Violation


@dataclass(frozen=True, slots=True)
class Blast:
    """How many messages, channels, agents and users some violations name."""

    messages: int
    channels: int
    agents: int
    users: int


NOBODY = Blast(0, 0, 0, 0)


def blast(violations: Collection[Violation], rows: Rows) -> Blast:
    """Whom and what these violations name, by the ids that the rows know; a message counts its channel and its author, too."""
    if not violations:
        return NOBODY
    message_of = {written.message: written.op for written in rows.written}
    channel_of = {operated.op: operated.channel for operated in rows.history}
    agents = {row.agent for row in rows.c_agent} | {row.agent for row in rows.a_message}
    users = {operated.member for operated in rows.history if operated.member is not None} - agents
    channels = {row.channel for row in rows.c_channel}
    parts = {part for violation in violations for part in violation.key} - {CENTRAL}
    ops = {message_of.get(part, part) for part in parts} & channel_of.keys()
    hit = {channel for op in ops if (channel := channel_of[op]) is not None} | (parts & channels)
    people = parts | {operated.author for operated in rows.history if operated.op in ops and operated.author is not None}
    return Blast(len(ops & set(message_of.values())), len(hit), len(people & agents), len(people & users))
