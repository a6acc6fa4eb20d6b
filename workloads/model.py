"""The reference model: operations in, expected facts and answers out. The only model; it knows no SQL and no design."""

from __future__ import annotations

from collections.abc import Collection, Container
from typing import NamedTuple

from workloads import projecting, reading, rules, telling
from workloads.answers import AnswerRow
from workloads.facts import WHOLE, Facts, Reach
from workloads.operations import Context, Read, Write
from workloads.projecting import Bounds
from workloads.projection import Projection
from workloads.rules import Refused

__all__ = ["WHOLE", "Bounds", "Model", "Reach", "Refused", "Subscription"]


class Subscription(NamedTuple):
    """An agent is told the messages of a channel with from_ms <= created_at_ms < to_ms; `to_ms` None: until now."""

    agent: str
    channel: str
    from_ms: int
    to_ms: int | None


class Model:
    """One chat world in memory.

    `peer_delivery`: whether an agent's reply reaches the other agents of the channel.
    """

    def __init__(self, *, peer_delivery: bool = True) -> None:
        self._facts = Facts()
        self._peer_delivery = peer_delivery

    def context(self, operation: Write, attempt: int = 1, *, fresh_ids: bool = False) -> Context:
        """What a design is told about a write that is not applied yet; changes nothing and refuses nothing.

        `fresh_ids`: a message's id derives from key and attempt, not from the key alone.
        """
        return telling.context(self._facts, operation, attempt=attempt, fresh_ids=fresh_ids, peer_delivery=self._peer_delivery)

    def apply(self, operation: Write, context: Context) -> None:
        """Apply a write with the context it was given, or raise `Refused` and change nothing."""
        rules.apply(self._facts, operation, context)

    def answer(self, operation: Read, reach: Reach = WHOLE) -> tuple[AnswerRow, ...]:
        """The rows a store must answer: pages and recall newest first, lists sorted by their first column."""
        return reading.answer(self._facts, operation, reach)

    def projection(self, channels: Collection[str] | None = None, reach: Reach = WHOLE) -> Projection:
        """The expected facts, of everything or of these channels and their servers; agents' rows at the lower bound.

        `reach`: whether edits and deletes reach the copies that agents have.
        """
        return projecting.project(self._facts, channels, reach)

    def bounds(self, channels: Collection[str] | None = None) -> Bounds:
        """The upper bounds of `a_server`, `a_channel` and `a_member`, chosen as in `projection`."""
        return projecting.bounds(self._facts, channels)

    def subscriptions(self) -> tuple[Subscription, ...]:
        """When agents were in channels, in order of joining."""
        return tuple(Subscription(i.agent, i.channel, i.from_ms, i.to_ms) for i in self._facts.intervals)

    def channels_ever_joined_by_agents(self) -> frozenset[str]:
        """Channels that some agent ever joined."""
        return frozenset(channel for channel, facts in self._facts.channels.items() if facts.joined_by)

    def channels_with_agent_now(self) -> frozenset[str]:
        """Channels in which some agent is now."""
        return frozenset(channel for channel, facts in self._facts.channels.items() if facts.agents)

    def channels_told(self) -> frozenset[str]:
        """Channels in which some agent was ever delivered a message, a deleted one too."""
        return frozenset(channel for channel, facts in self._facts.channels.items() if facts.recalled)

    def messages_without_holder(self) -> Container[str]:
        """Ids of messages that no agent was delivered, deleted ones too."""
        return self._facts.unheld

    def times_entered(self, channel: str, member: str) -> int:
        """How often a member entered a channel since it was last away; 0 when it is not there."""
        facts = self._facts.channels.get(channel)
        return 0 if facts is None else facts.entered[member]

    def times_added(self, server: str, agent: str) -> int:
        """How often an agent was added to a server."""
        return self._facts.servers[server].added[agent]

    def servers_with_agent_ever(self) -> frozenset[str]:
        """Servers to which some agent was ever added."""
        return frozenset(server for server, facts in self._facts.servers.items() if facts.agents)

    def servers_told(self) -> frozenset[str]:
        """Servers in which some agent was ever delivered a message, a deleted one too."""
        return frozenset(server for server, facts in self._facts.servers.items() if facts.told)
