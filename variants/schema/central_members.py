"""Who is where, centrally: `channel_participants` and `server_agents`.

The composite primary keys are declared by the note and by the real server alike.
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

from variants.contract import Indexes, Query, Side, Statement
from variants.schema.columns import UUID_TEXT
from variants.schema.inserts import one_row
from workloads import operations as ops


class ChannelParticipants:
    """The members of channels, the statements that change them and the two lists that are read from them."""

    def __init__(self, metadata: MetaData, channel: Column[str]) -> None:
        table = Table(
            "channel_participants",
            metadata,
            Column("channel_id", Text, ForeignKey(channel, ondelete="CASCADE")),
            Column("user_id", Text),
            PrimaryKeyConstraint("channel_id", "user_id"),
        )
        members = table.c
        self._join = Query(Side.CENTRAL, one_row(table).on_conflict_do_nothing())
        self._leave = Query(
            Side.CENTRAL,
            delete(table).where(members.channel_id == bindparam("channel"), members.user_id == bindparam("member")),
        )
        here = members.channel_id == bindparam("channel")
        is_member = and_(here, members.user_id == bindparam("member"))
        self.participants = Query(Side.CENTRAL, select(members.user_id).where(here))
        self.is_participant = Query(Side.CENTRAL, select(select(members.user_id).where(is_member).exists()))

    def join(self, operation: ops.Join) -> Statement:
        """The member's row."""
        return self._join(needs_rows=False, channel_id=operation.channel_id, user_id=operation.member.id)

    def leave(self, operation: ops.Leave) -> Statement:
        """The member's row goes."""
        return self._leave(needs_rows=False, channel=operation.channel_id, member=operation.member.id)


class ServerAgents:
    """The agents of servers, and the list of an agent's servers."""

    def __init__(self, metadata: MetaData, servers: Table, level: Indexes) -> None:
        table = Table(
            "server_agents",
            metadata,
            Column("server_id", servers.c.id.type, ForeignKey(servers.c.id, ondelete="CASCADE")),
            Column("agent_id", UUID_TEXT),
            PrimaryKeyConstraint("server_id", "agent_id"),
        )
        if level is Indexes.ADVISED:
            Index("server_agents_agent", table.c.agent_id)
        self._table = table
        self._add = Query(Side.CENTRAL, one_row(table).on_conflict_do_nothing())
        of_agent = select(servers.c.id, servers.c.name).join_from(table, servers, table.c.server_id == servers.c.id)
        self.servers = Query(Side.CENTRAL, of_agent.where(table.c.agent_id == bindparam("agent")))

    def link(self, agents: Table) -> None:
        """Declare the one key between the sides that today's schema has: an agent of a server is a registered agent."""
        self._table.append_constraint(ForeignKeyConstraint(["agent_id"], [agents.c.id], ondelete="CASCADE"))

    def add(self, operation: ops.AddAgent) -> Statement:
        """The agent is on the server; its own row must exist where the sides are linked."""
        return self._add(needs_rows=False, server_id=operation.server_id, agent_id=operation.agent_id)


MEMBER_VIEW = "SELECT channel_id AS channel, user_id AS member FROM channel_participants"

AGENT_VIEW = """
    SELECT s.server_id::text AS server, s.agent_id::text AS agent, a.name
    FROM server_agents s JOIN agents a ON a.id = s.agent_id"""
