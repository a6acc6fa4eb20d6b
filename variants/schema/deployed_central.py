"""The central statements of the real server, elizaOS server 1.6.1, compiled once; they select what they select there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Integer, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ColumnElement

from variants.contract import Query, Reading, Rows, Side, Statement
from variants.schema.deployed_tables import DeployedCentral
from workloads.answers import ListedChannelRow, PageRow
from workloads.operations import (
    AddAgent,
    Context,
    CreateChannel,
    CreateServer,
    Edit,
    Join,
    LatestPage,
    ListChannels,
    PageBack,
    Reply,
    Send,
)


class DeployedCentralStore:
    """The statements over the central tables."""

    def __init__(self, tables: DeployedCentral) -> None:
        servers, channels, participants = tables.servers, tables.channels, tables.participants
        messages, agents = tables.messages, tables.agents

        def central(construct: Executable) -> Query:
            return Query(Side.CENTRAL, construct)  # type: ignore[arg-type]  # Core's statements share no public base that mypy sees

        def all_columns(table: Table) -> Query:
            return central(insert(table).values({column.name: bindparam(column.name) for column in table.c}))

        self._message_columns = [column.name for column in messages.c]
        self._channel_columns = [column.name for column in channels.c]
        here = participants.c.channel_id == bindparam("channel")
        there = messages.c.channel_id == bindparam("channel")
        self._channel = central(select(channels).where(channels.c.id == bindparam("channel")).limit(1))
        self._participants = central(select(participants.c.user_id).where(here))
        self._message = central(select(messages).where(messages.c.id == bindparam("message")).limit(1))
        self._add_server, self._add_channel, self._add_message = map(all_columns, (servers, channels, messages))
        self._join = central(
            insert(participants).values(channel_id=bindparam("channel"), user_id=bindparam("member")).on_conflict_do_nothing()
        )
        # The real server writes one row of VALUES for each member; a statement that is compiled once takes them as one document.
        rest = select(
            bindparam("channel", type_=participants.c.channel_id.type),
            func.jsonb_array_elements_text(bindparam("members", type_=JSONB)),
        )
        self._join_all = central(insert(participants).from_select(["channel_id", "user_id"], rest).on_conflict_do_nothing())
        self._leave_all = central(delete(participants).where(here))
        self._touch = central(update(channels).where(channels.c.id == bindparam("channel")).values(updated_at=bindparam("at")))
        self._add_agent = central(
            insert(agents).values(server_id=bindparam("server"), agent_id=bindparam("agent")).on_conflict_do_nothing()
        )
        self._edit = central(
            update(messages)
            .where(messages.c.id == bindparam("message"))
            .values(content=bindparam("text"), metadata=bindparam("metadata"), updated_at=bindparam("at"))
        )
        self._remove = central(delete(messages).where(messages.c.id == bindparam("message")))
        self._latest = central(_page(messages, there))
        self._back = central(_page(messages, there & (messages.c.created_at < bindparam("before"))))
        self._channels = central(select(channels).where(channels.c.server_id == bindparam("server")))
        self.servers = central(select(servers))()
        self._agents_of = central(select(agents.c.agent_id).where(agents.c.server_id == bindparam("server")))

    def channel(self, channel_id: str) -> Statement:
        """The channel's row, if there is one."""
        return self._channel(channel=channel_id)

    def kind(self, found: Rows) -> str:
        """The type of the channel that `channel` found."""
        return str(found[0][self._channel_columns.index("type")])

    def participants(self, channel_id: str) -> Statement:
        """Everybody in a channel, one id a row."""
        return self._participants(channel=channel_id)

    def add_server(self, operation: CreateServer) -> Statement:
        """The server's row."""
        return self._add_server(
            needs_rows=False,
            id=operation.server_id,
            name=operation.name,
            source_type=operation.source_type,
            source_id=operation.source_id,
            metadata=operation.metadata,
            created_at=operation.at_ms,
            updated_at=operation.at_ms,
        )

    def add_channel(self, operation: CreateChannel) -> Statement:
        """The channel's row."""
        return self._add_channel(
            needs_rows=False,
            id=operation.channel_id,
            server_id=operation.server_id,
            name=operation.name,
            type=operation.kind.value,
            source_type=operation.source_type,
            source_id=operation.source_id,
            topic=operation.topic,
            metadata=operation.metadata,
            created_at=operation.at_ms,
            updated_at=operation.at_ms,
        )

    def add_agent(self, operation: AddAgent) -> Statement:
        """The agent's row in the join table of agents and servers."""
        return self._add_agent(needs_rows=False, server=operation.server_id, agent=operation.agent_id)

    def join(self, operation: Join) -> Statement:
        """The member's row."""
        return self._join(needs_rows=False, channel=operation.channel_id, member=operation.member.id)

    def touch(self, channel_id: str, at_ms: int) -> Statement:
        """The channel was changed at this time."""
        return self._touch(needs_rows=False, channel=channel_id, at=at_ms)

    def leave_all(self, channel_id: str) -> Statement:
        """Nobody is in the channel."""
        return self._leave_all(needs_rows=False, channel=channel_id)

    def join_all(self, channel_id: str, members: Sequence[str]) -> Statement:
        """These are in the channel."""
        return self._join_all(needs_rows=False, channel=channel_id, members=list(members))

    def add_message(self, operation: Send | Reply, context: Context) -> Statement:
        """The message with the payload that it came in, which says the text and the client's metadata once more."""
        return self._add_message(
            needs_rows=False,
            id=context.message_id,
            channel_id=operation.channel_id,
            author_id=operation.author_id if isinstance(operation, Send) else operation.agent_id,
            content=operation.text,
            raw_message=payload(operation),
            in_reply_to_root_message_id=context.reply_to_id,
            source_type=operation.source_type,
            source_id=None,
            metadata={"rev": 0, "client": operation.metadata},
            created_at=context.created_at_ms,
            updated_at=context.created_at_ms,
        )

    def message(self, context: Context) -> Statement:
        """The row of the message that the context names, if there is one."""
        return self._message(message=context.message_id)

    def edit(self, operation: Edit, context: Context, found: Rows) -> Statement | None:
        """The new text over the row that `message` found; None when that is gone or has a newer edit."""
        stored = found[0][self._message_columns.index("metadata")] if found else None
        if stored is None or stored["rev"] > operation.rev:
            return None
        metadata = {**stored, "rev": operation.rev}
        return self._edit(
            needs_rows=False, message=context.message_id, text=operation.text, metadata=metadata, at=context.created_at_ms
        )

    def remove(self, context: Context) -> Statement:
        """The message is removed; replies to it lose their link by the foreign key."""
        return self._remove(needs_rows=False, message=context.message_id)

    def page(self, operation: LatestPage | PageBack) -> Reading:
        """One page of a channel, every column of it."""
        if isinstance(operation, LatestPage):
            rows = yield self._latest(channel=operation.channel_id, limit=operation.limit)
        else:
            rows = yield self._back(channel=operation.channel_id, before=operation.before_ms, limit=operation.limit)
        names = ("id", "author_id", "content", "in_reply_to_root_message_id", "created_at")
        places = [self._message_columns.index(name) for name in names]
        return [PageRow(*(row[place] for place in places)) for row in rows]

    def list_channels(self, operation: ListChannels) -> Reading:
        """The channels of a server, every column of them."""
        places = [self._channel_columns.index(name) for name in ("id", "name")]
        rows = yield self._channels(server=operation.server_id)
        return [ListedChannelRow(*(row[place] for place in places)) for row in rows]

    def agents_of(self, server_id: str) -> Statement:
        """The agents of one server, one id a row."""
        return self._agents_of(server=server_id)


def payload(operation: Send | Reply) -> dict[str, object]:
    """What `raw_message` holds of a message: what the client sent."""
    return {"text": operation.text, "metadata": operation.metadata}


def _page(messages: Table, condition: ColumnElement[bool]) -> Executable:
    return select(messages).where(condition).order_by(messages.c.created_at.desc()).limit(bindparam("limit", type_=Integer))
