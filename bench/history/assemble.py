"""From the lines of a journal to the operations of a history: what belongs together is put together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bench.drive.drivers import Told
from bench.errors import UserError
from bench.history.classify import truth_of_attempts
from bench.history.entry import Attempt, Entry, FaultEntry, History, Transaction, Truth
from bench.history.event import Answered, Attempted, Broken, Completed, Identified, Invoked, Resolved
from bench.history.journal import Lines
from bench.visible import visible


@dataclass(slots=True)
class _Open:
    """An operation whose lines are still being read; transactions by attempt and place."""

    invoked: Invoked
    attempts: dict[int, Attempt] = field(default_factory=dict)
    transactions: dict[int, dict[int, Transaction]] = field(default_factory=dict)
    completed: Completed | None = None


def assemble(lines: Lines) -> History:
    """The history of these lines. `UserError` when they contradict one another, such as an end of what was never begun.

    An operation without an end is info: nobody was told. Its truth is known where its transactions are.
    """
    operations: dict[str, _Open] = {}
    faults: list[FaultEntry] = []
    for event in lines.events:
        match event:
            case Broken():
                faults.append(FaultEntry(event.at_ns, event.description, event.happened, event.until_ns, event.process))
            case Invoked():
                if event.key in operations:
                    raise _contradiction(event.key, "is invoked twice")
                operations[event.key] = _Open(event)
            case _:
                _add(operations, event)
    entries = sorted(map(_entry, operations.values()), key=lambda entry: entry.invoked_ns)
    _check_processes(entries)
    return History(tuple(entries), tuple(sorted(faults, key=lambda fault: fault.at_ns)), lines.torn)


def together(histories: Sequence[History]) -> History:
    """The histories of one run as one: the processes of each get numbers of their own, so that no two are one.

    Their clocks must be one, such as the monotonic clock of one machine.
    """
    entries: list[Entry] = []
    faults: list[FaultEntry] = []
    first = 0
    for history in histories:
        entries += (replace(entry, process=first + entry.process) for entry in history.entries)
        faults += (fault if fault.process is None else replace(fault, process=first + fault.process) for fault in history.faults)
        used = [*(entry.process for entry in history.entries), *(fault.process or 0 for fault in history.faults)]
        first += max(used, default=-1) + 1
    return History(
        tuple(sorted(entries, key=lambda entry: entry.invoked_ns)),
        tuple(sorted(faults, key=lambda fault: fault.at_ns)),
        b"".join(history.torn for history in histories),
    )


def _add(operations: dict[str, _Open], event: Attempted | Identified | Answered | Completed | Resolved) -> None:
    operation = operations.get(event.key)
    if operation is None:
        raise _contradiction(event.key, f"has a line {event.type!r} and was never invoked")
    match event:
        case Attempted():
            if event.number in operation.attempts:
                raise _contradiction(event.key, f"has attempt {event.number} twice")
            if operation.completed is not None:
                raise _contradiction(event.key, f"has attempt {event.number} after its end")
            operation.attempts[event.number] = Attempt(
                event.number, event.message_id, backend_pid=event.backend_pid, identified=event.identified
            )
        case Completed():
            if operation.completed is not None:
                raise _contradiction(event.key, "ends twice")
            if event.at_ns < operation.invoked.at_ns:
                raise _contradiction(event.key, "ends before it was invoked")
            operation.completed = event
        case Identified():
            known = _of_attempt(operation, event)
            if event.place in known:
                raise _contradiction(event.key, f"has transaction {event.place} of attempt {event.number} twice")
            known[event.place] = Transaction(event.place, Truth.UNKNOWN, event.xid)
        case Resolved():
            known = _of_attempt(operation, event)
            before = known.get(event.place, Transaction(event.place, Truth.UNKNOWN))
            known[event.place] = replace(before, truth=event.truth)
        case Answered():
            known = _of_attempt(operation, event)
            if operation.attempts[event.number].told is not None:
                raise _contradiction(event.key, f"is answered twice in attempt {event.number}")
            known.update({transaction.place: transaction for transaction in event.transactions})
            operation.attempts[event.number] = replace(
                operation.attempts[event.number],
                told=event.told,
                phase=event.phase,
                sqlstate=event.sqlstate,
                severity=event.severity,
            )


def _of_attempt(operation: _Open, event: Identified | Resolved | Answered) -> dict[int, Transaction]:
    """The transactions of the attempt that an event speaks of."""
    if event.number not in operation.attempts:
        raise _contradiction(event.key, f"has a line {event.type!r} of attempt {event.number}, which was never begun")
    return operation.transactions.setdefault(event.number, {})


def _entry(operation: _Open) -> Entry:
    invoked, completed = operation.invoked, operation.completed
    attempts = tuple(
        replace(attempt, transactions=tuple(transaction for _, transaction in sorted(_known(operation, number))))
        for number, attempt in sorted(operation.attempts.items())
    )
    return Entry(
        process=invoked.process,
        f=invoked.f,
        key=invoked.key,
        channel=invoked.channel,
        agent=invoked.agent,
        invoked_ns=invoked.at_ns,
        completed_ns=completed.at_ns if completed else None,
        told=Told(completed.type) if completed else Told.INFO,
        truth=_truth(attempts, invoked.planned),
        partial=completed.partial if completed else False,
        attempts=attempts,
    )


def _known(operation: _Open, number: int) -> Iterable[tuple[int, Transaction]]:
    return operation.transactions.get(number, {}).items()


def _truth(attempts: tuple[Attempt, ...], planned: int | None) -> Truth:
    """Unknown, too, where nobody has rehearsed it."""
    return Truth.UNKNOWN if planned is None else truth_of_attempts(attempts, planned)


def _check_processes(entries: list[Entry]) -> None:
    """A process does one thing after another; one whose operation never ended does nothing any more."""
    last: dict[int, Entry] = {}
    for entry in entries:
        before = last.get(entry.process)
        if before is not None and (before.completed_ns is None or before.completed_ns > entry.invoked_ns):
            raise _contradiction(entry.key, f"is invoked by process {entry.process} while that is still at {visible(before.key)!r}")
        last[entry.process] = entry


def _contradiction(key: str, what: str) -> UserError:
    return UserError(f"history: operation {visible(key)!r} {what}: give the journals of one run, each once")
