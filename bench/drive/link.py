"""A connection that exchanges flights: libpq through `psycopg.pq`, non-blocking, with the waiting left to the caller.

One code path serves the blocking and the asynchronous drivers: `exchange` is a generator that yields what the socket must be ready
for. Statements are prepared once a connection; parameters go in the formats of `bench.drive.codec`, results come in binary.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Generator

import psycopg
from psycopg import pq

from bench.drive.codec import BINARY_FORMAT, Decoder, Encoder, decoder, encoder
from bench.drive.errors import ConnectionLost, ContractError, ServerError
from bench.drive.flights import Command, Exchange, Flight, Verb
from variants.contract import Query, Rows


class Ready(enum.Enum):
    """What the socket must be ready for before the exchange goes on."""

    READ = "read"
    WRITE = "write"


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
            if command.verb is Verb.COMMIT or command.alone:
                self.transactions += 1
            if command.statement is not None:
                if command.statement.constant.writes:
                    self.statements_write += 1
                else:
                    self.statements_read += 1


class Link:
    """One connection of a client, for plain or shared exchange."""

    def __init__(self, conninfo: str, exchange: Exchange) -> None:
        # psycopg's own connect waits without holding the interpreter; the raw one would.
        self._connection = psycopg.connect(conninfo, autocommit=True)
        self.pgconn = self._connection.pgconn
        self.socket = self.pgconn.socket
        self._prepared: dict[Query | Verb, Prepared] = {}
        self._pipelined = exchange is Exchange.SHARED
        self.tally = Tally()
        self.pgconn.nonblocking = 1
        for verb in (Verb.BEGIN, Verb.COMMIT, Verb.ROLLBACK):
            self._prepare(verb, verb.value, None)
        if self._pipelined:
            self.pgconn.enter_pipeline_mode()

    @property
    def backend_pid(self) -> int:
        """The process id of the server's backend."""
        return self.pgconn.backend_pid

    @property
    def in_transaction(self) -> bool:
        """Whether the server holds an open transaction of this connection, failed or not."""
        return self.pgconn.transaction_status in (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)

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

    def exchange(self, flight: Flight) -> Generator[Ready, None, list[Rows]]:
        """Send a flight and wait for all its answers: the rows of each command.

        Raises `ServerError` for the first command that failed, after the answers of the flight are all read, and
        `ConnectionLost` when the connection ended.
        """
        try:
            commands = [(command, self._known(command)) for command in flight]
            self.tally.sent(flight)
            for command, prepared in commands:
                values = command.statement.parameters if command.statement is not None else ()
                self.pgconn.send_query_prepared(
                    prepared.name, prepared.encode(values), prepared.formats, result_format=BINARY_FORMAT
                )
                if self._ends_segment(command, flight):
                    self.pgconn.pipeline_sync()
            while self.pgconn.flush():
                yield Ready.WRITE
            answers: list[Rows] = []
            failure: ServerError | None = None
            for command, prepared in commands:
                results = yield from self._results(self._ends_segment(command, flight))
                try:
                    answers.append(self._rows(command, prepared, results))
                except ServerError as error:
                    failure = failure or error
            if failure is not None:
                raise failure
            return answers
        except psycopg.OperationalError as error:
            raise ConnectionLost(str(error).strip()) from error

    def _known(self, command: Command) -> Prepared:
        return self.prepare(command.statement.constant) if command.statement else self._prepared[command.verb]

    def _ends_segment(self, command: Command, flight: Flight) -> bool:
        return self._pipelined and (command.alone or command is flight[-1])

    def _results(self, synced: bool) -> Generator[Ready, None, list[pq.abc.PGresult]]:
        """The results of one command; behind the last of a pipeline segment its sync is read too."""
        results: list[pq.abc.PGresult] = []
        while (result := (yield from self._result())) is not None:
            results.append(result)
        if synced:
            yield from self._result()
        return results

    def _result(self) -> Generator[Ready, None, pq.abc.PGresult | None]:
        while self.pgconn.is_busy():
            yield Ready.READ
            self.pgconn.consume_input()
        return self.pgconn.get_result()

    def _rows(self, command: Command, prepared: Prepared, results: list[pq.abc.PGresult]) -> Rows:
        for result in results:
            self._checked(result)
            if command.verb is Verb.COMMIT and result.command_status != b"COMMIT":
                raise ServerError("25P02", "ERROR", "COMMIT was answered by ROLLBACK")
            if result.status == pq.ExecStatus.TUPLES_OK:
                return self._decode(result, prepared)
        return ()

    def _decode(self, result: pq.abc.PGresult, prepared: Prepared) -> Rows:
        if prepared.decoders is None:
            prepared.decoders = tuple(
                decoder(result.ftype(column), (result.fname(column) or b"?").decode()) for column in range(result.nfields)
            )
        decoders = prepared.decoders
        return [
            tuple(
                None if (value := result.get_value(row, column)) is None else decode(bytes(value))
                for column, decode in enumerate(decoders)
            )
            for row in range(result.ntuples)
        ]

    def _checked(self, result: pq.abc.PGresult) -> None:
        if result.status in (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED):
            raise _error(self.pgconn, result)


def _error(pgconn: pq.abc.PGconn, result: pq.abc.PGresult) -> Exception:
    if result.status == pq.ExecStatus.PIPELINE_ABORTED:
        return ServerError("25P02", "ERROR", "an earlier command of the flight failed")

    def field(code: pq.DiagnosticField) -> str:
        return (result.error_field(code) or b"").decode("utf-8", "replace")

    sqlstate = field(pq.DiagnosticField.SQLSTATE)
    if not sqlstate or pgconn.status == pq.ConnStatus.BAD:
        return ConnectionLost((result.error_message or b"the connection ended").decode("utf-8", "replace").strip())
    return ServerError(sqlstate, field(pq.DiagnosticField.SEVERITY_NONLOCALIZED), field(pq.DiagnosticField.MESSAGE_PRIMARY))
