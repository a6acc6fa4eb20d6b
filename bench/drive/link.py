"""A connection that exchanges flights: libpq through `psycopg.pq`, non-blocking, with the waiting left to the caller.

One code path serves the blocking and the asynchronous drivers: `exchange` is a generator that yields what the socket must be ready
for. Statements are prepared once a connection; parameters go in the formats of `bench.drive.codec`, results come in binary.
"""

from __future__ import annotations

import enum
import select
import struct
from collections.abc import Generator
from typing import Any

import psycopg
from psycopg import pq

from bench.drive.codec import BINARY_FORMAT, Decoder, Encoder, decoder, encoder
from bench.drive.errors import ConnectionLost, ContractError, ServerError
from bench.drive.flights import COMMIT, Command, Exchange, Flight, Verb
from variants.contract import Query, Rows

TUPLES_OK = int(pq.ExecStatus.TUPLES_OK)
REFUSALS = frozenset({int(pq.ExecStatus.FATAL_ERROR), int(pq.ExecStatus.PIPELINE_ABORTED)})


class Ready(enum.Enum):
    """What the socket must be ready for before the exchange goes on: for reading, or for any of both."""

    READ = "read"
    EITHER = "either"


class Patience(enum.Enum):
    """How a blocking client waits for an answer.

    SLEEPING: it gives its CPU away, as any server's driver does. WATCHING: it looks all the time. A CPU that slept takes some 30 to
    60 microseconds to wake, most of a round trip on loopback, and never the same: what is to be told apart drowns in it. Only for a
    client that has a CPU of its own, or it takes the server's.
    """

    SLEEPING = "sleeping"
    WATCHING = "watching"


Waiting = tuple["Link", Ready]
"""What an exchange waits for: a connection, and what its socket must be ready for."""


class Prepared:
    """A statement that this connection knows by name, with what its parameters and results need."""

    __slots__ = ("decoders", "encoders", "formats", "name")

    def __init__(self, name: bytes, query: Query | None) -> None:
        plan = [encoder(kind) for kind in query.types] if query else []
        self.name = name
        self.encoders: tuple[Encoder, ...] = tuple(encode for encode, _ in plan)
        self.formats: tuple[int, ...] = tuple(code for _, code in plan)
        self.decoders: tuple[Decoder, ...] | None = None

    def encode(self, values: tuple[object, ...]) -> list[bytes | None]:
        """Parameters as bytes; None is NULL."""
        try:
            return [None if value is None else encode(value) for encode, value in zip(self.encoders, values, strict=True)]
        except (TypeError, ValueError, AttributeError, struct.error) as error:
            raise ContractError(f"gives a statement a parameter that cannot be sent ({error}): {values!r:.200}") from error


class Tally:
    """What a connection sent since it was opened: preparing and rolling back are not counted."""

    __slots__ = ("flights", "statements_read", "statements_write", "transactions")

    def __init__(self) -> None:
        self.flights = 0
        self.transactions = 0
        self.statements_read = 0
        self.statements_write = 0

    def sent(self, flight: Flight) -> None:
        """Count a flight: transactions by their COMMIT, or by a statement that is one of its own."""
        self.flights += 1
        for command in flight:
            statement = command.statement
            if statement is None:
                self.transactions += command.verb is COMMIT
                continue
            self.transactions += command.alone
            if statement.constant.writes:
                self.statements_write += 1
            else:
                self.statements_read += 1


