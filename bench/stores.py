"""Databases that hold a design: made from its tables, copied for each trial, opened for clients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable, sort_tables

from bench.drive.drivers import Links
from bench.drive.flights import Exchange
from bench.drive.link import Link, Patience
from bench.errors import UserError
from bench.server.databases import checkpoint, create_database, drop_database
from bench.server.endpoint import Endpoint
from bench.server.failing import is_servers_failure
from variants.contract import Design, Side

_NOT_TO_BE_HAD = (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile)


@dataclass(frozen=True, slots=True)
class Store:
    """A design and the database that holds its tables, by its name on the server."""

    design: Design
    endpoint: Endpoint
    database: str

    @property
    def conninfo(self) -> str:
        """How to reach the database; holds the password."""
        return self.endpoint.conninfo(self.database)

    @contextmanager
    def links(self, exchange: Exchange, patience: Patience = Patience.SLEEPING) -> Iterator[Links]:
        """One connection for both sides, closed at the end."""
        link = Link(self.conninfo, exchange, patience)
        try:
            yield {Side.CENTRAL: link, Side.AGENT: link}
        finally:
            link.close()


def tables_of(design: Design) -> list[Table]:
    """The tables of both sides, referenced ones first."""
    return sort_tables([table for metadata in design.tables.values() for table in metadata.tables.values()])


def ddl(design: Design) -> list[str]:
    """The statements that create a design's tables and indexes, from the tables alone."""
    # With the default style of parameters a percent sign in a name would be doubled.
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are untyped
    statements: list[str] = []
    for table in tables_of(design):
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes]
    return statements


def install(design: Design, endpoint: Endpoint, database: str, extensions: Sequence[str] = ()) -> Store:
    """A new database with the design's empty tables, and those of the extensions that can be had; also a template for `copy`."""
    create_database(endpoint, database)
    store = Store(design, endpoint, endpoint.database(database))
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        for extension in extensions:
            # What the server lacks, or our role may not have, is found missing by those who would use it.
            with suppress(*_NOT_TO_BE_HAD):
                connection.execute(psycopg.sql.SQL("CREATE EXTENSION {}").format(psycopg.sql.Identifier(extension)))
        try:
            for statement in ddl(design):
                connection.execute(statement.encode())
        except (psycopg.Error, SQLAlchemyError) as error:
            if isinstance(error, psycopg.Error) and is_servers_failure(error):
                raise
            problem = str(error).splitlines()[0]
            raise UserError(f"design {design.name!r}: its tables cannot be created: {problem}; mend its MetaData") from error
    return store


@contextmanager
def copy(template: Store, database: str, *, flushed: bool = True) -> Iterator[Store]:
    """A fresh database for one trial, dropped at the end; flushed by a checkpoint, or else by the caller."""
    create_database(template.endpoint, database, template.database)
    try:
        if flushed:
            checkpoint(template.endpoint)
        yield Store(template.design, template.endpoint, template.endpoint.database(database))
    except BaseException:
        # A server that is gone drops nothing, and must not hide why it is asked to.
        with suppress(psycopg.Error):
            drop_database(template.endpoint, database)
        raise
    drop_database(template.endpoint, database)
