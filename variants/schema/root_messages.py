"""`root_messages`, the central table of messages, for the designs that keep it whole.

The columns are those of the real server's `central_messages` (`root_messages` in the design note) that an operation can fill:
`raw_message` and `source_id` would hold a platform's payload, which no operation carries. The edit number lives in `metadata`.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, Text, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB

from variants.contract import UNOBSERVED, Indexes, Query, Side, Statement
from variants.schema.columns import MILLISECONDS, not_newer, revised
from variants.schema.inserts import one_row
from variants.schema.reads import Pages, as_given, newest
from workloads import operations as ops


class RootMessages:
    """The table and its statements.

    `channel` is the column that `channel_id` references, `key` maps a channel's id to its values.
    """

    def __init__(self, metadata: MetaData, channel: Column[str], level: Indexes, key: Callable[[str], str] = as_given) -> None:
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
            Column(
                "updated_at",
                MILLISECONDS,
                nullable=False,
                info={UNOBSERVED: "the time of the last edit is no fact of the domain: its number is"},
            ),
        )
        index_messages(table, level)
        stored = table.c
        columns = (stored.id, stored.author_id, stored.content, stored.in_reply_to_root_message_id, stored.created_at)
        self.pages = Pages(
            lambda condition: newest(select(*columns).where(condition), stored.created_at),
            stored.channel_id,
            stored.created_at,
            key,
        )
        self._key = key
        self._add = Query(Side.CENTRAL, one_row(table, updated_at=bindparam("created_at")))
        self._edit = Query(
            Side.CENTRAL,
            update(table)
            .where(stored.id == bindparam("message"), not_newer(stored.metadata))
            .values(content=bindparam("text"), updated_at=bindparam("at"), metadata=revised(stored.metadata))
            .returning(stored.id),
        )
        self._remove = Query(Side.CENTRAL, delete(table).where(stored.id == bindparam("message")))

    def add(self, operation: ops.Send | ops.Reply, context: ops.Context) -> Statement:
        """The message as the central side stores it."""
        return self._add(
            needs_rows=False,
            id=context.message_id,
            channel_id=self._key(operation.channel_id),
            author_id=ops.author_of(operation),
            content=operation.text,
            in_reply_to_root_message_id=context.reply_to_id,
            source_type=operation.source_type,
            metadata={"rev": 0, "client": operation.metadata},
            created_at=context.created_at_ms,
        )

    def edit(self, operation: ops.Edit, context: ops.Context) -> Statement:
        """The new text; no row comes back when the message is gone or a newer edit is stored."""
        return self._edit(message=context.message_id, text=operation.text, rev=operation.rev, at=context.created_at_ms)

    def remove(self, context: ops.Context) -> Statement:
        """The message is removed; replies to it lose their link by the foreign key."""
        return self._remove(needs_rows=False, message=context.message_id)


def index_messages(table: Table, level: Indexes) -> None:
    """The indexes of `root_messages`; elizaOS server 1.6.1 declares none."""
    if level is not Indexes.ADVISED:
        return
    # Pages of a channel, and the replies that lose their link when a message is removed.
    answered = table.c.in_reply_to_root_message_id
    Index("root_messages_channel_time", table.c.channel_id, table.c.created_at)
    Index("root_messages_answered", answered, postgresql_where=answered.is_not(None))


def message_view(channel: str = "m.channel_id", joins: str = "") -> str:
    """The view `c_message`; `channel` and `joins` say how the channel's central id is reached."""
    return f"""
        SELECT m.id AS message, {channel} AS channel, m.author_id AS author, m.content AS text,
               m.metadata -> 'client' AS metadata, m.source_type, m.in_reply_to_root_message_id AS in_reply_to,
               (m.metadata ->> 'rev')::integer AS rev, m.created_at,
               rank() OVER (PARTITION BY {channel} ORDER BY m.created_at) AS seq, m.xmin::text AS xid
        FROM root_messages m {joins}"""
