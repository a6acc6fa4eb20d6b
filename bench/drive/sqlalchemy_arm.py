"""The control arm: SQLAlchemy executes a design's constructs, as an application would, instead of our driver.

It shows what the driver saves, and that designs are not tied to it. Errors are raised as SQLAlchemy has them: it is for workloads
that succeed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

import psycopg
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.types import TIMESTAMP

from bench.drive.drivers import Completion, Told
from bench.drive.flights import Command, Flights
from variants.contract import Query, Rejected, Rows

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # a column without time zone, in UTC


class SqlAlchemyConnection:
    """One connection of SQLAlchemy's, which prepares a statement at its first execution as ours does."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._times: dict[Query, frozenset[str]] = {}

    @classmethod
    @contextmanager
    def opened(cls, conninfo: str) -> Iterator[Self]:
        """Connected, closed at the end. BEGIN and COMMIT are sent as the design states them."""

        def connect() -> psycopg.Connection[Any]:
            return psycopg.connect(conninfo, prepare_threshold=0)

        engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield cls(connection)
        engine.dispose()

    def execute(self, command: Command) -> Rows:
        """One command, and its rows in the harness's terms."""
        statement = command.statement
        if statement is None:
            self._connection.exec_driver_sql(command.verb.value)
            return ()
        query = statement.constant
        result = self._connection.execute(query.construct, self._parameters(query, query.named(statement.parameters)))  # type: ignore[call-overload]  # constructs of designs are executable
        if not result.returns_rows:
            return ()
        return [tuple(map(_told, row)) for row in result]

    def _parameters(self, query: Query, given: dict[str, object]) -> dict[str, object]:
        times = self._times.get(query)
        if times is None:
            times = frozenset(name for name, kind in query.named(query.types).items() if isinstance(kind, TIMESTAMP))
            self._times[query] = times
        for name in times:
            at_ms = given[name]
            if isinstance(at_ms, int):
                given[name] = _NAIVE_EPOCH + timedelta(milliseconds=at_ms)
        return given


def perform(connection: SqlAlchemyConnection, flights: Flights) -> Completion:
    """Run an operation to its end. Raises SQLAlchemy's errors."""
    rows: Sequence[Rows] | None = None
    while True:
        try:
            flight = next(flights) if rows is None else flights.send(rows)
        except StopIteration as stop:
            if isinstance(stop.value, Rejected):
                return Completion(Told.FAIL, reason=stop.value.reason)
            return Completion(Told.OK, value=stop.value)
        rows = [connection.execute(command) for command in flight]


def _told(value: Any) -> Any:
    convert: Callable[[Any], Any] | None = _CONVERSIONS.get(type(value))
    return value if convert is None else convert(value)


_CONVERSIONS: dict[type, Callable[[Any], Any]] = {
    UUID: str,
    datetime: lambda value: (value.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1),
}
