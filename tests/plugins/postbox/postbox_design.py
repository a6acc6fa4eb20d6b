"""`postbox`: each message is stored once, and each agent that is told of it gets a slip with its number.

Everything lies on the central side, and every operation is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, ForeignKey, Integer, MetaData, Table, Text, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID, insert
from sqlalchemy.types import TypeEngine

from variants.contract import (
    CENTRAL_ACTOR,
    Begin,
    Commit,
    Defect,
    Gap,
    NotOffered,
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
from workloads import operations as ops

TIME = TIMESTAMP(timezone=False, precision=3)
ID = UUID(as_uuid=False)


class Postbox:
    """Seven tables, all on the central side."""

    name = "postbox"

    def __init__(self, options: Options) -> None:
        if options.indexes is not None:
            raise NotOffered("postbox has only the indexes of its keys")
        central = MetaData()
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: central, Side.AGENT: MetaData()}
        self._declare(central)
        self._find()

    def _declare(self, central: MetaData) -> None:
        def facts() -> list[Column[object]]:
            texts = [Column(name, Text, nullable=name == "source_id") for name in ("name", "source_type", "source_id")]
            return [*texts, Column("metadata", JSONB, nullable=False), Column("created_at", TIME, nullable=False)]

        def table(name: str, *columns: Column[Any]) -> tuple[Table, Query]:
            made = Table(name, central, *columns)
            row = insert(made).values({column.name: bindparam(column.name) for column in made.columns})
            # Who comes twice is there once; everything else is new, and a second one is an error.
            once = name in {"agents", "placements", "members", "rooms"}
            return made, Query(Side.CENTRAL, row.on_conflict_do_nothing() if once else row)

        _, self._server = table("servers", Column("id", ID, primary_key=True), *facts())
        self._channels, self._channel = table(
            "channels",
            Column("id", Text, primary_key=True),
            Column("server", ID, ForeignKey("servers.id"), nullable=False),
            Column("kind", Text, nullable=False),
            Column("topic", Text),
            *facts(),
        )
        _, self._agent = table("agents", Column("id", ID, primary_key=True), Column("name", Text, nullable=False))
        self._placements, self._place = table(
            "placements",
            Column("server", ID, ForeignKey("servers.id"), primary_key=True),
            Column("agent", ID, ForeignKey("agents.id"), primary_key=True),
        )
        channel = ForeignKey("channels.id")
        self._members, self._member = table("members", Column("channel", Text, channel, primary_key=True), _key("member", Text()))
        self._messages, self._message = table(
            "messages",
            Column("id", Text, primary_key=True),
            Column("channel", Text, ForeignKey("channels.id"), nullable=False, index=True),
            *(Column(name, Text, nullable=False) for name in ("author", "text", "source_type")),
            Column("reply_to", Text, ForeignKey("messages.id", ondelete="SET NULL")),
            Column("rev", Integer, nullable=False),
            Column("metadata", JSONB, nullable=False),
            Column("created_at", TIME, nullable=False),
        )
        _, self._room = table("rooms", _key("agent", ID), Column("channel", Text, ForeignKey("channels.id"), primary_key=True))
        message = ForeignKey("messages.id", ondelete="CASCADE")
        self._slips, self._slip = table("slips", Column("message", Text, message, primary_key=True), _key("agent", ID))

    def _find(self) -> None:
        messages, members, slips, channels, places = (
            found.c for found in (self._messages, self._members, self._slips, self._channels, self._placements)
        )
        servers = self.tables[Side.CENTRAL].tables["servers"].c
        newest, limit = messages.created_at.desc(), bindparam("limit", type_=Integer)
        page = select(messages.id, messages.author, messages.text, messages.reply_to, messages.created_at)
        here = page.where(messages.channel == bindparam("channel")).order_by(newest).limit(limit)
        recalled = select(messages.id, messages.author, messages.text, messages.created_at).order_by(newest).limit(limit)
        recalled = recalled.join(self._slips, slips.message == messages.id).where(slips.agent == bindparam("agent"))
        member = (members.channel == bindparam("channel")) & (members.member == bindparam("member"))
        placed = select(servers.id, servers.name).join(self._placements, places.server == servers.id)
        self._reads: dict[type[ops.Read], Query] = {
            kind: Query(Side.CENTRAL, query)
            for kind, query in {
                ops.LatestPage: here,
                ops.PageBack: here.where(messages.created_at < bindparam("before")),
                ops.RecallContext: recalled.where(messages.channel == bindparam("channel")),
                ops.ListChannels: select(channels.id, channels.name).where(channels.server == bindparam("server")),
                ops.ListParticipants: select(members.member).where(members.channel == bindparam("channel")),
                ops.IsParticipant: select(exists().where(member)),
                ops.ListServers: placed.where(places.agent == bindparam("agent")),
            }.items()
        }
        self._leave = Query(Side.CENTRAL, delete(self._members).where(member))
        new: dict[str, BindParameter[object]] = {"text": bindparam("new_text"), "rev": bindparam("new_rev")}
        edit = update(self._messages).where(messages.id == bindparam("message"), messages.rev <= bindparam("new_rev"))
        self._edit = Query(Side.CENTRAL, edit.values(new).returning(messages.id))
        self._remove = Query(Side.CENTRAL, delete(self._messages).where(messages.id == bindparam("message")))

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """One task of the central server."""
        return [Task("central", CENTRAL_ACTOR, self._written(operation, context))]

    def _written(self, operation: ops.Write, context: ops.Context) -> Writing:
        yield Begin(Side.CENTRAL)
        if isinstance(operation, ops.Edit):
            edited = self._edit(message=context.message_id, new_text=operation.text, new_rev=operation.rev)
            if not (yield edited):
                return Rejected("the message is gone or has a newer edit")
        else:
            yield from self._rows(operation, context)
        yield Commit(Side.CENTRAL)
        return None

    def _rows(self, operation: ops.Write, context: ops.Context) -> Iterator[Statement]:
        match operation:
            case ops.CreateServer(server_id=server):
                yield self._server(needs_rows=False, id=server, **_facts(operation))
            case ops.CreateChannel(channel_id=channel, server_id=server, kind=kind, topic=topic):
                own = {"id": channel, "server": server, "kind": kind.value, "topic": topic}
                yield self._channel(needs_rows=False, **own, **_facts(operation))
            case ops.AddAgent(server_id=server, agent_id=agent, name=name):
                yield self._agent(needs_rows=False, id=agent, name=name)
                yield self._place(needs_rows=False, server=server, agent=agent)
            case ops.Join(channel_id=channel, member=member):
                yield self._member(needs_rows=False, channel=channel, member=member.id)
            case ops.Leave(channel_id=channel, member=member):
                yield self._leave(needs_rows=False, channel=channel, member=member.id)
            case ops.Send(author_id=author):
                yield from self._posted(operation, context, author, context.recipients)
            case ops.Reply(agent_id=author):
                yield from self._posted(operation, context, author, (author, *context.recipients))
            case ops.Delete():
                yield self._remove(needs_rows=False, message=context.message_id)

    def _posted(
        self, operation: ops.Send | ops.Reply, context: ops.Context, author: str, told: Sequence[str]
    ) -> Iterator[Statement]:
        message = context.message_id
        facts = {"text": operation.text, "source_type": operation.source_type, "metadata": operation.metadata}
        links = {"channel": operation.channel_id, "author": author, "reply_to": context.reply_to_id}
        yield self._message(needs_rows=False, id=message, rev=0, created_at=context.created_at_ms, **facts, **links)
        for agent in told:
            yield self._room(needs_rows=False, agent=agent, channel=operation.channel_id)
            yield self._slip(needs_rows=False, message=message, agent=agent)

    def read(self, operation: ops.Read) -> Reading:
        """One query each; its parameters are named like the fields of the read."""
        query = self._reads[type(operation)]
        named = {name: getattr(operation, _FIELDS.get(name, name)) for name in query.names}
        return (yield query(**named))

    def views(self) -> Mapping[str, View]:
        """What an agent knows is what it has slips of."""
        facts = "{0}.name, {0}.source_type, {0}.source_id, {0}.metadata, {0}.created_at".format
        message = """{1} AS message, m.channel, m.author, m.text, m.metadata, m.source_type, {0} AS in_reply_to, m.rev,
                     m.created_at, m.xmin::text AS xid, rank() OVER (PARTITION BY m.channel, {2} ORDER BY m.created_at) AS seq
                     """.format
        return {
            "c_server": f"SELECT s.id::text AS server, {facts('s')} FROM servers s",
            "c_channel": f"SELECT c.id AS channel, c.server::text AS server, c.kind, c.topic, {facts('c')} FROM channels c",
            "c_agent": """SELECT p.server::text AS server, a.id::text AS agent, a.name
                          FROM placements p JOIN agents a ON a.id = p.agent""",
            "c_member": "SELECT channel, member FROM members",
            "c_message": f"SELECT {message('m.reply_to', 'm.id', '0')} FROM messages m",
            "a_server": f"""SELECT p.agent::text AS agent, s.id::text AS server, {facts("s")}
                            FROM placements p JOIN servers s ON s.id = p.server""",
            "a_channel": f"""SELECT r.agent::text AS agent, c.id AS channel, c.server::text AS server, c.kind, c.topic, {facts("c")}
                             FROM rooms r JOIN channels c ON c.id = r.channel""",
            "a_member": """SELECT a.id::text AS agent, m.channel, m.member
                           FROM agents a JOIN members i ON i.member = a.id::text JOIN members m ON m.channel = i.channel""",
            "a_message": f"""SELECT s.agent::text AS agent, {message("t.message", "m.id", "s.agent")}
                             FROM slips s JOIN messages m ON m.id = s.message
                             LEFT JOIN slips t ON t.message = m.reply_to AND t.agent = s.agent""",
        }

    def gaps(self) -> Sequence[Gap]:
        """Nothing is lost."""
        return ()

    def defects(self) -> Sequence[Defect]:
        """Nothing is left undone."""
        return ()


_FIELDS = {"channel": "channel_id", "server": "server_id", "agent": "agent_id", "member": "member_id", "before": "before_ms"}


def _key(name: str, kind: TypeEngine[str]) -> Column[str]:
    return Column(name, kind, primary_key=True)


def _facts(operation: ops.CreateServer | ops.CreateChannel) -> dict[str, object]:
    named = {name: getattr(operation, name) for name in ("name", "source_type", "source_id", "metadata")}
    return {**named, "created_at": operation.at_ms}
