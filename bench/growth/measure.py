"""Latency against a size, paired: in each turn every design performs every kind of operation once at every size."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bench import perform
from bench.drive.drivers import Completion, Links, run
from bench.drive.flights import Exchange, reading_flights
from bench.drive.link import Patience
from bench.factors import DEFAULT
from bench.growth.sizes import AGENTS, written
from bench.growth.stores import Ground
from bench.growth.world import READS, SEND, START_MS, STEP_MS, Room, read_of
from bench.latency.order import rounds
from bench.latency.quiet import no_collection
from bench.latency.samples import Recorder
from bench.progress import Advance
from bench.proof.masks import Kind, masked_answer, shortfalls_of
from bench.stores import Store
from bench.streams import Stream, generator
from bench.write_path import WritePath
from workloads.operations import Operation, Write

WARMUP_TURNS = 6
"""First turns of a session, recorded and not compared: a server plans the first five calls of a prepared statement anew each."""

BLOCKS = 4
"""Blocks of a session; they give the lines where there is one session."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sessions, each with connections of its own, and how many turns of each after those that warm up.

    `session_s` is a safety limit, in seconds, that ends a session before its turns are over.
    """

    sessions: int
    turns: int
    session_s: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The raw rows of each session; `stopped_early` says which of them the safety limit ended."""

    sessions: tuple[pa.Table, ...]
    stopped_early: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """One size with its rooms, and the ground that they lie on."""

    size: int
    rooms: Sequence[Room]
    ground: Ground


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked at one size in one turn; of a write, what a design is told."""

    level: _Level
    operation: Operation


class _Player:
    """A design at the stores of one ground."""

    def __init__(self, name: str, store: Store, links: Links) -> None:
        self.name = name
        self.shortfalls: frozenset[Kind] = shortfalls_of(store.design)
        self._path = WritePath(store.design, DEFAULT, Exchange.PLAIN)
        self._links = links

    def perform(self, asked: _Asked) -> tuple[int, Completion]:
        operation = asked.operation
        if isinstance(operation, Write):
            context = asked.level.ground.model.context(operation)
            start_ns = time.perf_counter_ns()
            completion = run(self._links, self._path.flights(operation, context))
        else:
            start_ns = time.perf_counter_ns()
            completion = run(self._links, reading_flights(self._path.design.read(operation)))
        return time.perf_counter_ns() - start_ns, completion


def measure(
    axis: str, grounds: Sequence[Ground], limits: Limits, seed: int, advance: Advance, patience: Patience = Patience.SLEEPING
) -> Measured:
    """The rows of all sessions; the stores hold what was sent when it ends.

    Raises `InvalidMeasurement` when an operation does not end, or is not answered, as the reference model says.
    """
    tables, stopped = [], []
    levels = [_Level(size, rooms, ground) for ground in grounds for size, rooms in ground.world.rooms.items()]
    kinds = (SEND,) if axis == AGENTS else (SEND, *READS)
    for session in range(limits.sessions):
        rng = generator(seed, Stream.GROWTH, session, len(levels))
        with _players(grounds, patience) as players:
            recorder = Recorder(list(grounds[0].stores))
            done = _session(players, levels, kinds, limits, rng, recorder)
        tables.append(recorder.table(session))
        advance(session + 1, limits.sessions)
        if done < limits.turns:
            stopped.append(f"the limit of {limits.session_s:g} s ended session {session} after {done} of {limits.turns} turns")
    return Measured(tuple(tables), tuple(stopped))


@contextmanager
def _players(grounds: Sequence[Ground], patience: Patience) -> Iterator[Mapping[int, Sequence[_Player]]]:
    """The designs of each ground, by the ground's identity, with fresh connections."""
    with ExitStack() as stack:
        yield {
            id(ground): [
                _Player(name, store, stack.enter_context(store.links(Exchange.PLAIN, patience)))
                for name, store in ground.stores.items()
            ]
            for ground in grounds
        }


def _session(
    players: Mapping[int, Sequence[_Player]],
    levels: Sequence[_Level],
    kinds: Sequence[str],
    limits: Limits,
    rng: np.random.Generator,
    recorder: Recorder,
) -> int:
    """Perform the turns of one session; how many were done after those that warm up."""
    cells = [(level, place) for level in range(len(levels)) for place in range(len(recorder.variants))]
    orders = rounds(len(cells), rng)
    in_block = -(-limits.turns // BLOCKS)
    start_ns, count = time.perf_counter_ns(), 0
    with no_collection():
        for turn in range(WARMUP_TURNS + limits.turns):
            if time.perf_counter_ns() - start_ns > limits.session_s * 1e9:
                return max(0, turn - WARMUP_TURNS)
            warm, block = turn >= WARMUP_TURNS, max(0, turn - WARMUP_TURNS) // in_block
            for kind in kinds:
                asked = [_Asked(level, _operation(kind, level, rng)) for level in levels]
                ended: dict[tuple[int, int], Completion] = {}
                order = [cells[index] for index in next(orders)]
                names = [recorder.kind_index(written(kind, level.size)) for level in levels]
                for position, (level, place) in enumerate(order):
                    player = players[id(levels[level].ground)][place]
                    latency_ns, ended[level, place] = player.perform(asked[level])
                    recorder.add(count + level, block, warm, names[level], place, position, latency_ns)
                count += len(levels)
                for (level, place), completion in ended.items():
                    _check(players[id(levels[level].ground)][place], asked[level], completion)
                for one in asked:
                    if isinstance(one.operation, Write):
                        one.level.ground.applied(one.operation, one.level.ground.model.context(one.operation))
            gc.collect(0)
    return limits.turns


def _operation(kind: str, level: _Level, rng: np.random.Generator) -> Operation:
    ground = level.ground
    room = level.rooms[int(rng.integers(len(level.rooms)))]
    if kind == SEND:
        return ground.speech.send(room, *ground.clock.next())
    before_ms = START_MS + STEP_MS * int(rng.integers(1, ground.world.stored + 2))
    return read_of(kind, room, before_ms, of_member=bool(rng.integers(2)))


def _check(player: _Player, asked: _Asked, completion: Completion) -> None:
    operation = asked.operation
    if isinstance(operation, Write):
        perform.check_outcome(player.name, operation, completion, None)
        return
    expected = masked_answer(operation, player.shortfalls, asked.level.ground.model)
    perform.check_answer(player.name, operation, completion, expected)
