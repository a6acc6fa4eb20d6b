"""The central side with tables of its own: `message_servers`, `channels`, `channel_participants`, `server_agents`.

`minimal` cuts servers and channels to ids and names (Option B); their ids are then text on both sides, so that keys from the
agent tables have equal types. Indexes: channels of a server, servers of an agent.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    select,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import JSONB, insert

from variants.contract import Query, Reading, Side, Statement
from variants.schema.columns import MILLISECONDS, UUID_TEXT
from workloads.answers import IsParticipantRow, ListedChannelRow, ListedServerRow, ParticipantRow
from workloads.operations import (
    AddAgent,
    CreateChannel,
    CreateServer,
    IsParticipant,
    Join,
    Leave,
    ListChannels,
    ListParticipants,
    ListServers,
)


class CentralStore:
    """The central tables and their statements, compiled once."""

    def __init__(self, metadata: MetaData, *, minimal: bool) -> None:
        server_id = Text() if minimal else UUID_TEXT
        self.minimal = minimal
        self.servers = Table(
            "message_servers",
            metadata,
            Column("id", server_id, primary_key=True),
            Column("name", Text, nullable=False),
            *([] if minimal else _attributes(Column("server_type", Text))),
        )
        self.channels = Table(
            "channels",
            metadata,
            Column("id", Text, primary_key=True),
            Column("server_id", server_id, ForeignKey(self.servers.c.id, ondelete="CASCADE"), nullable=False),
            Column("name", Text, nullable=False),
            *([] if minimal else _attributes(Column("type", Text, nullable=False), Column("topic", Text))),
        )
        self.participants = Table(
            "channel_participants",
            metadata,
            Column("channel_id", Text, ForeignKey(self.channels.c.id, ondelete="CASCADE")),
            Column("user_id", Text),
            PrimaryKeyConstraint("channel_id", "user_id"),
        )
        self.agents = Table(
            "server_agents",
            metadata,
            Column("server_id", server_id, ForeignKey(self.servers.c.id, ondelete="CASCADE")),
            Column("agent_id", UUID_TEXT),
            PrimaryKeyConstraint("server_id", "agent_id"),
        )
        Index("channels_server", self.channels.c.server_id)
        Index("server_agents_agent", self.agents.c.agent_id)
        self._queries()

    def link_agents(self, agents: Table) -> None:
        """Declare the one key between the sides that today's schema has: an agent of a server is a registered agent."""
        self.agents.append_constraint(ForeignKeyConstraint(["agent_id"], [agents.c.id], ondelete="CASCADE"))

    def _queries(self) -> None:
        servers, channels, participants, agents = self.servers, self.channels, self.participants, self.agents

        def central(construct: object) -> Query:
            return Query(Side.CENTRAL, construct)  # type: ignore[arg-type]  # Core's statements share no public base that mypy sees

        def all_columns(table: Table) -> Query:
            return central(plain_insert(table).values({column.name: bindparam(column.name) for column in table.c}))

        self._add_server = all_columns(servers)
        self._add_channel = all_columns(channels)
        self._add_agent = central(
            insert(agents).values(server_id=bindparam("server"), agent_id=bindparam("agent")).on_conflict_do_nothing()
        )
        self._join = central(
            insert(participants).values(channel_id=bindparam("channel"), user_id=bindparam("member")).on_conflict_do_nothing()
        )
        here = participants.c.channel_id == bindparam("channel")
        is_member = and_(here, participants.c.user_id == bindparam("member"))
        self._leave = central(delete(participants).where(is_member))
        self._is_participant = central(select(select(participants.c.user_id).where(is_member).exists()))
        self._participants = central(select(participants.c.user_id).where(here))
        self._channels = central(select(channels.c.id, channels.c.name).where(channels.c.server_id == bindparam("server")))
        self._servers = central(
            select(servers.c.id, servers.c.name)
            .join_from(agents, servers, agents.c.server_id == servers.c.id)
            .where(agents.c.agent_id == bindparam("agent"))
        )

    def add_server(self, operation: CreateServer) -> Statement:
        """The server's row."""
        if self.minimal:
            return self._add_server(needs_rows=False, id=operation.server_id, name=operation.name)
        return self._add_server(
            needs_rows=False,
            id=operation.server_id,
            name=operation.name,
            server_type=None,
            source_type=operation.source_type,
            source_id=operation.source_id,
            metadata=operation.metadata,
            created_at=operation.at_ms,
        )

    def add_channel(self, operation: CreateChannel) -> Statement:
        """The channel's row."""
        if self.minimal:
            return self._add_channel(needs_rows=False, id=operation.channel_id, server_id=operation.server_id, name=operation.name)
        return self._add_channel(
            needs_rows=False,
            id=operation.channel_id,
            server_id=operation.server_id,
            name=operation.name,
            type=operation.kind.value,
            topic=operation.topic,
            source_type=operation.source_type,
            source_id=operation.source_id,
            metadata=operation.metadata,
            created_at=operation.at_ms,
        )

    def add_agent(self, operation: AddAgent) -> Statement:
        """The agent's row in the join table of agents and servers."""
        return self._add_agent(needs_rows=False, server=operation.server_id, agent=operation.agent_id)

    def join(self, operation: Join) -> Statement:
        """The member's row."""
        return self._join(needs_rows=False, channel=operation.channel_id, member=operation.member.id)

    def leave(self, operation: Leave) -> Statement:
        """The member's row goes."""
        return self._leave(needs_rows=False, channel=operation.channel_id, member=operation.member.id)

    def read(self, operation: ListChannels | ListParticipants | IsParticipant | ListServers) -> Reading:
        """The reads that only these tables answer."""
        match operation:
            case ListChannels():
                rows = yield self._channels(server=operation.server_id)
                return [ListedChannelRow(*row) for row in rows]
            case ListParticipants():
                rows = yield self._participants(channel=operation.channel_id)
                return [ParticipantRow(*row) for row in rows]
            case IsParticipant():
                rows = yield self._is_participant(channel=operation.channel_id, member=operation.member_id)
                return [IsParticipantRow(*row) for row in rows]
            case ListServers():
                rows = yield self._servers(agent=operation.agent_id)
                return [ListedServerRow(*row) for row in rows]


def _attributes(*own: Column[str]) -> list[Column[object]]:
    return [
        *own,
        Column("source_type", Text, nullable=False),
        Column("source_id", Text),
        Column("metadata", JSONB),
        Column("created_at", MILLISECONDS, nullable=False),
    ]


MEMBER_VIEW = "SELECT channel_id AS channel, user_id AS member FROM channel_participants"

AGENT_VIEW = """
    SELECT s.server_id::text AS server, s.agent_id::text AS agent, a.name
    FROM server_agents s JOIN agents a ON a.id = s.agent_id"""
