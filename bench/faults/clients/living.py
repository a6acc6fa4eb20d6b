"""A client's life: one operation after another on one connection, each written down before it begins and when it has ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.drive.drivers import Told, run
from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement
from bench.factors import Levels
from bench.faults.clients.forked import Say
from bench.faults.clients.pulse import Pulse
from bench.history.entry import Phase
from bench.history.event import Answered, Attempted, Identified, Invoked, completed
from bench.history.journal import Journal
from bench.history.recording import Recorder
from bench.scenes import Scene
from bench.stores import Store
from bench.write_path import WritePath
from variants.contract import Side
from workloads.model import Model
from workloads.operations import Context, Edit, Reply, Send, Write, author_of, kind_of

READY, BACKEND = "ready", "backend "
"""What a client says: that its first operation is done, and its backend's process id before that."""

REPEATABLE = ("send", "reply", "edit")
"""Kinds of which a client can do one after another in one scene, each of them changing something."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation that is to be done, with its context."""

    operation: Send | Reply | Edit
    context: Context


@dataclass(frozen=True, slots=True)
class Life:
    """What a client does and where it writes it down; `identified`: with the id of each transaction, at one more round trip."""

    store: Store
    levels: Levels
    plan: Sequence[Planned]
    journal: Path
    process: int
    planned: int | None = None
    identified: bool = False


def planned(made: Scene, model: Model, count: int) -> Iterator[Planned]:
    """So many operations like the scene's own, one after another; the model lives through them."""
    (target,) = made.target
    if not isinstance(target, (Send, Reply, Edit)):
        raise InvalidMeasurement(f"a client cannot do one {kind_of(target)} after another; it can {', '.join(REPEATABLE)}")
    for number in range(count):
        operation = replace(target, key=f"{target.key}/{number}", at_ms=target.at_ms + number)
        if isinstance(operation, Edit):
            operation = replace(operation, rev=operation.rev + number)
        context = model.context(operation)
        model.apply(operation, context)
        yield Planned(operation, context)


def living(life: Life, pulse: Pulse, clock_ns: Callable[[], int] = time.monotonic_ns) -> Callable[[Say], None]:
    """What such a client does from its birth on; it ends early at the first operation that does not end ok, and says why."""

    def live(say: Say) -> None:
        path = WritePath(life.store.design, life.levels, Exchange.PLAIN)
        with life.store.links(Exchange.PLAIN) as links, Journal.opened(life.journal, durable=False) as journal:
            backend_pid = links[Side.CENTRAL].backend_pid
            say(f"{BACKEND}{backend_pid}")
            key = ""

            def identified(place: int, xid: int) -> None:
                journal.append(Identified(key=key, number=1, place=place, xid=xid))

            recorder = Recorder(links, identified if life.identified else None, pulse.beats)
            for number, item in enumerate(life.plan):
                operation, context = item.operation, item.context
                key = operation.key
                recorder.begin()
                pulse.beats(Phase.OPEN, 0)
                journal.append(_invoked(life, operation, clock_ns()), _attempted(life, operation, context, backend_pid, clock_ns()))
                completion = run(recorder.links, path.flights(operation, context))
                attempt = recorder.attempt(1, context.message_id, completion)
                pulse.beats(Phase.ENDED, len(attempt.transactions))
                journal.append(
                    Answered(
                        at_ns=clock_ns(),
                        key=operation.key,
                        number=1,
                        told=completion.told,
                        phase=attempt.phase or Phase.ENDED,
                        sqlstate=attempt.sqlstate,
                        severity=attempt.severity,
                        transactions=attempt.transactions,
                    ),
                    completed(completion.told, clock_ns(), operation.key, partial=attempt.is_partial),
                )
                if completion.told is not Told.OK:
                    say(f"an operation ended {completion.told}: {completion.reason}")
                    return
                if number == 0:
                    say(READY)
        say("it came to the end of its operations")

    return live


def _invoked(life: Life, operation: Write, at_ns: int) -> Invoked:
    agent = author_of(operation) if isinstance(operation, Reply) else None
    channel = operation.channel_id if isinstance(operation, (Send, Reply, Edit)) else None
    return Invoked(
        at_ns=at_ns,
        process=life.process,
        f=kind_of(operation),
        key=operation.key,
        channel=channel,
        agent=agent,
        planned=life.planned,
    )


def _attempted(life: Life, operation: Write, context: Context, backend_pid: int, at_ns: int) -> Attempted:
    return Attempted(
        at_ns=at_ns,
        key=operation.key,
        number=1,
        message_id=context.message_id,
        backend_pid=backend_pid,
        identified=life.identified,
    )