class Link:
    """One connection of a client, for plain or shared exchange."""

    def __init__(self, conninfo: str, exchange: Exchange, patience: Patience = Patience.SLEEPING) -> None:
        self._connection = self._connected(conninfo)
        self.pgconn = self._connection.pgconn
        self.socket = self.pgconn.socket
        self._prepared: dict[Query | Verb, Prepared] = {}
        self._pipelined = exchange is Exchange.SHARED
        self._watches = patience is Patience.WATCHING
        self._reading: Waiting = (self, Ready.READ)
        self._either: Waiting = (self, Ready.EITHER)
        self._poll = select.poll()
        self._poll.register(self.socket, select.POLLIN)
        self.tally = Tally()
        self.pgconn.nonblocking = 1
        for verb in (Verb.BEGIN, Verb.COMMIT, Verb.ROLLBACK):
            self._prepare(verb, verb.value, None)
        if self._pipelined:
            self.pgconn.enter_pipeline_mode()

    def _connected(self, conninfo: str) -> psycopg.Connection[Any]:
        # psycopg's own connect waits without holding the interpreter; the raw one would.
        return psycopg.connect(conninfo, autocommit=True)

    @property
    def backend_pid(self) -> int:
        """The process id of the server's backend."""
        return self.pgconn.backend_pid

    @property
    def in_transaction(self) -> bool:
        """Whether the server holds an open transaction of this connection, failed or not."""
        return self.pgconn.transaction_status in (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)

    @property
    def is_amid_exchange(self) -> bool:
        """Whether answers of a flight are still to be read."""
        return self.pgconn.transaction_status == pq.TransactionStatus.ACTIVE

    @property
    def statements(self) -> tuple[Query, ...]:
        """The statements that this connection has prepared, in the order in which it met them."""
        return tuple(key for key in self._prepared if isinstance(key, Query))

    def known(self, command: Command) -> Prepared:
        """What this connection knows a command by; it is made known where it is not."""
        statement = command.statement
        return self._prepared[command.verb] if statement is None else self.prepare(statement.constant)

    def block(self, ready: Ready) -> None:
        """Stop until the socket is ready."""
        if ready is Ready.READ:
            if self._watches:
                while not self._poll.poll(0):
                    pass
            else:
                self._poll.poll()
            return
        self._poll.modify(self.socket, select.POLLIN | select.POLLOUT)
        try:
            self._poll.poll()
        finally:
            self._poll.modify(self.socket, select.POLLIN)

    def close(self) -> None:
        """End the connection; twice is fine."""
        self._connection.close()

    def prepare(self, query: Query) -> Prepared:
        """Make the statement known to this connection, at once; blocks, and counts for no operation."""
        known = self._prepared.get(query)
        if known is not None:
            return known
        if self._pipelined:
            self.pgconn.exit_pipeline_mode()
        try:
            return self._prepare(query, query.sql, query)
        finally:
            if self._pipelined:
                self.pgconn.enter_pipeline_mode()

    def _prepare(self, key: Query | Verb, sql: str, query: Query | None) -> Prepared:
        prepared = Prepared(f"s{len(self._prepared)}".encode(), query)
        self._checked(self.pgconn.prepare(prepared.name, sql.encode()))
        self._prepared[key] = prepared
        return prepared

    def exchange(self, flight: Flight) -> Generator[Waiting, None, list[Rows]]:
        """Send a flight and wait for all its answers: the rows of each command.

        Raises `ServerError` for the first command that failed, after the answers of the flight are all read, and
        `ConnectionLost` when the connection ended.
        """
        # Every round trip runs through this: what it needs is bound once, and nothing is looked up twice.
        pgconn, known = self.pgconn, self._prepared
        pipelined = self._pipelined
        try:
            plan: list[tuple[Command, Prepared, list[bytes | None] | None]] = []
            for command in flight:
                statement = command.statement
                if statement is None:
                    plan.append((command, known[command.verb], None))
                else:
                    prepared = known.get(statement.constant) or self.prepare(statement.constant)
                    plan.append((command, prepared, prepared.encode(statement.parameters)))
            last = flight[-1]
            for command, prepared, values in plan:
                pgconn.send_query_prepared(prepared.name, values, prepared.formats, result_format=BINARY_FORMAT)
                if pipelined and (command.alone or command is last):
                    pgconn.pipeline_sync()
            while pgconn.flush():
                yield self._either
                # What the server answers meanwhile is taken in, or it would stop reading.
                pgconn.consume_input()
            # From here on the server is at work: what can wait until now costs no time.
            self.tally.sent(flight)
            is_busy, get_result, consume_input, reading = pgconn.is_busy, pgconn.get_result, pgconn.consume_input, self._reading
            answers: list[Rows] = []
            failure: ServerError | None = None
            for command, prepared, _ in plan:
                rows: Rows = ()
                refused: ServerError | None = None
                while True:
                    while is_busy():
                        yield reading
                        consume_input()
                    result = get_result()
                    if result is None:
                        break
                    status = result.status
                    if status == TUPLES_OK:
                        rows = self._decode(result, prepared)
                    elif status in REFUSALS:
                        refused = refused or self._refusal(result)
                    elif command.verb is COMMIT and result.command_status != b"COMMIT":
                        refused = refused or ServerError("25P02", "ERROR", "COMMIT was answered by ROLLBACK")
                if refused is not None:
                    failure = failure or refused
                answers.append(rows)
                if pipelined and (command.alone or command is last):
                    # The answer to the sync that ends a segment.
                    while is_busy():
                        yield reading
                        consume_input()
                    get_result()
        except psycopg.OperationalError as error:
            raise ConnectionLost(str(error).strip()) from error
        if failure is not None:
            raise failure
        return answers

    def _decode(self, result: pq.abc.PGresult, prepared: Prepared) -> Rows:
        decoders = prepared.decoders
        if decoders is None:
            decoders = prepared.decoders = tuple(
                decoder(result.ftype(column), (result.fname(column) or b"?").decode()) for column in range(result.nfields)
            )
        count = result.ntuples
        if not count:
            return []
        get_value = result.get_value
        return [
            tuple(
                [
                    None if (value := get_value(row, column)) is None else decode(bytes(value))
                    for column, decode in enumerate(decoders)
                ]
            )
            for row in range(count)
        ]

    def _refusal(self, result: pq.abc.PGresult) -> ServerError:
        """The error of a result; raises `ConnectionLost` when it is the connection's end."""
        error = _error(self.pgconn, result)
        if isinstance(error, ConnectionLost):
            raise error
        return error

    def _checked(self, result: pq.abc.PGresult) -> None:
        if result.status in REFUSALS:
            raise _error(self.pgconn, result)


def _error(pgconn: pq.abc.PGconn, result: pq.abc.PGresult) -> ServerError | ConnectionLost:
    if result.status == pq.ExecStatus.PIPELINE_ABORTED:
        return ServerError("25P02", "ERROR", "an earlier command of the flight failed")

    def field(code: pq.DiagnosticField) -> str:
        return (result.error_field(code) or b"").decode("utf-8", "replace")

    sqlstate = field(pq.DiagnosticField.SQLSTATE)
    if not sqlstate or pgconn.status == pq.ConnStatus.BAD:
        return ConnectionLost((result.error_message or b"the connection ended").decode("utf-8", "replace").strip())
    return ServerError(sqlstate, field(pq.DiagnosticField.SEVERITY_NONLOCALIZED), field(pq.DiagnosticField.MESSAGE_PRIMARY))
