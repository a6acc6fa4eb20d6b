"""`floor`: each message stored once, the lower bound of every chart. It is no proposal of the design note.

One set of central tables; what an agent sees is a query over the intervals in which it was a member (`subscriptions`). There is
no second id space, so no `id_map`. On the narrow readings none of the note's options removes the second copy of a message; the
floor shows what that copy costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from variants.contract import (
    Begin,
    Commit,
    Defect,
    Gap,
    Options,
    Query,
    Reading,
    Rejected,
    Side,
    Statement,
    Task,
    View,
    Writing,
)
from variants.schema.agent_tasks import alone
from variants.schema.columns import MILLISECONDS, UUID_TEXT
from variants.schema.root_messages import central_write
from workloads.answers import IsParticipantRow, ListedChannelRow, ListedServerRow, PageRow, ParticipantRow, RecallRow
from workloads.operations import (
    AddAgent,
    Context,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    IsParticipant,
    Join,
    LatestPage,
    Leave,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)


class Floor:
    """Central tables only."""

    name = "floor"

    def __init__(self, options: Options) -> None:
        # There is no other side that a key could cross to.
        del options
        central = MetaData()
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: central, Side.AGENT: MetaData()}
        self._declare(central)
        self._writes()
        self._reads()

    def _declare(self, central: MetaData) -> None:
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
        )
        Index("channels_server", self.channels.c.server_id)
        # An agent has one open interval in a channel: joining twice changes nothing.
        open_interval = self.subscriptions.c.to_at.is_(None)
        subscription = self.subscriptions.c
        Index("subscriptions_open", subscription.channel_id, subscription.agent_id, unique=True, postgresql_where=open_interval)
        Index("messages_channel_time", self.messages.c.channel_id, self.messages.c.created_at)
        Index("messages_answered", self.messages.c.reply_to, postgresql_where=self.messages.c.reply_to.is_not(None))

    def _writes(self) -> None:
        messages, members, subscriptions = self.messages, self.members, self.subscriptions

        def add(table: Table) -> Query:
            return Query(Side.CENTRAL, plain_insert(table).values(_each_column(table)))

        def make_sure(table: Table) -> Query:
            return Query(Side.CENTRAL, insert(table).values(_each_column(table)).on_conflict_do_nothing())

        self._add_server, self._add_channel, self._add_message = add(self.servers), add(self.channels), add(messages)
        self._make_agent, self._make_server_agent = make_sure(self.agents), make_sure(self.server_agents)
        self._make_member, self._subscribe = make_sure(members), make_sure(subscriptions)
        self._leave = Query(
            Side.CENTRAL,
            delete(members).where(members.c.channel_id == bindparam("channel"), members.c.member_id == bindparam("member")),
        )
        self._unsubscribe = Query(
            Side.CENTRAL,
            update(subscriptions)
            .where(subscriptions.c.channel_id == bindparam("channel"), subscriptions.c.agent_id == bindparam("agent"))
            .where(subscriptions.c.to_at.is_(None))
            .values(to_at=bindparam("at")),
        )
        self._edit = Query(
            Side.CENTRAL,
            update(messages)
            .where(messages.c.id == bindparam("message"), messages.c.rev <= bindparam("new_rev"))
            .values(text=bindparam("new_text"), rev=bindparam("new_rev"))
            .returning(messages.c.id),
        )
        self._delete = Query(Side.CENTRAL, delete(messages).where(messages.c.id == bindparam("message")))

    def _reads(self) -> None:
        messages, members, channels, servers = self.messages.c, self.members.c, self.channels.c, self.servers.c
        here = messages.channel_id == bindparam("channel")
        page = (messages.id, messages.author_id, messages.text, messages.reply_to, messages.created_at)

        def newest(*conditions: ColumnElement[bool]) -> Query:
            limit = bindparam("limit", type_=Integer)
            query = select(*page).where(*conditions).order_by(messages.created_at.desc()).limit(limit)
            return Query(Side.CENTRAL, query)

        self._latest = newest(here)
        self._back = newest(here, messages.created_at < bindparam("before"))
        self._recall = self._recalled()
        self._list_channels = Query(
            Side.CENTRAL, select(channels.id, channels.name).where(channels.server_id == bindparam("server"))
        )
        self._list_members = Query(Side.CENTRAL, select(members.member_id).where(members.channel_id == bindparam("channel")))
        is_member = and_(members.channel_id == bindparam("channel"), members.member_id == bindparam("member"))
        self._is_member = Query(Side.CENTRAL, select(select(members.member_id).where(is_member).exists()))
        self._list_servers = Query(
            Side.CENTRAL,
            select(servers.id, servers.name)
            .join_from(self.server_agents, self.servers, self.server_agents.c.server_id == servers.id)
            .where(self.server_agents.c.agent_id == bindparam("agent")),
        )

    def _recalled(self) -> Query:
        """The newest messages of each interval of an agent, then the newest of those: never a walk over what it cannot see."""
        messages, subscription = self.messages.c, self.subscriptions.c
        limit = bindparam("limit", type_=Integer)
        seen = (
            select(messages.id, messages.author_id, messages.text, messages.created_at)
            .where(
                messages.channel_id == subscription.channel_id,
                messages.created_at >= subscription.from_at,
                messages.created_at < func.coalesce(subscription.to_at, literal_column("'infinity'::timestamp")),
            )
            .order_by(messages.created_at.desc())
            .limit(limit)
            .correlate(self.subscriptions)
            .lateral()
        )
        return Query(
            Side.CENTRAL,
            select(seen.c.id, seen.c.author_id, seen.c.text, seen.c.created_at)
            .join_from(self.subscriptions, seen, true())
            .where(subscription.channel_id == bindparam("channel"), subscription.agent_id == bindparam("agent"))
            .order_by(seen.c.created_at.desc())
            .limit(limit),
        )

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Each operation is one central transaction."""
        if isinstance(operation, Edit):
            return alone(self._edited(operation, context))
        return alone(central_write(*self._rows(operation, context)))

    def _edited(self, operation: Edit, context: Context) -> Writing:
        yield Begin(Side.CENTRAL)
        if not (yield self._edit(message=context.message_id, new_text=operation.text, new_rev=operation.rev)):
            return Rejected("the message is gone or has a newer edit")
        yield Commit(Side.CENTRAL)
        return None

    def _rows(self, operation: Write, context: Context) -> Sequence[Statement]:
        match operation:
            case CreateServer():
                return [self._add_server(needs_rows=False, id=operation.server_id, **_facts(operation))]
            case CreateChannel():
                facts = {"kind": operation.kind.value, "topic": operation.topic, "server_id": operation.server_id}
                return [self._add_channel(needs_rows=False, id=operation.channel_id, **facts, **_facts(operation))]
            case AddAgent():
                return [
                    self._make_agent(needs_rows=False, id=operation.agent_id, name=operation.name),
                    self._make_server_agent(needs_rows=False, agent_id=operation.agent_id, server_id=operation.server_id),
                ]
            case Join(channel_id=channel, member=member):
                rows = [self._make_member(needs_rows=False, channel_id=channel, member_id=member.id)]
                if member.role is Role.AGENT:
                    rows.append(
                        self._subscribe(
                            needs_rows=False, channel_id=channel, agent_id=member.id, from_at=operation.at_ms, to_at=None
                        )
                    )
                return rows
            case Leave(channel_id=channel, member=member):
                rows = [self._leave(needs_rows=False, channel=channel, member=member.id)]
                if member.role is Role.AGENT:
                    rows.append(self._unsubscribe(needs_rows=False, channel=channel, agent=member.id, at=operation.at_ms))
                return rows
            case Send() | Reply():
                author = operation.author_id if isinstance(operation, Send) else operation.agent_id
                return [
                    self._add_message(
                        needs_rows=False,
                        id=context.message_id,
                        channel_id=operation.channel_id,
                        author_id=author,
                        text=operation.text,
                        source_type=operation.source_type,
                        reply_to=context.reply_to_id,
                        rev=0,
                        metadata=operation.metadata,
                        created_at=context.created_at_ms,
                    )
                ]
            case Edit():
                return ()
            case Delete():
                return [self._delete(needs_rows=False, message=context.message_id)]

    def read(self, operation: Read) -> Reading:
        """Everything comes from the central tables."""
        match operation:
            case LatestPage(channel_id=channel, limit=limit):
                return [PageRow(*row) for row in (yield self._latest(channel=channel, limit=limit))]
            case PageBack(channel_id=channel, before_ms=before, limit=limit):
                return [PageRow(*row) for row in (yield self._back(channel=channel, before=before, limit=limit))]
            case RecallContext(agent_id=agent, channel_id=channel, limit=limit):
                rows = yield self._recall(agent=agent, channel=channel, limit=limit)
                return [RecallRow(*row) for row in rows]
            case ListChannels():
                return [ListedChannelRow(*row) for row in (yield self._list_channels(server=operation.server_id))]
            case ListParticipants():
                return [ParticipantRow(*row) for row in (yield self._list_members(channel=operation.channel_id))]
            case IsParticipant(channel_id=channel, member_id=member):
                return [IsParticipantRow(*row) for row in (yield self._is_member(channel=channel, member=member))]
            case ListServers():
                return [ListedServerRow(*row) for row in (yield self._list_servers(agent=operation.agent_id))]

    def views(self) -> Mapping[str, View]:
        """The agents' views are queries over the intervals of membership."""
        visible = "{s}.from_at <= {m}.created_at AND ({s}.to_at IS NULL OR {m}.created_at < {s}.to_at)"
        return {
            "c_server": "SELECT id::text AS server, name, source_type, source_id, metadata, created_at FROM servers",
            "c_channel": """
                SELECT id AS channel, server_id::text AS server, name, kind, source_type, source_id, topic, metadata, created_at
                FROM channels""",
            "c_agent": """
                SELECT s.server_id::text AS server, s.agent_id::text AS agent, a.name
                FROM server_agents s JOIN agents a ON a.id = s.agent_id""",
            "c_member": "SELECT channel_id AS channel, member_id AS member FROM members",
            "c_message": """
                SELECT id AS message, channel_id AS channel, author_id AS author, text, metadata, source_type,
                       reply_to AS in_reply_to, rev, created_at,
                       rank() OVER (PARTITION BY channel_id ORDER BY created_at) AS seq, xmin::text AS xid
                FROM messages""",
            "a_server": """
                SELECT a.agent_id::text AS agent, s.id::text AS server, s.name, s.source_type, s.source_id, s.metadata,
                       s.created_at
                FROM server_agents a JOIN servers s ON s.id = a.server_id""",
            "a_channel": """
                SELECT a.agent_id::text AS agent, c.id AS channel, c.server_id::text AS server, c.name, c.kind, c.source_type,
                       c.source_id, c.topic, c.metadata, c.created_at
                FROM (SELECT DISTINCT agent_id, channel_id FROM subscriptions) a JOIN channels c ON c.id = a.channel_id""",
            "a_member": """
                SELECT s.agent_id::text AS agent, m.channel_id AS channel, m.member_id AS member
                FROM subscriptions s JOIN members m ON m.channel_id = s.channel_id WHERE s.to_at IS NULL""",
            "a_message": f"""
                SELECT s.agent_id::text AS agent, m.id AS message, m.channel_id AS channel, m.author_id AS author, m.text,
                       m.metadata, m.source_type, t.id AS in_reply_to, m.rev, m.created_at,
                       rank() OVER (PARTITION BY m.channel_id, s.agent_id::text ORDER BY m.created_at) AS seq,
                       m.xmin::text AS xid
                FROM messages m JOIN subscriptions s ON s.channel_id = m.channel_id AND {visible.format(s="s", m="m")}
                LEFT JOIN messages t ON t.id = m.reply_to AND EXISTS (
                    SELECT FROM subscriptions o WHERE o.channel_id = t.channel_id AND o.agent_id = s.agent_id
                    AND {visible.format(s="o", m="t")})""",
        }

    def gaps(self) -> Sequence[Gap]:
        """Nothing: every fact has one place."""
        return ()

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed."""
        return ()


def _attributes(*texts: str) -> list[Column[object]]:
    required = {"name", "kind", "source_type"}
    return [
        *(Column(text, Text, nullable=text not in required) for text in texts),
        Column("metadata", JSONB, nullable=False),
        Column("created_at", MILLISECONDS, nullable=False),
    ]


def _each_column(table: Table) -> dict[str, BindParameter[Any]]:
    return {column.name: bindparam(column.name) for column in table.c}


def _facts(operation: CreateServer | CreateChannel) -> dict[str, object]:
    return {
        "name": operation.name,
        "source_type": operation.source_type,
        "source_id": operation.source_id,
        "metadata": operation.metadata,
        "created_at": operation.at_ms,
    }
