"""What became of a transaction whose end nobody heard: the old backend is fenced, then the server is asked by transaction id.

Fencing comes first, since a backend that still lives may commit after it was asked about. A transaction that is prepared for a
second phase belongs to no backend, so it stays in progress. After a crash of the server an id that never reached its log may be
given out again: ask only about transactions of a server that has not crashed since.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import psycopg

from bench.history.entry import Attempt, Transaction, Truth

FENCING_S = 10.0
"""How long a fenced backend may take to be gone: it may be waiting for the disk."""

_POLL_S = 0.0005
_OF_THE_FUTURE = "22023"

_ALIVE = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND datname = current_database() AND pid <> pg_backend_pid()"
_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid = %s AND datname = current_database() AND pid <> pg_backend_pid()"
)


class Fate(enum.StrEnum):
    """What the server says of a transaction id."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    IN_PROGRESS = "in progress"
    FORGOTTEN = "forgotten"
    """So old that the server does not know any more."""

    NEVER_GIVEN = "never given"
    """Not an id that this server has given out."""

    @property
    def truth(self) -> Truth:
        """What this says of the transaction."""
        return {Fate.COMMITTED: Truth.COMMITTED, Fate.ABORTED: Truth.ABORTED}.get(self, Truth.UNKNOWN)


class Resolver:
    """Asks over a connection of its own, in autocommit, to the database of the operations.

    Its role must be one that may end the clients' backends, such as theirs: else fencing raises psycopg's `InsufficientPrivilege`.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not connection.autocommit:
            raise ValueError("within a transaction a resolver would see nothing new")
        self._connection = connection
        self._clock = clock
        self._sleep = sleep

    def fence(self, backend_pid: int, within_s: float = FENCING_S) -> bool:
        """End this backend and wait until it is gone; False when it is not in time. One that is gone already is fenced.

        Only a backend of this database is ended. Call it soon after the client is lost, before its number is given out anew.
        """
        end_s = self._clock() + within_s
        self._connection.execute(_END, [backend_pid])
        while self._connection.execute(_ALIVE, [backend_pid]).fetchone() is not None:
            if self._clock() >= end_s:
                return False
            self._sleep(_POLL_S)
        return True

    def fate(self, xid: int) -> Fate:
        """What the server says of a transaction; ask after fencing."""
        try:
            row = self._connection.execute("SELECT pg_xact_status(%s::text::xid8)", [str(xid)]).fetchone()
        except psycopg.Error as error:
            if error.sqlstate == _OF_THE_FUTURE:
                return Fate.NEVER_GIVEN
            raise
        status = row[0] if row is not None else None
        return Fate.FORGOTTEN if status is None else Fate(status)

    def resolved(self, transaction: Transaction, backend_pid: int | None) -> Transaction:
        """The same transaction with its truth, where that was unknown and can be found out; else as it was."""
        if transaction.truth is not Truth.UNKNOWN or transaction.xid is None:
            return transaction
        if backend_pid is not None and not self.fence(backend_pid):
            return transaction
        return replace(transaction, truth=self.fate(transaction.xid).truth)

    def resolved_attempts(self, attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
        """The same attempts with the truth of each of their transactions; what their callers were told stays."""
        return tuple(
            replace(attempt, transactions=tuple(self.resolved(item, attempt.backend_pid) for item in attempt.transactions))
            for attempt in attempts
        )
