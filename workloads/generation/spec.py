"""What can be chosen about a generated workload: every parameter with its meaning, unit, default and source.

"Per message" is per message of a person; what agents write comes on top. Times are real ones: `compression` divides all of them.
"X to the Gitter rooms of freeCodeCamp in 2016 and to the annotated Ubuntu IRC logs; docs/workloads.md
says how, and what of them is assumed.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workloads import laws
from workloads.agent_rule import AGENTS_MAX as AGENTS_PER_CHANNEL_MAX
from workloads.generation.authors import AuthorLaw
from workloads.generation.values import (
    AGENTS_MAX,
    PLACES_MAX,
    SERVERS_MAX,
    TEXT_BYTES_MAX,
    Exponent,
    Factor,
    HourShares,
    Kernels,
    LogNormals,
    Messages,
    Number,
    PageRows,
    Pages,
    PerMessage,
    Places,
    Positive,
    Rate,
    Share,
    Sigma,
    Stretch,
    Turns,
    Words,
)
from workloads.key import Key
from workloads.validate import AT_MS_MAX

STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)
GITTER = "measured: freeCodeCamp's Gitter rooms of 2016"
MATTERMOST = "Mattermost's load model, fitted to the request counts of production servers"
ASSUMED = "assumed: no measurement was found"
CHOICE = "our choice"

AUTHORS = AuthorLaw()
SHARE_MIN = 1e-6
"""A smaller share of traffic is none: its first message would come after years."""
HOUR_SHARES = (
    *(4.64, 4.57, 4.22, 3.86, 3.01, 3.01, 2.59, 2.34, 2.04, 2.51, 2.21, 2.51),
    *(2.90, 3.74, 4.35, 4.51, 5.28, 6.65, 6.41, 6.87, 6.56, 5.50, 4.80, 4.93),
)


class WorkloadSpec(BaseModel):
    """A generated workload. Raises pydantic's `ValidationError` for what cannot be."""

    model_config = STRICT

    kind: Annotated[Literal["generated"], Key("what the file describes: traffic that is generated", "generated", CHOICE)] = (
        "generated"
    )
    about: Annotated[Words, Key("what the workload asks of a store, in a line", "text", CHOICE)] = "a workload of one's own"

    servers: Annotated[
        int, Field(ge=1, le=SERVERS_MAX), Key("servers; channels are dealt out to them in turn", "servers", ASSUMED)
    ] = 8
    channels: Annotated[
        int, Field(ge=1, le=PLACES_MAX), Key("channels that are no direct ones", "channels", "the year of Gitter has 520")
    ] = 512
    users: Annotated[int, Field(ge=1, le=PLACES_MAX), Key("people who may speak", "users", "the year of Gitter has 4,658")] = 5_000
    agents: Annotated[int, Field(ge=0, le=AGENTS_MAX), Key("agents, dealt out to channels in turn", "agents", ASSUMED)] = 12
    agents_per_channel: Annotated[
        int,
        Field(ge=0, le=AGENTS_PER_CHANNEL_MAX),
        Key(
            "k, agents of every channel; a direct channel has one at the most",
            "agents",
            "teams of one to five agents are the usual ones (assumed: no census was found)",
        ),
    ] = 2
    messages: Annotated[Messages, Key("messages of people that are measured, a storm's not counted", "messages", CHOICE)] = 20_000
    preload: Annotated[Messages, Key("messages of people before them, stored but not measured", "messages", CHOICE)] = 100_000
    all_exist: Annotated[
        bool,
        Key(
            "whether channels exist, and people have joined and everybody was heard, before anything is measured",
            "true or false",
            CHOICE,
        ),
    ] = False
    ids: Annotated[
        Literal["uuid", "any"],
        Key(
            "ids of channels, users and messages: UUIDs, or 1 to 255 bytes of any script; those of servers and agents are UUIDs",
            "uuid or any",
            "the design note: central ids are of any format",
        ),
    ] = "uuid"

    start_ms: Annotated[
        int, Field(ge=0, le=4_102_444_800_000), Key("when the world begins, a Monday 00:00 UTC", "milliseconds since 1970", CHOICE)
    ] = 1_704_067_200_000
    messages_per_s: Annotated[
        Rate, Key("mean messages of people over all channels, in real time", "messages per second", "Gitter's busiest 30 days")
    ] = 0.0092
    compression: Annotated[
        Factor,
        Key(
            "every time is divided by it, gaps and the delays of agents alike",
            "times",
            "our choice: stored times are whole milliseconds, which a large factor would make of most gaps",
        ),
    ] = 1.0
    kernels: Annotated[
        Kernels,
        Key(
            "self-exciting arrivals: [branching ratio, decay] of each kernel; none: Poisson",
            "messages caused by a message, seconds",
            GITTER,
        ),
    ] = ((0.85, 100.0),)
    hour_shares: Annotated[HourShares, Key("weights of the 24 hours of a day, UTC; none: all alike", "24 weights", GITTER)] = (
        HOUR_SHARES
    )
    weekend_factor: Annotated[Number, Key("activity of a day of the weekend against a weekday", "times", GITTER)] = 0.7

    channel_exponent: Annotated[
        Exponent, Key("s of the shares (rank + q)^-s of channels (Zipf-Mandelbrot)", "no unit", "the reference's realistic mix")
    ] = laws.POPULARITY_EXPONENT
    channel_offset_share: Annotated[Number, Key("q, as a share of the channels", "a share", "the reference's realistic mix")] = (
        0.045
    )
    hot_share: Annotated[
        Share, Key("share of the messages that the busiest channel gets; 0: its share by the law", "a share", GITTER)
    ] = 0.0
    private_share: Annotated[Share, Key("channels that are private, of all that are no direct ones", "a share", ASSUMED)] = 0.2
    silent_readers: Annotated[
        PerMessage,
        Key("people who join to read, for each who joins to speak", "people", "the reference: as many readers (assumed)"),
    ] = 1.0
    leave_share: Annotated[Share, Key("per message, a person who spoke leaves the channel", "a probability", ASSUMED)] = 0.0
    new_channel_share: Annotated[
        Share, Key("per message, a new channel takes the place of another one", "a probability", "churn: 0.004, Gitter")
    ] = 0.0

    text_parts: Annotated[
        LogNormals,
        Key(
            "lengths of people's texts: acknowledgements, ordinary ones, pastes; [share, mu, sigma] of each log-normal part",
            "log of bytes",
            GITTER,
        ),
    ] = laws.USER_TEXTS
    text_bytes_max: Annotated[
        int, Field(ge=20, le=TEXT_BYTES_MAX), Key("longest text of anybody", "bytes", "the reference's limit")
    ] = 4_000
    author_dialogue: Annotated[
        Turns,
        Key(
            "in a dialogue the next author is the latest, the one before, the third, an earlier one by rank ** -exponent, another:"
            " [latest, second, third, earlier, exponent, other]",
            "weights, exponent",
            GITTER,
        ),
    ] = astuple(AUTHORS.dialogue)
    author_crowd: Annotated[Turns, Key("the same in a crowd", "weights, exponent", GITTER)] = astuple(AUTHORS.crowd)
    author_dialogue_share: Annotated[Share, Key("stretches of talk that are dialogues", "a share", GITTER)] = AUTHORS.dialogue_share
    author_stretch_messages: Annotated[Stretch, Key("messages of such a stretch", "messages", GITTER)] = AUTHORS.stretch_messages
    author_newcomer_share: Annotated[
        Share, Key("of authors who did not speak lately, those who are new to the channel", "a share", GITTER)
    ] = AUTHORS.newcomer_share
    author_visitor_share: Annotated[Share, Key("of those, the ones who wrote in another channel before", "a share", GITTER)] = (
        AUTHORS.visitor_share
    )
    author_leaving: Annotated[Share, Key("after the n-th message its author goes by leaving * n^-settling", "a share", GITTER)] = (
        AUTHORS.leaving
    )
    author_settling: Annotated[Exponent, Key("the exponent of it", "no unit", GITTER)] = AUTHORS.settling

    in_reply_to_share: Annotated[Share, Key("messages that answer an earlier one of the channel", "a share", GITTER)] = 0.26
    reply_distance_exponent: Annotated[
        Exponent, Key("the d-th message before is answered as (d + offset)^-exponent", "no unit", "measured: Ubuntu IRC, annotated")
    ] = laws.REPLY_EXPONENT
    reply_distance_offset: Annotated[Number, Key("the offset of it", "messages", "measured: Ubuntu IRC, annotated")] = (
        laws.REPLY_OFFSET
    )

    reply_probability: Annotated[
        Share, Key("an agent of the channel answers a person's message", "a probability", "assumed: sweep it; 0.02 and 0.5 as well")
    ] = 0.15
    mention_share: Annotated[
        Share, Key("messages that call one agent by name, which then answers for sure", "a share", ASSUMED)
    ] = laws.MENTION_SHARE
    recalls_per_message: Annotated[
        PerMessage, Key("an agent's reads of its context of 32, for each message that it considers", "reads", "elizaOS: one")
    ] = 1.0
    recall_limit: Annotated[PageRows, Key("rows of that context", "messages", "elizaOS: the conversation length is 32")] = 32
    cross_room_share: Annotated[
        Share, Key("recalls after which the agent reads 20 rows of another of its channels too", "a share", "history-read: 0.05")
    ] = 0.0
    agent_text_parts: Annotated[
        LogNormals,
        Key("lengths of agents' texts, as text_parts", "log of bytes", "Azure's conversation trace of 2023, 4.2 bytes a token"),
    ] = laws.AGENT_TEXTS
    agent_delay_median_s: Annotated[
        Positive,
        Key(
            "from a message to an agent's reply: whether to answer, and the answer; the answer alone takes"
            f" {laws.AGENT_LATENCY_S.median:.3g}",
            "seconds",
            "hourly probes of 15 models",
        ),
    ] = laws.AGENT_LATENCY_WITH_GATE_S.median
    agent_delay_sigma: Annotated[
        Sigma,
        Key(
            f"spread of that delay (log-normal); of the answer alone {laws.AGENT_LATENCY_S.sigma:g}",
            "no unit",
            "hourly probes of 15 models",
        ),
    ] = laws.AGENT_LATENCY_WITH_GATE_S.sigma
    chain_probability: Annotated[
        Share,
        Key("an agent answers another agent's message; 0: agents ignore agents", "a probability", "elizaOS since June 2025: 0"),
    ] = 0.0
    chain_depth: Annotated[int, Field(ge=0, le=10), Key("replies in such a chain at the most", "replies", CHOICE)] = 3
    agent_leave_share: Annotated[
        Share,
        Key("per message, an agent leaves the channel, but never its last one, or one that left returns", "a probability", ASSUMED),
    ] = 0.0
    late_agent_share: Annotated[
        Share, Key("agents, but the first of a channel, that are not there when it opens", "a share", ASSUMED)
    ] = 0.0
    late_agent_messages: Annotated[
        Positive, Key("people's messages of the channel before a late agent joins, in the mean", "messages", ASSUMED)
    ] = 20.0

    direct_channels: Annotated[
        Places, Key("direct channels: one person and one agent, or two people where k is 0", "channels", "dm-heavy: 2,000")
    ] = 0
    direct_share: Annotated[Share, Key("people's messages that are written in them", "a share", ASSUMED)] = 0.0
    direct_messages_mean: Annotated[
        Number, Key("messages of a person in a conversation, one and a geometric number", "messages", ASSUMED)
    ] = laws.SESSION_MESSAGES
    direct_think_median_s: Annotated[
        Positive, Key("from the agent's answer to the person's next message", "seconds", "about Mattermost's 20 s")
    ] = laws.THINK_S.median
    direct_think_sigma: Annotated[Sigma, Key("spread of that pause (log-normal)", "no unit", ASSUMED)] = laws.THINK_S.sigma

    edit_share: Annotated[Share, Key("edits per message", "a share", MATTERMOST)] = 0.04
    edit_delay_median_s: Annotated[Positive, Key("from a message to the edit that it brings about", "seconds", ASSUMED)] = (
        laws.EDIT_DELAY_S.median
    )
    edit_delay_sigma: Annotated[Sigma, Key("spread of that delay (log-normal)", "no unit", ASSUMED)] = laws.EDIT_DELAY_S.sigma
    delete_share: Annotated[Share, Key("deletions per message", "a share", MATTERMOST)] = 0.0049
    delete_delay_median_s: Annotated[Positive, Key("from a message to its deletion", "seconds", ASSUMED)] = (
        laws.DELETE_DELAY_S.median
    )
    delete_delay_sigma: Annotated[Sigma, Key("spread of that delay (log-normal)", "no unit", ASSUMED)] = laws.DELETE_DELAY_S.sigma
    recent_share: Annotated[
        Share, Key("edits and deletions of one of the last 20 messages; the others hit any of the channel", "a share", ASSUMED)
    ] = 0.9

    latest_pages: Annotated[
        Pages, Key("reads of the channel's newest messages, [reads per message, rows] of each kind", "reads, rows", MATTERMOST)
    ] = ((1.0, 50),)
    scrolls_per_message: Annotated[PerMessage, Key("times somebody scrolls back, a page after the other", "times", MATTERMOST)] = (
        0.0
    )
    scroll_pages_max: Annotated[int, Field(ge=1, le=5), Key("pages of such a time, 1 to this many alike", "pages", MATTERMOST)] = 5
    scroll_limit: Annotated[PageRows, Key("rows of such a page", "rows", MATTERMOST)] = 30
    permalinks_per_message: Annotated[
        PerMessage, Key("pages that end with any old message of the channel", "reads", MATTERMOST)
    ] = 0.0
    permalink_limit: Annotated[PageRows, Key("rows of such a page", "rows", "Mattermost: 30 before and 30 after")] = 30
    direct_opens_per_message: Annotated[PerMessage, Key("newest pages of a direct channel", "reads", MATTERMOST)] = 0.0
    direct_open_limit: Annotated[PageRows, Key("rows of such a page", "rows", MATTERMOST)] = 30
    channel_lists_per_message: Annotated[PerMessage, Key("lists of a server's channels", "reads", ASSUMED)] = 0.0
    member_lists_per_message: Annotated[PerMessage, Key("lists of a channel's members", "reads", ASSUMED)] = 0.0
    member_checks_per_message: Annotated[PerMessage, Key("questions whether somebody is a member", "reads", ASSUMED)] = 0.0
    server_lists_per_message: Annotated[PerMessage, Key("lists of an agent's servers", "reads", ASSUMED)] = 0.0

    storm_channels: Annotated[
        Places, Key("a broadcast storm: one account posts once in each of so many new channels", "channels", "Gitter: 492")
    ] = 0
    storm_span_s: Annotated[Positive, Key("how long the storm lasts", "seconds", GITTER)] = 543.0
    newcomers: Annotated[
        bool,
        Key(
            "whether each measured message is of a person never seen, but those of direct channels and of a storm",
            "true or false",
            CHOICE,
        ),
    ] = False
    restart_clients: Annotated[
        Places,
        Key("a restart begins the measured part: each agent recalls every channel, so many people read a page", "people", CHOICE),
    ] = 0

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.agents_per_channel > self.agents:
            raise ValueError(
                f"agents_per_channel is {self.agents_per_channel}, and there are {self.agents} agents: give fewer, or more agents"
            )
        branching = sum(ratio for ratio, _ in self.kernels)
        if branching >= 0.999:
            raise ValueError(f"the branching ratios of kernels add up to {branching:g}: give less than 1, or arrivals never end")
        if self.hour_shares and (len(self.hour_shares) != 24 or not sum(self.hour_shares) > 0):
            raise ValueError("hour_shares wants 24 weights, one of them above 0, or none")
        for name in ("text_parts", "agent_text_parts"):
            shares = sum(share for share, _, _ in getattr(self, name))
            if abs(shares - 1) > 1e-6:
                raise ValueError(f"the shares of {name} add up to {shares:g}: let them add up to 1")
        if self.direct_share > 0 and self.direct_channels == 0:
            raise ValueError(f"direct_share is {self.direct_share:g}, and there are no direct_channels: give both, or neither")
        if 0 < self.direct_share < SHARE_MIN:
            raise ValueError(f"direct_share is {self.direct_share:g}: give 0, or {SHARE_MIN:g} or more")
        if self.direct_messages_mean < 1:
            raise ValueError(f"direct_messages_mean is {self.direct_messages_mean:g}: give 1 or more")
        if self.messages + self.preload + self.storm_channels < 1:
            raise ValueError("messages, preload and storm_channels are 0: there is nothing to do")
        if self.start_ms + 1000 * (2 * self.span_s + 86_400 * 366) / self.compression > AT_MS_MAX:
            years = self.span_s / self.compression / 86_400 / 365
            raise ValueError(f"the messages would take {years:.0f} years: give more messages_per_s, or more compression")
        return self

    @property
    def span_s(self) -> float:
        """How long the messages take in the mean, in real time."""
        return (self.messages + self.preload) / self.messages_per_s
