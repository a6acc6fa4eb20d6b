"""The generators of a trial: one in this process, or several, each in a process of its own with its own connections and loop.

A child is started anew (`spawn`), makes the same stream from the same seed, and performs its share of every stretch. The clock of
`time.perf_counter_ns` is the machine's, the same in all of them.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, Protocol, cast

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench import registry, workload_registry
from bench.cells import variant_of
from bench.drive.errors import ConnectionLost, ContractError, ServerError
from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement, ServerFailed, UserError
from bench.factors import parse
from bench.load.dispatcher import Lost
from bench.load.generator import Generator, Stretch, stream_of
from bench.load.share import Share
from bench.load.stream import Step
from bench.load.variation import Variation
from bench.write_path import WritePath
from workloads.workload import digest

ANSWER_MAX_S = 3_600.0
"""A child that says nothing for so long is given up."""

TROUBLES = (InvalidMeasurement, UserError, ContractError, ConnectionLost, ServerError, psycopg.Error)
"""What may end one who performs operations, and is told to whoever asked for them."""


class Crew(Protocol):
    """Generators that perform stretches together."""

    def warm(self) -> None: ...

    def run(
        self, steps: Sequence[Step], due_ns: NDArray[np.int64], start_in_s: float, limit_ns: int, clock: Callable[[], int]
    ) -> tuple[int, list[Stretch]]:
        """Perform the next steps of the stream; when the first one was at 0, on the clock, and what each generator did."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a child must know: all of it can be sent to another process. `conninfo` holds the password."""

    variant: str
    conninfo: str
    exchange: Exchange
    workload: workload_registry.Asked
    seed: int
    workload_digest: str
    peer_delivery: bool
    share: Share


@dataclass(frozen=True, slots=True)
class Trouble:
    """What ended a child: an error in a form in which every kind of it can be sent."""

    kind: str
    text: str
    lines: tuple[str, ...] = ()

    def error(self) -> Exception:
        """The error once more."""
        match self.kind:
            case "invalid":
                return InvalidMeasurement(self.text, self.lines)
            case "server":
                return ServerFailed(self.text, *self.lines)
            case "contract":
                return ContractError(self.text)
        return UserError(self.text)


class Alone:
    """One generator in this process and thread."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._lost = Lost()

    def warm(self) -> None:
        self._generator.warm()

    def run(
        self, steps: Sequence[Step], due_ns: NDArray[np.int64], start_in_s: float, limit_ns: int, clock: Callable[[], int]
    ) -> tuple[int, list[Stretch]]:
        self._generator.ready(steps)
        start_ns = clock() + round(start_in_s * 1e9)
        return start_ns, [self._generator.run(due_ns, start_ns, limit_ns, self._lost)]


class Several:
    """Generators in processes of their own."""

    def __init__(self, children: Sequence[Connection]) -> None:
        self._children = children
        self._lost = Lost()

    def warm(self) -> None:
        self._ask([("warm",)] * len(self._children))

    def run(
        self, steps: Sequence[Step], due_ns: NDArray[np.int64], start_in_s: float, limit_ns: int, clock: Callable[[], int]
    ) -> tuple[int, list[Stretch]]:
        self._ask([("take", len(steps))] * len(self._children))
        start_ns = clock() + round(start_in_s * 1e9)
        done = self._ask([("run", due_ns, start_ns, limit_ns, self._lost)] * len(self._children))
        stretches = cast(list[Stretch], done)
        for stretch in stretches:
            self._lost.add(stretch.lost)
        return start_ns, stretches

    def _ask(self, questions: Sequence[tuple[Any, ...]]) -> list[object]:
        """One question to each, at the same time; what one of them raised is raised."""
        for child, question in zip(self._children, questions, strict=True):
            try:
                child.send(question)
            except OSError:
                raise _gone() from None
        answers = [self._answer(child) for child in self._children]
        for answer in answers:
            if isinstance(answer, Trouble):
                raise answer.error()
        return answers

    def _answer(self, child: Connection) -> object:
        try:
            if not child.poll(ANSWER_MAX_S):
                raise _gone()
            return child.recv()
        except (EOFError, OSError):
            raise _gone() from None


def _gone() -> ServerFailed:
    return ServerFailed(
        "a process that generates load ended without a word", "see that there is enough memory, then go on with --resume"
    )


@contextmanager
def several(asked: Asked, processes: int) -> Iterator[Several]:
    """Start the children, and end them at the end, whatever happens."""
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        pipes: list[Connection] = []
        for process in range(processes):
            ours, theirs = context.Pipe()
            share = replace(asked.share, process=process)
            child = context.Process(target=work, args=(theirs, replace(asked, share=share)), daemon=True)
            child.start()
            theirs.close()
            stack.callback(_end, child)
            stack.callback(ours.close)
            pipes.append(ours)
        yield Several(pipes)


def _end(child: Any) -> None:
    child.join(2)
    if child.is_alive():
        child.kill()
        child.join()


def work(pipe: Connection, asked: Asked) -> None:
    """What a child does: it answers until its parent says no more."""
    # The parent is told of an interrupt, too, and ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with (
            registry.watched(also=workload_registry.WATCHED),
            Generator.opened(*_made(asked), asked.share, asked.conninfo) as generator,
        ):
            _answer_all(pipe, generator)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except TROUBLES as error:
        # A parent that is gone asks no more.
        with suppress(OSError):
            pipe.send(trouble(error))


def _made(asked: Asked) -> tuple[Variation, Any]:
    design, levels = parse(asked.variant)
    built = variant_of(design, registry.load([design])[design], levels)
    variation = Variation(asked.variant, WritePath(built, levels, asked.exchange))
    (workload,) = workload_registry.workloads(asked.workload, [asked.seed])
    if digest(workload) != asked.workload_digest:
        raise UserError("the workload is another one in another process: draw everything from its seed")
    return variation, stream_of(workload, variation, asked.share, peer_delivery=asked.peer_delivery)


def _answer_all(pipe: Connection, generator: Generator) -> None:
    while True:
        match pipe.recv():
            case ("warm",):
                generator.warm()
                pipe.send(None)
            case ("take", int(count)):
                generator.ready(generator.stream.take(count))
                pipe.send(None)
            case ("run", due_ns, start_ns, limit_ns, lost):
                pipe.send(generator.run(due_ns, start_ns, limit_ns, lost))


def trouble(error: Exception) -> Trouble:
    """An error in a form in which every kind of it can be sent."""
    match error:
        case InvalidMeasurement():
            return Trouble("invalid", error.reason, error.lines)
        case ServerFailed():
            return Trouble("server", error.what, (error.do,))
        case UserError():
            return Trouble("user", str(error))
        case ContractError():
            return Trouble("contract", str(error))
    return Trouble("server", f"the server failed under load ({str(error).strip().splitlines()[0]})", ("see that it runs",))
