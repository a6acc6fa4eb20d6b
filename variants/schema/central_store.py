"""The central side with tables of its own: `message_servers`, `channels`, `channel_participants`, `server_agents`.

`minimal` cuts servers and channels to ids and names (Option B); their ids are then text on both sides, so that keys from the
agent tables have equal types. The composite primary keys are declared by the note and by the real server alike; the indexes are
of the level advised, the real server's source has none here (elizaOS server 1.6.1).
"""

from __future__ import annotations

from collections.abc import Sequence

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
from sqlalchemy.dialects.postgresql import JSONB

from variants.contract import UNOBSERVED, Indexes, Query, Side, Statement, Task
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tasks import alone, central_write, register
from variants.schema.columns import MILLISECONDS, UUID_TEXT
from variants.schema.inserts import attributes, one_row
from variants.schema.reads import Lists
from workloads import operations as ops

SERVER_TYPE = "the note lists it, no operation carries it; always NULL"


class CentralStore:
    """The central tables and their statements, compiled once."""

    def __init__(self, metadata: MetaData, level: Indexes, *, minimal: bool) -> None:
        server_id = Text() if minimal else UUID_TEXT
        self.minimal = minimal
        self.servers = Table(
            "message_servers",
            metadata,
            Column("id", server_id, primary_key=True),
            Column("name", Text, nullable=False),
            *([] if minimal else _attributes(Column("server_type", Text, info={UNOBSERVED: SERVER_TYPE}))),
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
        if level is Indexes.ADVISED:
            # The channels of a server, and the servers of an agent.
            Index("channels_server", self.channels.c.server_id)
            Index("server_agents_agent", self.agents.c.agent_id)
        self._writes()
        self.lists = self._lists()

    def link_agents(self, agents: Table) -> None:
        """Declare the one key between the sides that today's schema has: an agent of a server is a registered agent."""
        self.agents.append_constraint(ForeignKeyConstraint(["agent_id"], [agents.c.id], ondelete="CASCADE"))

    def _writes(self) -> None:
        members = self.participants
        self._add_server = Query(Side.CENTRAL, one_row(self.servers))
        self._add_channel = Query(Side.CENTRAL, one_row(self.channels))
        self._add_agent = Query(Side.CENTRAL, one_row(self.agents).on_conflict_do_nothing())
        self._join = Query(Side.CENTRAL, one_row(members).on_conflict_do_nothing())
        self._leave = Query(
            Side.CENTRAL,
            delete(members).where(members.c.channel_id == bindparam("channel"), members.c.user_id == bindparam("member")),
        )

    def _lists(self) -> Lists:
        servers, channels, members, agents = self.servers.c, self.channels.c, self.participants.c, self.agents.c
        here = members.channel_id == bindparam("channel")
        is_member = and_(here, members.user_id == bindparam("member"))
        of_agent = select(servers.id, servers.name).join_from(self.agents, self.servers, agents.server_id == servers.id)
        return Lists(
            channels=Query(Side.CENTRAL, select(channels.id, channels.name).where(channels.server_id == bindparam("server"))),
            participants=Query(Side.CENTRAL, select(members.user_id).where(here)),
            is_participant=Query(Side.CENTRAL, select(select(members.user_id).where(is_member).exists())),
            servers=Query(Side.CENTRAL, of_agent.where(agents.agent_id == bindparam("agent"))),
        )

    def add_server(self, operation: ops.CreateServer) -> Statement:
        """The server's row."""
        own = {"name": operation.name} if self.minimal else {"server_type": None, **attributes(operation)}
        return self._add_server(needs_rows=False, id=operation.server_id, **own)

    def add_channel(self, operation: ops.CreateChannel) -> Statement:
        """The channel's row."""
        own: dict[str, object] = {"name": operation.name}
        if not self.minimal:
            own = {"type": operation.kind.value, "topic": operation.topic, **attributes(operation)}
        return self._add_channel(needs_rows=False, id=operation.channel_id, server_id=operation.server_id, **own)

    def add_agent(self, agents: AgentStore, operation: ops.AddAgent, context: ops.Context) -> Sequence[Task]:
        """The agent's own row comes first: `server_agents.agent_id` references it."""
        added = self._add_agent(needs_rows=False, server_id=operation.server_id, agent_id=operation.agent_id)
        return [register(agents, operation), *alone(central_write(added))]

    def join(self, operation: ops.Join) -> tuple[Statement, ...]:
        """The member's row."""
        return (self._join(needs_rows=False, channel_id=operation.channel_id, user_id=operation.member.id),)

    def leave(self, operation: ops.Leave) -> Statement:
        """The member's row goes."""
        return self._leave(needs_rows=False, channel=operation.channel_id, member=operation.member.id)


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
