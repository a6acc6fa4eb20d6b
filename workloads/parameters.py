"""What can be chosen about a generated workload."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, field, fields

from workloads.agent_rule import AGENTS_MAX
from workloads.errors import InputError

COUNT_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class ReadShares:
    """Weights of the kinds of reads that follow a message; what an agent recalls before a reply is not among them.

    Pages as in Mattermost's load model, where scrolling back is about a quarter of opening a channel; the others are assumed.
    """

    latest_page: float = 0.75
    page_back: float = 0.19
    list_channels: float = 0.02
    list_participants: float = 0.02
    is_participant: float = 0.015
    list_servers: float = 0.005

    def __post_init__(self) -> None:
        weights = astuple(self)
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or not sum(weights) > 0:
            raise InputError(f"generator: read shares are {list(weights)}: give numbers from 0, at least one above 0")


@dataclass(frozen=True, slots=True)
class GeneratorParameters:
    """Sizes, rates and shares of a generated workload; raises `InputError` when one is out of range.

    A share is a probability from 0 to 1. "Per message" is per message of a user; agents' replies come on top.
    """

    servers: int = 8
    """Servers; channels are dealt out to them in turn."""
    channels: int = 512
    """Channels; each is created when its first message comes."""
    users: int = 5_000
    """Users that may ever speak."""
    agents: int = 12
    """Agents; each is added to the servers in which it has a channel."""
    agents_per_channel: int | tuple[int, ...] = 2
    """k, the agents of every channel, or of each channel by its rank; a direct channel has at most one."""
    messages: int = 20_000
    """Messages of users."""
    messages_per_s: float = 1.0
    """Mean arrivals per second, over all channels."""
    start_ms: int = 1_704_067_200_000
    """When the servers exist, in milliseconds since 1970: 2024-01-01T00:00:00Z."""
    private_share: float = 0.2
    """Share of channels that are private (assumed)."""
    direct_share: float = 0.1
    """Share of channels that are direct: one agent and one user, or two users where k is 0 (assumed)."""
    first_contact_share: float = 0.052
    """Per message, the author joins the channel with it; measured on Gitter 2016. New channels come on top."""
    in_reply_to_share: float = 0.26
    """Per message, it answers an earlier one; measured on Gitter 2016."""
    reply_probability: float = 0.15
    """Per message and agent of the channel, the agent replies (assumed: no count of agents' replies was found)."""
    recalls_per_consideration: int = 1
    """Reads of an agent's context for each message that it considers, whether it replies or not."""
    reads_per_message: float = 1.0
    """Mean reads of people per message, of the kinds in `reads`."""
    reads: ReadShares = field(default_factory=ReadShares)
    """Weights of the kinds of reads."""
    edit_share: float = 0.04
    """Per message, an edit of a message of the channel; Mattermost's load model."""
    delete_share: float = 0.0049
    """Per message, a deletion of a message of the channel; Mattermost's load model."""
    leave_share: float = 0.01
    """Per message, a user leaves the channel (assumed)."""
    agent_leave_share: float = 0.002
    """Per message, an agent leaves the channel or one that left comes back (assumed)."""

    def __post_init__(self) -> None:
        for name, lowest in (("servers", 1), ("channels", 1), ("users", 1), ("agents", 0), ("messages", 0)):
            _whole(name, getattr(self, name), lowest, COUNT_MAX)
        _whole("start_ms", self.start_ms, 0, 4_102_444_800_000)
        _whole("recalls_per_consideration", self.recalls_per_consideration, 0, 1000)
        for name in (each.name for each in fields(self) if each.name.endswith(("_share", "_probability"))):
            _number(name, getattr(self, name), 0.0, 1.0)
        _number("private_share + direct_share", self.private_share + self.direct_share, 0.0, 1.0)
        _number("reads_per_message", self.reads_per_message, 0.0, 1000.0)
        _number("messages_per_s", self.messages_per_s, 0.001, 1e6)
        per_channel = self.agents_per_channel
        if isinstance(per_channel, tuple) and len(per_channel) != self.channels:
            raise InputError(f"generator: agents_per_channel has {len(per_channel)} numbers: give {self.channels}, one a channel")
        for count in per_channel if isinstance(per_channel, tuple) else (per_channel,):
            _whole("agents_per_channel", count, 0, min(self.agents, AGENTS_MAX))

    def agents_of_channel(self, channel: int) -> int:
        """Agents of a channel, by its rank from 0; a direct channel takes at most one of them."""
        return self.agents_per_channel if isinstance(self.agents_per_channel, int) else self.agents_per_channel[channel]


def _whole(name: str, value: object, lowest: int, highest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise InputError(f"generator: {name} is {value!r}: give a whole number from {lowest} to {highest}")


def _number(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        raise InputError(f"generator: {name} is {value!r}: give a number from {lowest:g} to {highest:g}")
