"""The tables of `floor`: servers, channels, members and messages once, and the intervals in which agents are told."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from variants.contract import Indexes
from variants.schema.columns import MILLISECONDS, UUID_TEXT


class FloorTables:
    """The tables, all on the central side."""

    def __init__(self, central: MetaData, level: Indexes) -> None:
        self.servers = Table(
            "servers", central, Column("id", UUID_TEXT, primary_key=True), *_attributes("name", "source_type", "source_id")
        )
        self.channels = Table(
            "channels",
            central,
            Column("id", Text, primary_key=True),
            Column("server_id", UUID_TEXT, ForeignKey("servers.id"), nullable=False),
            *_attributes("name", "kind", "source_type", "source_id", "topic"),
        )
        self.agents = Table("agents", central, Column("id", UUID_TEXT, primary_key=True), Column("name", Text, nullable=False))
        self.server_agents = Table(
            "server_agents",
            central,
            Column("agent_id", UUID_TEXT, ForeignKey("agents.id")),
            Column("server_id", UUID_TEXT, ForeignKey("servers.id")),
            PrimaryKeyConstraint("agent_id", "server_id"),
        )
        self.members = Table(
            "members",
            central,
            Column("channel_id", Text, ForeignKey("channels.id")),
            Column("member_id", Text),
            PrimaryKeyConstraint("channel_id", "member_id"),
        )
        self.subscriptions = Table(
            "subscriptions",
            central,
            Column("channel_id", Text, ForeignKey("channels.id")),
            Column("agent_id", UUID_TEXT, ForeignKey("agents.id")),
            Column("from_at", MILLISECONDS),
            Column("to_at", MILLISECONDS),
            PrimaryKeyConstraint("channel_id", "agent_id", "from_at"),
        )
        self.messages = Table(
            "messages",
            central,
            Column("id", Text, primary_key=True),
            Column("channel_id", Text, ForeignKey("channels.id"), nullable=False),
            Column("author_id", Text, nullable=False),
            Column("text", Text, nullable=False),
            Column("source_type", Text, nullable=False),
            Column("reply_to", Text, ForeignKey("messages.id", ondelete="SET NULL")),
            Column("rev", Integer, nullable=False),
            Column("metadata", JSONB, nullable=False),
            Column("created_at", MILLISECONDS, nullable=False),
            # An agent's reply of which no other agent was told is its own alone; NULL: every agent that is there has it.
            Column("only_for", UUID_TEXT, ForeignKey("agents.id")),
        )
        # An agent has one open interval in a channel: joining twice changes nothing. A key of the design, so at every level.
        intervals = self.subscriptions.c
        is_open = intervals.to_at.is_(None)
        Index("subscriptions_open", intervals.channel_id, intervals.agent_id, unique=True, postgresql_where=is_open)
        if level is Indexes.ADVISED:
            self._index()

    def _index(self) -> None:
        messages = self.messages.c
        # The channels of a server.
        Index("channels_server", self.channels.c.server_id)
        # Pages of a channel, and within an agent's intervals its context.
        Index("messages_channel_time", messages.channel_id, messages.created_at)
        # The replies that lose their link when a message is removed.
        Index("messages_answered", messages.reply_to, postgresql_where=messages.reply_to.is_not(None))


def _attributes(*texts: str) -> list[Column[object]]:
    required = {"name", "kind", "source_type"}
    return [
        *(Column(text, Text, nullable=text not in required) for text in texts),
        Column("metadata", JSONB, nullable=False),
        Column("created_at", MILLISECONDS, nullable=False),
    ]
