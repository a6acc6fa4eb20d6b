"""`floor`: each message stored once, the lower bound of every chart. It is no proposal of the design note.

One set of central tables; what an agent sees is a query over the intervals in which it was a member (`subscriptions`). There is
no second id space, so no `id_map`. On the narrow readings none of the note's options removes the second copy of a message; the
floor shows what that copy costs. Nobody declares its tables but this module, so of its indexes the level `declared` has the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import MetaData, Select, and_, bindparam, delete, func, literal_column, or_, select, true, update

from variants.contract import Defect, Gap, Options, Query, Reading, Side, Statement, Task, View
from variants.schema.agent_tasks import alone, central_edit, central_write
from variants.schema.floor_tables import FloorTables
from variants.schema.inserts import attributes, one_row
from variants.schema.levels import drawn_level
from variants.schema.numbered_edits import numbered_edit
from variants.schema.reads import Lists, Pages, Reads, newest
from workloads import operations as ops
from workloads.answers import RecallRow


class Floor:
    """Central tables only."""

    name = "floor"

    def __init__(self, options: Options) -> None:
        # There is no other side that a key could cross to: two databases change nothing.
        tables = FloorTables(MetaData(), drawn_level(options))
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: tables.messages.metadata, Side.AGENT: MetaData()}
        messages, members, subscriptions = tables.messages.c, tables.members.c, tables.subscriptions.c
        self._add_server = Query(Side.CENTRAL, one_row(tables.servers))
        self._add_channel = Query(Side.CENTRAL, one_row(tables.channels))
        self._add_message = Query(Side.CENTRAL, one_row(tables.messages))
        self._make_agent = Query(Side.CENTRAL, one_row(tables.agents).on_conflict_do_nothing())
        self._make_server_agent = Query(Side.CENTRAL, one_row(tables.server_agents).on_conflict_do_nothing())
        self._make_member = Query(Side.CENTRAL, one_row(tables.members).on_conflict_do_nothing())
        self._subscribe = Query(Side.CENTRAL, one_row(tables.subscriptions).on_conflict_do_nothing())
        is_member = and_(members.channel_id == bindparam("channel"), members.member_id == bindparam("member"))
        self._leave = Query(Side.CENTRAL, delete(tables.members).where(is_member))
        self._unsubscribe = Query(
            Side.CENTRAL,
            update(tables.subscriptions)
            .where(subscriptions.channel_id == bindparam("channel"), subscriptions.agent_id == bindparam("agent"))
            .where(subscriptions.to_at.is_(None))
            .values(to_at=bindparam("at")),
        )
        self._edit = Query(Side.CENTRAL, numbered_edit(tables.messages, text=bindparam("new_text")))
        self._delete = Query(Side.CENTRAL, delete(tables.messages).where(messages.id == bindparam("message")))
        self._recall = Query(Side.CENTRAL, _recalled(tables))
        self._reads = Reads(_pages(tables), self._recalled, _lists(tables))

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """Each operation is one central transaction."""
        if isinstance(operation, ops.Edit):
            return alone(central_edit(self._edit(message=context.message_id, new_text=operation.text, new_rev=operation.rev)))
        return alone(central_write(*self._rows(operation, context)))

    def _rows(self, operation: ops.Write, context: ops.Context) -> Sequence[Statement]:
        match operation:
            case ops.CreateServer():
                return [self._add_server(needs_rows=False, id=operation.server_id, **attributes(operation))]
            case ops.CreateChannel():
                own = {"kind": operation.kind.value, "topic": operation.topic, "server_id": operation.server_id}
                return [self._add_channel(needs_rows=False, id=operation.channel_id, **own, **attributes(operation))]
            case ops.AddAgent(agent_id=agent, server_id=server, name=name):
                return [
                    self._make_agent(needs_rows=False, id=agent, name=name),
                    self._make_server_agent(needs_rows=False, agent_id=agent, server_id=server),
                ]
            case ops.Join(channel_id=channel, member=member, at_ms=at_ms):
                joined = self._make_member(needs_rows=False, channel_id=channel, member_id=member.id)
                if member.role is not ops.Role.AGENT:
                    return [joined]
                interval = {"agent_id": member.id, "from_at": at_ms, "to_at": None}
                return [joined, self._subscribe(needs_rows=False, channel_id=channel, **interval)]
            case ops.Leave(channel_id=channel, member=member, at_ms=at_ms):
                left = self._leave(needs_rows=False, channel=channel, member=member.id)
                if member.role is not ops.Role.AGENT:
                    return [left]
                return [left, self._unsubscribe(needs_rows=False, channel=channel, agent=member.id, at=at_ms)]
            case ops.Send() | ops.Reply():
                return [self._message(operation, context)]
            case ops.Delete():
                return [self._delete(needs_rows=False, message=context.message_id)]
            case ops.Edit():
                raise TypeError("an edit may be refused: it is no plain write")

    def _message(self, operation: ops.Send | ops.Reply, context: ops.Context) -> Statement:
        return self._add_message(
            needs_rows=False,
            id=context.message_id,
            channel_id=operation.channel_id,
            author_id=ops.author_of(operation),
            text=operation.text,
            source_type=operation.source_type,
            reply_to=context.reply_to_id,
            rev=0,
            metadata=operation.metadata,
            created_at=context.created_at_ms,
            only_for=operation.agent_id if isinstance(operation, ops.Reply) and not context.recipients else None,
        )

    def read(self, operation: ops.Read) -> Reading:
        """Everything comes from the central tables."""
        return self._reads.read(operation)

    def _recalled(self, operation: ops.RecallContext) -> Reading:
        rows = yield self._recall(agent=operation.agent_id, channel=operation.channel_id, limit=operation.limit)
        return [RecallRow(*row) for row in rows]

    def views(self) -> Mapping[str, View]:
        """The agents' views are queries over the intervals of membership."""
        visible = """{s}.from_at <= {m}.created_at AND ({s}.to_at IS NULL OR {m}.created_at < {s}.to_at)
                    AND ({m}.only_for IS NULL OR {m}.only_for = {s}.agent_id)"""
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
                FROM messages m WHERE CASE WHEN only_for IS NOT NULL THEN only_for::text = author_id ELSE NOT EXISTS (
                    SELECT FROM agents a WHERE a.id::text = m.author_id) OR EXISTS (
                    SELECT FROM subscriptions s WHERE s.channel_id = m.channel_id AND s.agent_id::text <> m.author_id
                    AND s.from_at <= m.created_at AND (s.to_at IS NULL OR m.created_at < s.to_at)) END""",
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


def _pages(tables: FloorTables) -> Pages:
    stored = tables.messages.c
    page = select(stored.id, stored.author_id, stored.text, stored.reply_to, stored.created_at)
    return Pages(lambda condition: newest(page.where(condition), stored.created_at), stored.channel_id, stored.created_at)


def _recalled(tables: FloorTables) -> Select[Any]:
    """The newest messages of each interval of an agent, then the newest of those: never a walk over what it cannot see."""
    messages, interval = tables.messages.c, tables.subscriptions.c
    within = select(messages.id, messages.author_id, messages.text, messages.created_at).where(
        messages.channel_id == interval.channel_id,
        messages.created_at >= interval.from_at,
        messages.created_at < func.coalesce(interval.to_at, literal_column("'infinity'::timestamp")),
        or_(messages.only_for.is_(None), messages.only_for == interval.agent_id),
    )
    seen = newest(within, messages.created_at).correlate(tables.subscriptions).lateral()
    of_agent = (
        select(seen.c.id, seen.c.author_id, seen.c.text, seen.c.created_at)
        .join_from(tables.subscriptions, seen, true())
        .where(interval.channel_id == bindparam("channel"), interval.agent_id == bindparam("agent"))
    )
    return newest(of_agent, seen.c.created_at)


def _lists(tables: FloorTables) -> Lists:
    channels, members, servers, agents = tables.channels.c, tables.members.c, tables.servers.c, tables.server_agents.c
    here = select(members.member_id).where(members.channel_id == bindparam("channel"))
    of_agent = select(servers.id, servers.name).join_from(tables.server_agents, tables.servers, agents.server_id == servers.id)
    return Lists(
        channels=Query(Side.CENTRAL, select(channels.id, channels.name).where(channels.server_id == bindparam("server"))),
        participants=Query(Side.CENTRAL, here),
        is_participant=Query(Side.CENTRAL, select(here.where(members.member_id == bindparam("member")).exists())),
        servers=Query(Side.CENTRAL, of_agent.where(agents.agent_id == bindparam("agent"))),
    )
