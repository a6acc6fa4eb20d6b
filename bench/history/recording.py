"""Attempts that write down what they do: connections that note each transaction's phase, id and end as it happens.

The connections that are given here are those of any driver, with a layer around them, so the operation runs as it always does.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from typing import cast

from sqlalchemy import Text, func, select

from bench.drive.drivers import Completion, Links
from bench.drive.errors import ConnectionLost, ServerError
from bench.drive.flights import Command, Flight, Verb
from bench.drive.link import Link, Waiting
from bench.history.classify import COMMITTED_TAG, ROLLED_BACK_TAG, Failure, phase_of, truth
from bench.history.entry import Attempt, Phase, Transaction, Truth
from variants.contract import Query, Rows, Side

ROLLED_BACK = "COMMIT was answered by ROLLBACK"
"""How a link tells of a COMMIT whose command tag is ROLLBACK."""

OnXid = Callable[[int, int], None]
"""Told the place of a transaction and its id before anything else of it is sent."""

OnPhase = Callable[[Phase, int], None]
"""Told the phase that an attempt comes to, and how many of its transactions have ended by then."""


class Recorder:
    """The connections of one process, with notes of the attempt that is under way.

    With `on_xid` each transaction is asked for its id, at one more round trip: the operation is then slower and has more messages.
    """

    def __init__(self, links: Links, on_xid: OnXid | None = None, on_phase: OnPhase | None = None) -> None:
        layers = {link: _Recorded(link, self) for link in links.values()}
        # A driver asks a link for no more than the layer has.
        self.links: Links = cast(Links, {side: layers[link] for side, link in links.items()})
        # A connection that is lost does not know any more whose it was.
        self._backend_pid = links[Side.CENTRAL].backend_pid
        self.on_xid = on_xid
        self.on_phase = on_phase
        self.question = _xid_question() if on_xid is not None else None
        self.begin()

    def begin(self) -> None:
        """A new attempt: forget the one before."""
        self._phase = Phase.OPEN
        self._failure: tuple[Phase, Failure] | None = None
        self._transactions: list[Transaction] = []
        self._xid: int | None = None
        self._is_open = False

    def attempt(self, number: int, message_id: str | None, completion: Completion) -> Attempt:
        """What was noted of the attempt that ended in this completion."""
        phase, failure = self._failure or (Phase.ENDED, None)
        return Attempt(
            number=number,
            message_id=message_id,
            told=completion.told,
            phase=phase,
            sqlstate=failure.sqlstate if failure else None,
            severity=failure.severity if failure else None,
            backend_pid=self._backend_pid,
            transactions=tuple(self._transactions),
            identified=self.on_xid is not None,
        )

    def sending(self, flight: Flight) -> None:
        """A flight goes out."""
        self._comes_to(phase_of(flight))
        self._is_open = self._is_open or any(command.verb is Verb.BEGIN for command in flight)

    def identified(self, xid: int) -> None:
        """The open transaction has this id."""
        self._xid = xid
        if self.on_xid is not None:
            self.on_xid(len(self._transactions) + 1, xid)

    def answered(self, flight: Flight) -> None:
        """All answers of a flight came, none of them an error."""
        for command in flight:
            if command.verb is Verb.COMMIT:
                self._ends(Truth.COMMITTED, COMMITTED_TAG)
            elif command.verb is Verb.ROLLBACK and self._is_open:
                self._ends(Truth.ABORTED, ROLLED_BACK_TAG)
            elif command.decides:
                self._ends(Truth.COMMITTED, None)
        self._comes_to(Phase.OPEN)

    def failed(self, flight: Flight, error: ServerError | ConnectionLost) -> None:
        """A flight ended in an error."""
        failure, tag = Failure(), None
        if isinstance(error, ServerError):
            failure = Failure(error.sqlstate, error.severity)
            tag = ROLLED_BACK_TAG if error.message == ROLLED_BACK else None
        if self._failure is None:
            # A driver rolls back behind an error, which may fail too: the first error is what ended the attempt.
            self._failure = self._phase, failure
        end = truth(self._phase, failure, tag)
        if self._is_open:
            self._ends(end, tag)
            return
        for command in flight:
            if command.decides:
                self._ends(end, None)

    def _comes_to(self, phase: Phase) -> None:
        self._phase = phase
        if self.on_phase is not None:
            self.on_phase(phase, len(self._transactions))

    def _ends(self, end: Truth, tag: str | None) -> None:
        self._transactions.append(Transaction(len(self._transactions) + 1, end, self._xid, tag))
        self._xid, self._is_open = None, False


class _Recorded:
    """One connection, with the interface that drivers use."""

    def __init__(self, link: Link, recorder: Recorder) -> None:
        self._link = link
        self._recorder = recorder

    @property
    def in_transaction(self) -> bool:
        return self._link.in_transaction

    @property
    def is_amid_exchange(self) -> bool:
        return self._link.is_amid_exchange

    @property
    def backend_pid(self) -> int:
        return self._link.backend_pid

    def close(self) -> None:
        self._link.close()

    def exchange(self, flight: Flight) -> Generator[Waiting, None, list[Rows]]:
        """As the link itself does, and noted."""
        recorder, link = self._recorder, self._link
        recorder.sending(flight)
        try:
            rows = yield from link.exchange(flight)
        except (ServerError, ConnectionLost) as error:
            recorder.failed(flight, error)
            raise
        recorder.answered(flight)
        if recorder.question is not None and flight[0].verb is Verb.BEGIN and link.in_transaction:
            yield from self._ask(recorder.question)
        return rows

    def _ask(self, question: Query) -> Generator[Waiting, None, None]:
        flight = (Command(Verb.EXECUTE, question.side, question()),)
        self._recorder.sending(flight)
        try:
            ((row,),) = yield from self._link.exchange(flight)
        except (ServerError, ConnectionLost) as error:
            self._recorder.failed(flight, error)
            raise
        self._recorder.answered(flight)
        self._recorder.identified(int(row[0]))


@cache
def _xid_question() -> Query:
    """As text: the number has 64 bits and no sign. The same one each time, so that a connection which has met it knows it."""
    return Query(Side.CENTRAL, select(func.pg_current_xact_id().cast(Text)))
