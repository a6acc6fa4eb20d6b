"""The outbox's own table, beside a design's tables and untouched by the design, and the statements over it."""

from __future__ import annotations

from sqlalchemy import TIMESTAMP, BigInteger, Column, Identity, Index, MetaData, Table, Text, bindparam, func, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.schema import CreateIndex, CreateTable

from variants.contract import Query, Side

NAME = "storebench_outbox"


class OutboxTable:
    """The table in the central side's database, with its statements compiled once."""

    def __init__(self) -> None:
        table = Table(
            NAME,
            MetaData(),
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("channel", Text, nullable=False),
            Column("payload", JSONB, nullable=False),
            Column("applied_at", TIMESTAMP(timezone=True)),
        )
        waiting = table.c.applied_at.is_(None)
        Index(f"{NAME}_waiting", table.c.channel, table.c.id, postgresql_where=waiting)
        self._table = table
        self.add = Query(Side.CENTRAL, insert(table).values(channel=bindparam("channel"), payload=bindparam("payload")).inline())
        earlier = table.alias("earlier")
        overtakes = (
            select(earlier.c.id)
            .where(earlier.c.channel == table.c.channel, earlier.c.applied_at.is_(None), earlier.c.id < table.c.id)
            .correlate(table)
            .exists()
        )
        # A row that another relay holds is skipped, and so is what waits behind it in its channel.
        self.claim = Query(
            Side.CENTRAL,
            select(table.c.id, table.c.payload)
            .where(waiting, ~overtakes)
            .order_by(table.c.id)
            .limit(1)
            .with_for_update(skip_locked=True),
        )
        self.mark = Query(
            Side.CENTRAL,
            update(table).where(table.c.id == bindparam("row", type_=BigInteger)).values(applied_at=func.clock_timestamp()),
        )

    def ddl(self) -> list[str]:
        """The statements that make the table where it is not there yet."""
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are untyped
        made = CreateTable(self._table, if_not_exists=True)
        indexes = [CreateIndex(index, if_not_exists=True) for index in self._table.indexes]
        return [str(made.compile(dialect=dialect)), *(str(index.compile(dialect=dialect)) for index in indexes)]
