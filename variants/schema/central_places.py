"""`message_servers` and `channels`, the central tables of today's storage and of Option B.

`minimal` cuts them to ids and names (Option B); their ids are then text on both sides, so that keys from the agent tables have
equal types. The index is of the level advised, the real server's source has none here (elizaOS server 1.6.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB

from variants.contract import UNOBSERVED, Indexes, Query, Side, Statement, View
from variants.schema.columns import MILLISECONDS, UUID_TEXT
from variants.schema.inserts import attributes, one_row
from workloads import operations as ops

SERVER_TYPE = "the note lists it, no operation carries it; always NULL"


class ServersAndChannels:
    """The two tables, their inserts, and the list of a server's channels."""

    def __init__(self, metadata: MetaData, level: Indexes, *, minimal: bool) -> None:
        server_id = Text() if minimal else UUID_TEXT
        self._minimal = minimal
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
        if level is Indexes.ADVISED:
            # The channels of a server.
            Index("channels_server", self.channels.c.server_id)
        self._add_server = Query(Side.CENTRAL, one_row(self.servers))
        self._add_channel = Query(Side.CENTRAL, one_row(self.channels))
        channels = self.channels.c
        of_server = select(channels.id, channels.name).where(channels.server_id == bindparam("server"))
        self.of_server = Query(Side.CENTRAL, of_server)

    def add_server(self, operation: ops.CreateServer) -> Statement:
        """The server's row."""
        own = {"name": operation.name} if self._minimal else {"server_type": None, **attributes(operation)}
        return self._add_server(needs_rows=False, id=operation.server_id, **own)

    def add_channel(self, operation: ops.CreateChannel) -> Statement:
        """The channel's row."""
        own: dict[str, object] = {"name": operation.name}
        if not self._minimal:
            own = {"type": operation.kind.value, "topic": operation.topic, **attributes(operation)}
        return self._add_channel(needs_rows=False, id=operation.channel_id, server_id=operation.server_id, **own)


SERVERS_AND_CHANNELS_VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "c_server": """
            SELECT id::text AS server, name, source_type, source_id, metadata, created_at FROM message_servers""",
        "c_channel": """
            SELECT id AS channel, server_id::text AS server, name, type AS kind, source_type, source_id, topic, metadata,
                   created_at
            FROM channels""",
    }
)
"""The views `c_server` and `c_channel` where the tables are not minimal."""


def _attributes(*own: Column[str]) -> list[Column[object]]:
    return [
        *own,
        Column("source_type", Text, nullable=False),
        Column("source_id", Text),
        Column("metadata", JSONB),
        Column("created_at", MILLISECONDS, nullable=False),
    ]
