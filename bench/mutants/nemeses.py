"""Faults with a mistake in them: each pretends to disturb something and does nothing, so each of its exposures must be void.

Beside each of them the fault itself is made once, which must leave evidence: a check that calls everything void would pass, too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.bus.bus import Bus
from bench.bus.relay import kill_relay
from bench.bus.transit import BusFault, transit
from bench.crash.client import Death, die_in
from bench.crash.rig import Rig
from bench.drive.drivers import Completion, Links, run
from bench.drive.flights import Atomicity, Exchange, Flights, Verb
from bench.factors import DEFAULT
from bench.faults.names import LaneName
from bench.faults.sweeps.lanes import opened
from bench.faults.sweeps.space import spread
from bench.scenes import HEADLINE
from bench.stores import Store
from bench.wire.cut import CUTS, Cut
from bench.wire.interruptions import Hit, Interrupter, Interruption, happened
from bench.wire.lane import Lane
from bench.write_path import WritePath
from variants.contract import Side
from workloads.operations import Context, Write

_ANSWERED = (
    Interruption.CANCELLED,
    Interruption.STATEMENT_TIMEOUT,
    Interruption.LOCK_TIMEOUT,
    Interruption.SERIALIZATION_FAILURE,
    Interruption.SWALLOWED_ERROR,
)
"""Interruptions of which the client is told by the server itself."""

FAR = 100_000
"""A place that no operation comes to."""

KILLS_MAX = 3
"""Processes that are not killed: each of them takes its time."""


@dataclass(frozen=True, slots=True)
class Idle:
    """Exposures to a fault that does nothing: `void` of them left no evidence; `real` says that the fault itself leaves some."""

    exposures: int
    void: int
    real: bool

    @property
    def killed(self) -> bool:
        """Whether every exposure was void, and only to the fault that does nothing."""
        return self.exposures > 0 and self.void == self.exposures and self.real


@dataclass(frozen=True, slots=True)
class FaultMutant:
    """A fault that does nothing: what it pretends, and how at most so many exposures of it are made on a store."""

    name: str
    what: str
    expose: Callable[[Store, int], Idle]


def _bus(fault: BusFault) -> FaultMutant:
    """A bus that carries everything as it should."""

    def expose(_: Store, exposures: int) -> Idle:
        published, seeds = [2] * 20, range(exposures)
        idle = [transit(published, BusFault.NONE, Bus.RESTARTED, random.Random(seed)).met(fault) for seed in seeds]
        real = [transit(published, fault, Bus.RESTARTED, random.Random(seed)).met(fault) for seed in seeds]
        return Idle(len(idle), sum(not met for met in idle), all(real))

    return FaultMutant(f"bus_without_{fault}", f"a bus on which {fault} does not happen", expose)


def _lane(name: str, lane_name: LaneName) -> tuple[FaultMutant, FaultMutant]:
    """A lane that is never told to cut, and one that is to cut behind the last message."""

    def expose(store: Store, exposures: int, idle: Callable[[Cut], Cut | None]) -> Idle:
        with opened(lane_name, store) as lane, Rig.opened(store) as rig:
            messages, _ = _sent(lane, rig, None)
            cuts = spread([Cut(message, side) for message in range(1, messages + 1) for side in CUTS], exposures)
            hit = [_sent(lane, rig, idle(cut))[1] for cut in cuts]
            real = [_sent(lane, rig, cut)[1] for cut in cuts[:1]]
        return Idle(len(hit), hit.count(False), all(real))

    def never(store: Store, exposures: int) -> Idle:
        return expose(store, exposures, lambda _: None)

    def too_far(store: Store, exposures: int) -> Idle:
        return expose(store, exposures, lambda cut: Cut(cut.message + FAR, cut.side))

    return (
        FaultMutant(f"{name}_never_armed", f"a {name} that is told of no cut", never),
        FaultMutant(f"{name}_aims_too_far", f"a {name} that is to cut behind the last message", too_far),
    )


def _sent(lane: Lane, rig: Rig, cut: Cut | None) -> tuple[int, bool]:
    """A message is sent through a lane: how many messages of the protocol that were, and whether the lane cut one."""
    made, model = rig.new_scene(HEADLINE, 1)
    (operation,) = made.target
    with lane.open() as links:
        lane.arm(links, cut)
        run(links, _sending(rig, operation, model.context(operation)))
        return lane.count(links), lane.evidence(links).happened


def _spared_client(store: Store, exposures: int) -> Idle:
    """A client is to be killed where it never comes."""
    with Rig.opened(store) as rig:
        return _killed(lambda answered: _dying_client(rig, answered), exposures)


def _dying_client(rig: Rig, answered: int) -> Death:
    made, model = rig.new_scene(HEADLINE, 1)
    (operation,) = made.target

    @contextmanager
    def life() -> Iterator[tuple[Links, Flights]]:
        with rig.store.links(Exchange.PLAIN) as links:
            yield links, _sending(rig, operation, model.context(operation))

    return die_in(life, answered)


def _spared_relay(store: Store, exposures: int) -> Idle:
    """A relay is to be killed where it never comes."""
    with Rig.opened(store) as rig:

        def killed(answered: int) -> Death:
            made, model = rig.new_scene(HEADLINE, 1)
            (operation,) = made.target
            run(rig.retrying, rig.path(Atomicity.OUTBOX).flights(operation, model.context(operation)))
            death = kill_relay(rig, answered)
            rig.wait_until_gone(death.backends)
            rig.settle(Atomicity.OUTBOX)
            return death

        return _killed(killed, exposures)


def _killed(kill: Callable[[int], Death], exposures: int) -> Idle:
    idle = [kill(FAR).signal is None for _ in range(min(exposures, KILLS_MAX))]
    return Idle(len(idle), sum(idle), kill(1).signal is not None)


def _idle_interruptions(store: Store, _: int) -> Idle:
    """Nothing is held, ended or cancelled; where the server would have said so, somebody claims that it was."""
    with Rig.opened(store) as rig, store.links(Exchange.PLAIN) as calm, Interrupter.opened(store) as interrupter:
        undisturbed = _run_send(rig, calm)
        idle = [happened(each, Hit(), undisturbed, (str(Verb.COMMIT),)) for each in Interruption]
        idle += [happened(each, Hit(took_hold=True), undisturbed, (str(Verb.COMMIT),)) for each in _ANSWERED]
        with store.links(Exchange.PLAIN) as links:
            with interrupter.around(Interruption.TERMINATED, links[Side.CENTRAL]) as hit:
                ended = _run_send(rig, links)
            real = ended.lost and happened(Interruption.TERMINATED, hit, ended, ())
    return Idle(len(idle), idle.count(False), real)


def _run_send(rig: Rig, links: Links) -> Completion:
    made, model = rig.new_scene(HEADLINE, 1)
    (operation,) = made.target
    return run(links, _sending(rig, operation, model.context(operation)))


def _sending(rig: Rig, operation: Write, context: Context) -> Flights:
    return WritePath(rig.store.design, DEFAULT, Exchange.PLAIN).flights(operation, context)


FAULTS: tuple[FaultMutant, ...] = (
    *(_bus(fault) for fault in BusFault if fault is not BusFault.NONE),
    *_lane("proxy", LaneName.PROXY),
    *_lane("fast_lane", LaneName.FAST),
    FaultMutant("idle_interruptions", "a server that ends, cancels and refuses nothing", _idle_interruptions),
    FaultMutant("spared_client", "a client that is killed where it never comes", _spared_client),
    FaultMutant("spared_relay", "a relay that is killed where it never comes", _spared_relay),
)
"""Faults that do nothing."""
