"""The lines of a journal: what happened to operations and what was broken, in the order in which it was written down. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bench.drive.told import Told
from bench.history.entry import Phase, Transaction, Truth
from bench.results.record import Record

Instant = Annotated[int, Field(ge=0, lt=2**63)]
"""Nanoseconds of a monotonic clock."""


class Invoked(Record):
    """A process begins an operation; `planned` transactions end it when nothing disturbs it, None when nobody rehearsed it."""

    type: Literal["invoke"] = "invoke"
    at_ns: Instant
    process: int = Field(ge=0, lt=2**31)
    f: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    key: str
    channel: str | None = None
    agent: str | None = None
    planned: int | None = Field(default=None, ge=0)


class Attempted(Record):
    """An attempt of it begins, counted from 1, under a central message id, on the connection of this backend.

    `identified`: an `Identified` is written for each of its transactions.
    """

    type: Literal["attempt"] = "attempt"
    at_ns: Instant
    key: str
    number: int = Field(ge=1)
    message_id: str | None = None
    backend_pid: int | None = None
    identified: bool = False


class Identified(Record):
    """The server gave a transaction of an attempt this id, of 64 bits; written before its COMMIT is sent."""

    type: Literal["transaction"] = "transaction"
    key: str
    number: int = Field(ge=1)
    place: int = Field(ge=1)
    xid: int = Field(ge=1, lt=2**64)


class Answered(Record):
    """An attempt ended while its process lived."""

    type: Literal["answer"] = "answer"
    at_ns: Instant
    key: str
    number: int = Field(ge=1)
    told: Told
    phase: Phase
    sqlstate: str | None = None
    severity: str | None = None
    transactions: tuple[Transaction, ...] = ()


class Completed(Record):
    """The caller of an operation is told how it ended."""

    type: Literal["ok", "fail", "info"]
    at_ns: Instant
    key: str
    partial: bool = False


_TYPES: Mapping[Told, Literal["ok", "fail", "info"]] = {Told.OK: "ok", Told.FAIL: "fail", Told.INFO: "info"}


def completed(told: Told, at_ns: int, key: str, *, partial: bool = False) -> Completed:
    """The line that tells a caller this."""
    return Completed(type=_TYPES[told], at_ns=at_ns, key=key, partial=partial)


class Resolved(Record):
    """The server was asked afterwards what became of a transaction."""

    type: Literal["resolved"] = "resolved"
    key: str
    number: int = Field(ge=1)
    place: int = Field(ge=1)
    truth: Truth


class Broken(Record):
    """A fault, with its evidence: whether it happened; `process` is the one that it met, where it met one."""

    type: Literal["fault"] = "fault"
    at_ns: Instant
    description: str
    happened: bool
    until_ns: Instant | None = None
    process: int | None = Field(default=None, ge=0, lt=2**31)


Event = Annotated[
    Invoked | Attempted | Identified | Answered | Completed | Resolved | Broken,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""How a line is read."""
