"""The relay of an outbox, killed at every point of one note: before the claim, between an agent's part and the mark, after all."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.crash.client import Death, die_in
from bench.crash.exposure import Cell, rehearse
from bench.crash.judge import Judgement, judged
from bench.crash.rig import Rig
from bench.crash.states import Footprint, states_of
from bench.drive.drivers import Links, Told, run
from bench.drive.flights import Atomicity, Flights
from bench.errors import InvalidMeasurement
from bench.outbox.relay import Relay
from bench.proof.masks import shortfalls_of
from bench.server.failing import check, failed

_AGENT, _BEGIN, _COMMIT, _READ, _MARKED = "agent: ", "agent: BEGIN", "agent: COMMIT", "agent: SELECT", "central: COMMIT"

POINTS_MAX = 1_000
"""More commands than this and a relay never ends."""


@dataclass(frozen=True, slots=True)
class RelayDeath:
    """A relay that died once `answered` of its commands were, and what there is once another one has applied what waited.

    `applied_unmarked`: an agent's part was committed and the note was not marked yet, so it was applied again. `happened` is false
    where the relay came to its end before the point; that exposure is void.
    """

    kind: str
    answered: int
    happened: bool
    applied_unmarked: bool
    judgement: Judgement


def kill_relay(rig: Rig, answered: int) -> Death:
    """A relay process that dies once so many of its commands are answered."""
    path = rig.path(Atomicity.OUTBOX).of_relay()

    @contextmanager
    def life() -> Iterator[tuple[Links, Flights]]:
        with Relay.opened(rig.store, path) as relay:
            yield relay.links, path.relayed()

    return die_in(life, answered)


def relay_deaths(rig: Rig, kind: str, k: int, *, peer_delivery: bool = True) -> Iterator[RelayDeath]:
    """A relay dies at each point of one note, on scenes of their own; the last one comes to its end alive.

    Raises `InvalidMeasurement` when a death cannot be told, and where no relay comes to its end.
    """
    footprint = rehearse(rig, Cell(kind, k, Atomicity.OUTBOX, peer_delivery)).footprint
    for answered in range(POINTS_MAX):
        death = _one(rig, kind, k, answered, footprint, peer_delivery=peer_delivery)
        yield death
        if not death.happened:
            return
    raise InvalidMeasurement(f"{rig.store.design.name}: a relay of {kind}, k={k}, does not end: more than {POINTS_MAX} commands")


def _one(rig: Rig, kind: str, k: int, answered: int, footprint: Footprint, *, peer_delivery: bool) -> RelayDeath:
    name = f"{rig.store.design.name}/outbox/{kind}/k={k}"
    made, model = rig.new_scene(kind, k, peer_delivery=peer_delivery)
    (operation,) = made.target
    context = model.context(operation)
    completion = run(rig.retrying, rig.path(Atomicity.OUTBOX).flights(operation, context))
    check(f"a client of {name} wrote its note", completion)
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{name}: the client's part ended {completion.told}: {completion.reason}")
    death = kill_relay(rig, answered)
    if death.failure is not None:
        raise failed(f"a relay was to die ({name})", death.failure)
    happened = death.signal == signal.SIGKILL and len(death.sent) == answered
    if not happened and death.signal is not None:
        raise InvalidMeasurement(f"{name}: a relay was to die by signal 9 and ended by signal {death.signal}", [death.note])
    if not rig.wait_until_gone(death.backends):
        raise InvalidMeasurement(f"{name}: the server did not end the backends of a dead relay")
    rig.settle(Atomicity.OUTBOX)
    states = states_of(made, context, shortfalls_of(rig.store.design), footprint, peer_delivery=peer_delivery)
    return RelayDeath(kind, answered, happened, happened and _is_unmarked(death.sent), judged(states, rig.observe(made)))


def _is_unmarked(sent: Sequence[str]) -> bool:
    """Whether something was committed for an agent while the transaction that marks the note was not; by the commands answered."""
    inside = applied = False
    for command in sent:
        if command == _BEGIN:
            inside = True
        elif command == _COMMIT:
            inside, applied = False, True
        elif command.startswith(_AGENT) and not inside and not command.startswith(_READ):
            applied = True
    return applied and _MARKED not in sent
