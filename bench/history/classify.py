"""What an outcome is called: by the phase in which an error arose, by the command tag, and by the join over parts. Pure.

    phase                        observed                                        told       truth
    connect, open                any error                                       fail       aborted
    alone, commit                an error of severity ERROR                      fail       aborted
    alone, commit                no answer, or severity FATAL or PANIC           info       unknown
    several                      any error                                       info       unknown
    commit                       tag COMMIT                                      ok         committed
    commit                       tag ROLLBACK, and no exception                  ok         aborted

The last line is a false acknowledgement: the server undid the transaction, and the caller's code heard no error. A FATAL or PANIC
proves nothing even with an SQLSTATE: of two servers that panicked at COMMIT, one with 58030 had the row after recovery and one with
53100 had not. Nor do the two SQLSTATEs that say that nobody knows, whatever their severity.

A transaction that is told info is decided by `bench.history.resolve`, which changes truth and never told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.drive.flights import Flight, Verb
from bench.drive.told import Told
from bench.history.entry import Attempt, Phase, Truth

COMMITTED_TAG, ROLLED_BACK_TAG = "COMMIT", "ROLLBACK"
_UNDECIDED = frozenset({"08007", "40003"})
"""Transaction resolution unknown, statement completion unknown."""

_STRONGEST_FIRST = (Truth.COMMITTED, Truth.UNKNOWN, Truth.PARTIAL, Truth.ABORTED)


@dataclass(frozen=True, slots=True)
class Failure:
    """The error that ended a part: as the server sent it; both None when it sent no answer, or none before the deadline."""

    sqlstate: str | None = None
    severity: str | None = None

    @property
    def is_definite(self) -> bool:
        """Whether the server itself said that it went no further, and lived to say so."""
        return self.sqlstate is not None and self.severity == "ERROR" and self.sqlstate not in _UNDECIDED


@dataclass(frozen=True, slots=True)
class Word:
    """What a caller is told of the whole; `partial`: a part happened, or may have, before the rest failed."""

    told: Told
    partial: bool = False


def phase_of(flight: Flight) -> Phase:
    """The phase that an operation is in once this flight was sent and as long as it is not answered."""
    if any(command.verb is Verb.COMMIT for command in flight):
        return Phase.COMMIT
    if not any(command.decides for command in flight):
        return Phase.OPEN
    return Phase.ALONE if len(flight) == 1 else Phase.SEVERAL


def told(phase: Phase, failure: Failure | None) -> Told:
    """The honest word for one transaction that ended in this phase; no failure is ok, whatever tag came with it."""
    if failure is None:
        return Told.OK
    match phase:
        case Phase.CONNECT | Phase.OPEN:
            return Told.FAIL
        case Phase.ALONE | Phase.COMMIT:
            return Told.FAIL if failure.is_definite else Told.INFO
        case Phase.SEVERAL:
            return Told.INFO
        case Phase.ENDED:
            raise ValueError("what was answered to its end has no failure")


def truth(phase: Phase, failure: Failure | None, tag: str | None = None) -> Truth:
    """What became of one transaction, as far as its own answers say; unknown is for the resolver."""
    if tag == ROLLED_BACK_TAG:
        return Truth.ABORTED
    if tag is not None and failure is None:
        return Truth.COMMITTED
    match told(phase, failure):
        case Told.OK:
            return Truth.COMMITTED
        case Told.FAIL:
            return Truth.ABORTED
        case Told.INFO:
            return Truth.UNKNOWN


def told_of_transactions(parts: Sequence[Told]) -> Word:
    """One attempt of several transactions, in order; the last part is the one that failed, if any did.

    A failure after a part that committed, or may have, is info: something of the operation may be there. An attempt without any
    transaction changes nothing, and is ok.
    """
    if not parts or all(part is Told.OK for part in parts):
        return Word(Told.OK)
    happened = any(part is not Told.FAIL for part in parts[:-1])
    if parts[-1] is Told.FAIL and not happened:
        return Word(Told.FAIL)
    return Word(Told.INFO, partial=happened)


def told_of_attempts(attempts: Sequence[Word]) -> Word:
    """All attempts of one operation: ok if any was, else info if any was, else fail.

    The last error alone would say fail of an operation whose first attempt may have happened.
    """
    if not attempts:
        raise ValueError("an operation has at least one attempt")
    words = [attempt.told for attempt in attempts]
    if Told.OK in words:
        return Word(Told.OK)
    if Told.INFO in words:
        return Word(Told.INFO, partial=any(attempt.partial for attempt in attempts))
    return Word(Told.FAIL)


def truth_of_transactions(parts: Sequence[Truth], planned: int) -> Truth:
    """What became of an attempt that undisturbed has `planned` transactions; those that were never begun are not among `parts`."""
    if len(parts) > planned:
        raise ValueError(f"{len(parts)} transactions where {planned} were planned")
    if Truth.UNKNOWN in parts:
        return Truth.UNKNOWN
    return _whole_of(sum(part is Truth.COMMITTED for part in parts), planned)


def truth_of_attempts(attempts: Sequence[Attempt], planned: int) -> Truth:
    """What became of an operation after all its attempts.

    Attempts that wrote under one message id add up, transaction by transaction; those under different ids do not, for each writes
    a message of its own. One that came to its end with every transaction committed is the whole, also where it had other
    transactions than rehearsed: a retry that finds rows has less to do. What is unknown matters only where it could still change
    the answer; where more transactions were seen than planned, nobody can say which of them are the whole.
    """
    by_id: dict[str | None, list[Attempt]] = {}
    for attempt in attempts:
        by_id.setdefault(attempt.message_id, []).append(attempt)
    ends = [_added_up(group, planned) for group in by_id.values()]
    if Truth.COMMITTED in ends:
        return Truth.COMMITTED
    if Truth.UNKNOWN in ends:
        return Truth.UNKNOWN
    return Truth.PARTIAL if Truth.PARTIAL in ends else Truth.ABORTED


def naive(attempts: Sequence[Attempt]) -> Told:
    """How an operation is labelled by its last error alone: ok without one, else fail. What most clients do."""
    last = attempts[-1] if attempts else None
    return Told.OK if last is not None and last.told is Told.OK else Told.FAIL


def _added_up(attempts: Sequence[Attempt], planned: int) -> Truth:
    if any(map(_is_through, attempts)):
        return Truth.COMMITTED
    if any(len(attempt.transactions) > planned for attempt in attempts):
        return Truth.UNKNOWN
    best: dict[int, Truth] = {}
    for transaction in (transaction for attempt in attempts for transaction in attempt.transactions):
        known = (best.get(transaction.place), transaction.truth)
        best[transaction.place] = next(truth for truth in _STRONGEST_FIRST if truth in known)
    end = truth_of_transactions(list(best.values()), planned)
    # Of an attempt whose process died, transactions may have happened that nobody wrote down.
    is_open = any(attempt.told is None and not attempt.identified for attempt in attempts)
    return Truth.UNKNOWN if is_open and end is not Truth.COMMITTED else end


def _is_through(attempt: Attempt) -> bool:
    ends = [transaction.truth for transaction in attempt.transactions]
    return attempt.told is Told.OK and bool(ends) and all(end is Truth.COMMITTED for end in ends)


def _whole_of(committed: int, planned: int) -> Truth:
    if committed == planned:
        return Truth.COMMITTED
    return Truth.PARTIAL if committed else Truth.ABORTED
