"""Processes that share a list of work: each has connections of its own to the one database. Makes processes, and ends them.

A child is a fork of the caller, so that it has the design at hand, whoever registered it. It touches no connection that it
inherits, and dies with its parent.
"""

from __future__ import annotations

import gc
import multiprocessing
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any, TypeVar, cast

import psycopg

from bench import registry
from bench.drive.errors import ConnectionLost, ContractError, ServerError
from bench.errors import InvalidMeasurement, UserError
from bench.faults.sweeps.ground import Ground
from bench.forking import child_of_this, held_back
from bench.load.crew import Trouble, trouble
from bench.stores import Store

_FAREWELL_S = 0.5
"""How long a child may take to end by itself."""

T = TypeVar("T")
R = TypeVar("R")


def by_workers(
    store: Store, items: Sequence[T], work: Callable[[Ground, T], R], workers: int, alone: Callable[[T], bool]
) -> Iterator[R]:
    """The work done on each item, in the order of the items; by this process itself when `workers` is 1.

    Items for which `alone` is true are all done by one worker. Raises what the work raised, in a form in which every kind of error
    can be sent, and `ServerFailed` when a worker ended without a word.
    """
    if workers < 2 or len(items) < 2:
        with ExitStack() as stack:
            ground = stack.enter_context(Ground.opened(store)) if items else None
            for item in items:
                yield work(cast(Ground, ground), item)
        return
    with ExitStack() as stack:
        pipes = [stack.enter_context(_worker(store, items, work)) for _ in range(min(workers, len(items)))]
        yield from _shared(pipes, [alone(item) for item in items])


def _shared(pipes: Sequence[Connection], alone: Sequence[bool]) -> Iterator[Any]:
    """Hand out the numbers of items, and give what comes back in their order."""
    apart = deque(number for number, is_alone in enumerate(alone) if is_alone)
    common = deque(number for number, is_alone in enumerate(alone) if not is_alone)
    results: dict[int, Any] = {}
    given: dict[Connection, int] = {}

    def hand_out(pipe: Connection) -> None:
        waiting = apart if pipe is pipes[0] and apart else common
        if waiting:
            given[pipe] = waiting.popleft()
            _send(pipe, given[pipe])

    for pipe in pipes:
        hand_out(pipe)
    wanted = 0
    while wanted < len(alone):
        for pipe in cast(list[Connection], wait(list(given))):
            number = given.pop(pipe)
            answer = _received(pipe)
            if isinstance(answer, Trouble):
                raise answer.error()
            results[number] = answer
            hand_out(pipe)
        while wanted in results:
            yield results.pop(wanted)
            wanted += 1


def _send(pipe: Connection, number: int) -> None:
    try:
        pipe.send(number)
    except OSError:
        raise _gone().error() from None


def _received(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except (EOFError, OSError):
        raise _gone().error() from None


def _gone() -> Trouble:
    lines = ("see that there is enough memory, then go on with --resume",)
    return Trouble("server", "a process that injects faults ended without a word", lines)


@contextmanager
def _worker(store: Store, items: Sequence[T], work: Callable[[Ground, T], R]) -> Iterator[Connection]:
    """A child, ended at the end, whatever happens."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_live, args=(theirs, ours, child_of_this(), store, items, work), daemon=True)
    with ExitStack() as stack:
        with held_back(), warnings.catch_warnings():
            # Newer Pythons warn of forks beside threads; the child takes no lock of theirs.
            warnings.simplefilter("ignore", DeprecationWarning)
            child.start()
            stack.callback(_end, child)
            stack.callback(ours.close)
            theirs.close()
        yield ours


def _end(child: ForkProcess) -> None:
    child.join(_FAREWELL_S)
    if child.is_alive():
        child.kill()
        child.join()


def _live(
    pipe: Connection,
    parents: Connection,
    become: Callable[[], None],
    store: Store,
    items: Sequence[T],
    work: Callable[[Ground, T], R],
) -> None:
    """The child's whole life: it works until its parent says no more."""
    become()
    # What is inherited is never finished here: a connection that was collected would say farewell to its server.
    gc.freeze()
    parents.close()
    try:
        with registry.watched(), Ground.opened(store) as ground:
            while True:
                pipe.send(work(ground, items[pipe.recv()]))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except (InvalidMeasurement, UserError, ContractError, ConnectionLost, ServerError, psycopg.Error) as error:
        # A parent that is gone asks no more.
        with suppress(OSError):
            pipe.send(trouble(error))
