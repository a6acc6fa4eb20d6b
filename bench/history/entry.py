"""One operation of a history: who asked for what, when, what the caller was told, and what became of it. Pure.

The form is that of Jepsen's operations (invoke, then ok, fail or info), with two columns for the end. `told` is what the caller
heard; `truth` is what the server did, from its command tags and from `bench.history.resolve`. Neither is ever mended by the other:
told ok with truth aborted is a false acknowledgement, told fail with truth committed a false failure.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bench.drive.told import Told


class Phase(enum.StrEnum):
    """How far a transaction was when its attempt ended: what decides whether an error proves that nothing happened."""

    CONNECT = "connect"
    """No connection yet, or none to be had."""

    OPEN = "open"
    """Inside a transaction whose COMMIT was not sent, or in a statement of its own that writes nothing."""

    ALONE = "alone"
    """A statement that is a transaction of its own and writes."""

    SEVERAL = "several"
    """Several such statements in one flight: the error of one says nothing of the others."""

    COMMIT = "commit"
    """COMMIT was sent, alone or with the last statements of its transaction."""

    ENDED = "ended"
    """All that was sent was answered."""


class Truth(enum.StrEnum):
    """What became of a transaction, an attempt or an operation on the server."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    PARTIAL = "partial"
    """Some of its transactions committed, and not all."""

    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction of an attempt, by its place (from 1): its id where it was asked for, and what became of it.

    `tag` is the command tag that answered its COMMIT, or its one statement; None when there was no answer.
    """

    place: int
    truth: Truth
    xid: int | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of an operation, counted from 1.

    `message_id` is the central id under which it wrote. `told` is None while it has no end, as when its process died. `sqlstate`
    and `severity` are the server's; both are None when there was no answer. `backend_pid` is that of its connection. `identified`:
    the id of each transaction was written down before its COMMIT was sent, so what is not in `transactions` was not committed.
    """

    number: int
    message_id: str | None = None
    told: Told | None = None
    phase: Phase | None = None
    sqlstate: str | None = None
    severity: str | None = None
    backend_pid: int | None = None
    transactions: tuple[Transaction, ...] = ()
    identified: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether nobody knows its end, and a part of it is known to have happened."""
        return self.told is Told.INFO and any(transaction.truth is Truth.COMMITTED for transaction in self.transactions)


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation: `f` is its kind, such as `send`, `key` its client's id for it, `process` the one that ran it.

    `channel` and `agent` (who acts, None for a user) are None where an operation has none. Times are of one monotonic clock, in
    nanoseconds; `completed_ns` is None when nobody was told, and then `told` is info. `partial` tells an info of which a part
    is known to have happened, or may have, before the rest failed.
    """

    process: int
    f: str
    key: str
    channel: str | None
    agent: str | None
    invoked_ns: int
    completed_ns: int | None
    told: Told
    truth: Truth = Truth.UNKNOWN
    partial: bool = False
    attempts: tuple[Attempt, ...] = ()

    @property
    def message_ids(self) -> tuple[str, ...]:
        """The central ids under which its attempts wrote, each once, in order."""
        return tuple(dict.fromkeys(attempt.message_id for attempt in self.attempts if attempt.message_id is not None))

    @property
    def last(self) -> Attempt | None:
        """Its last attempt: whose phase, SQLSTATE and backend tell how it ended."""
        return self.attempts[-1] if self.attempts else None


@dataclass(frozen=True, slots=True)
class FaultEntry:
    """A fault among the operations: `description` in one line, `happened` by its evidence; a fault that did not is void.

    `process` is the one that it met, None where it met no one alone.
    """

    at_ns: int
    description: str
    happened: bool
    until_ns: int | None = None
    process: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Operations in the order of their invocation, and faults in theirs.

    `torn` are the bytes after the last whole line of the journal: what was being written when its writer died.
    """

    entries: tuple[Entry, ...]
    faults: tuple[FaultEntry, ...] = ()
    torn: bytes = b""
