"""`root_messages`, the central table of messages, for the designs that keep it whole.

The columns are those of the real server's `central_messages` (`root_messages` in the design note) that an operation can fill:
`raw_message` and `source_id` would hold a platform's payload, which no operation carries. The edit number lives in `metadata`.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from variants.contract import Begin, Commit, Query, Reading, Rejected, Side, Statement, Writing
from variants.schema.columns import MILLISECONDS, not_newer, revised
from workloads.answers import PageRow
from workloads.operations import Context, Delete, Edit, LatestPage, PageBack, Reply, Send


class RootMessages:
    """The table and its statements.

    `channel` is the column that `channel_id` references; its values come from the design's own mapping of channel ids.
    """

    def __init__(self, metadata: MetaData, channel: Column[str]) -> None:
        table = Table(
            "root_messages",
            metadata,
            Column("id", Text, primary_key=True),
            Column("channel_id", channel.type, ForeignKey(channel, ondelete="CASCADE"), nullable=False),
            Column("author_id", Text, nullable=False),
            Column("content", Text, nullable=False),
            Column("in_reply_to_root_message_id", Text, ForeignKey("root_messages.id", ondelete="SET NULL")),
            Column("source_type", Text),
            Column("metadata", JSONB, nullable=False),
            Column("created_at", MILLISECONDS, nullable=False),
            Column("updated_at", MILLISECONDS, nullable=False),
        )
        answered = table.c.in_reply_to_root_message_id
        Index("root_messages_channel_time", table.c.channel_id, table.c.created_at)
        Index("root_messages_answered", answered, postgresql_where=answered.is_not(None))
        self.table = table
        self._add = Query(
            Side.CENTRAL,
            insert(table).values(
                id=bindparam("id"),
                channel_id=bindparam("channel"),
                author_id=bindparam("author"),
                content=bindparam("text"),
                in_reply_to_root_message_id=bindparam("reply_to"),
                source_type=bindparam("source"),
                metadata=bindparam("metadata"),
                created_at=bindparam("at"),
                updated_at=bindparam("at"),
            ),
        )
        self._edit = Query(
            Side.CENTRAL,
            update(table)
            .where(table.c.id == bindparam("message"), not_newer(table.c.metadata))
            .values(
                content=bindparam("text"),
                updated_at=bindparam("at"),
                metadata=revised(table.c.metadata),
            )
            .returning(table.c.id),
        )
        self._remove = Query(Side.CENTRAL, delete(table).where(table.c.id == bindparam("message")))
        self._latest = self._page(table.c.channel_id == bindparam("channel"))
        self._back = self._page((table.c.channel_id == bindparam("channel")) & (table.c.created_at < bindparam("before")))

    def _page(self, condition: ColumnElement[bool]) -> Query:
        columns = self.table.c
        return Query(
            Side.CENTRAL,
            select(columns.id, columns.author_id, columns.content, columns.in_reply_to_root_message_id, columns.created_at)
            .where(condition)
            .order_by(columns.created_at.desc())
            .limit(bindparam("limit", type_=Integer)),
        )

    def add(self, operation: Send | Reply, context: Context, channel: str) -> Statement:
        """The message as the central side stores it."""
        author = operation.author_id if isinstance(operation, Send) else operation.agent_id
        return self._add(
            needs_rows=False,
            id=context.message_id,
            channel=channel,
            author=author,
            text=operation.text,
            reply_to=context.reply_to_id,
            source=operation.source_type,
            metadata={"rev": 0, "client": operation.metadata},
            at=context.created_at_ms,
        )

    def edit(self, operation: Edit, context: Context) -> Statement:
        """The new text; no row comes back when the message is gone or a newer edit is stored."""
        return self._edit(message=context.message_id, text=operation.text, rev=operation.rev, at=context.created_at_ms)

    def remove(self, operation: Delete, context: Context) -> Statement:
        """The message is removed; replies to it lose their link by the foreign key."""
        return self._remove(needs_rows=False, message=context.message_id)

    def page(self, operation: LatestPage | PageBack, channel: str) -> Reading:
        """One page of a channel."""
        if isinstance(operation, LatestPage):
            rows = yield self._latest(channel=channel, limit=operation.limit)
        else:
            rows = yield self._back(channel=channel, before=operation.before_ms, limit=operation.limit)
        return [PageRow(*row) for row in rows]


def central_write(*statements: Statement) -> Writing:
    """One central transaction of statements whose rows nobody needs."""
    yield Begin(Side.CENTRAL)
    yield from statements
    yield Commit(Side.CENTRAL)
    return None


def central_edit(messages: RootMessages, operation: Edit, context: Context) -> Writing:
    """The central edit, refused before anything is stored when there is nothing to edit."""
    yield Begin(Side.CENTRAL)
    if not (yield messages.edit(operation, context)):
        return Rejected("the message is gone or has a newer edit")
    yield Commit(Side.CENTRAL)
    return None


def message_view(channel: str = "m.channel_id", joins: str = "") -> str:
    """The view `c_message`; `channel` and `joins` say how the channel's central id is reached."""
    return f"""
        SELECT m.id AS message, {channel} AS channel, m.author_id AS author, m.content AS text,
               m.metadata -> 'client' AS metadata, m.source_type, m.in_reply_to_root_message_id AS in_reply_to,
               (m.metadata ->> 'rev')::integer AS rev, m.created_at,
               rank() OVER (PARTITION BY {channel} ORDER BY m.created_at) AS seq, m.xmin::text AS xid
        FROM root_messages m {joins}"""
