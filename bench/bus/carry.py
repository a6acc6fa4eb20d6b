"""A stream of operations carried over a bus with a fault, on a real store: the client's parts, then the deliveries as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.bus.bus import Bus
from bench.bus.heard import OPERATION_NS, Heard, all_ok
from bench.bus.path import BusPath, Delivery
from bench.bus.stream import Stream
from bench.bus.transit import Arrived, Published, Restarted, Transit
from bench.crash.rig import set_up
from bench.drive.drivers import Completion, Told, run
from bench.drive.flights import Exchange
from bench.factors import Levels
from bench.proof.observation import Observation
from bench.proof.observe import observe
from bench.server.failing import check
from bench.stores import Store
from workloads.model import Model
from workloads.operations import Context

Clock = Callable[[], int]
"""Monotonic time in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Course:
    """A stream with the contexts of its operations, what each puts on the bus, and the model after all of them."""

    stream: Stream
    contexts: tuple[Context, ...]
    deliveries: tuple[tuple[Delivery, ...], ...]
    model: Model

    @property
    def published(self) -> tuple[int, ...]:
        """How many deliveries each operation puts on the bus."""
        return tuple(map(len, self.deliveries))


@dataclass(frozen=True, slots=True)
class Handling:
    """A delivery that arrived, by its number in order of publication, and how the agents' process ended with it."""

    number: int
    delivery: Delivery
    completion: Completion
    begun_ns: int
    ended_ns: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of a stream: what clients heard, every delivery that arrived, when the agents' process was restarted (in ns), and
    what the store says in the end of the stream's channel.
    """

    heard: tuple[Heard, ...]
    handled: tuple[Handling, ...]
    restarted_ns: tuple[int, ...]
    observed: Observation


def course_of(store: Store, levels: Levels, bus: Bus, stream: Stream, *, peer_delivery: bool = True) -> Course:
    """What a stream asks of a design, whatever the bus does with it. Nothing is sent."""
    path = BusPath(store.design, levels, Exchange.PLAIN, bus)
    model = Model(peer_delivery=peer_delivery)
    for operation in stream.setup:
        model.apply(operation, model.context(operation))
    contexts: list[Context] = []
    deliveries: list[tuple[Delivery, ...]] = []
    for operation in stream.operations:
        context = model.context(operation)
        contexts.append(context)
        deliveries.append(path.deliveries(operation, context))
        model.apply(operation, context)
    return Course(stream, tuple(contexts), tuple(deliveries), model)


def carry(
    store: Store, levels: Levels, bus: Bus, course: Course, transit: Transit, clock: Clock, *, peer_delivery: bool = True
) -> Carried:
    """Set the stream's scene up and carry its operations over the bus, in the order of the transit's events.

    Raises `ServerFailed` when a connection is lost: no fault of a bus does that.
    """
    path = BusPath(store.design, levels, Exchange.PLAIN, bus)
    numbered = [delivery for group in course.deliveries for delivery in group]
    handled: list[Handling] = []
    restarted_ns: list[int] = []
    told_ok: set[int] = set()
    with (
        store.links(Exchange.SHARED) as setting_up,
        store.links(Exchange.PLAIN) as client,
        store.links(Exchange.PLAIN) as agents,
    ):
        setup = course.stream.setup
        set_up(store.design, setting_up, Model(peer_delivery=peer_delivery), setup, "the scene of a stream")
        # The whole setup is one transaction: its operations are given the time just before it ended, one after another.
        heard = all_ok(Model(peer_delivery=peer_delivery), setup, clock() - len(setup) * OPERATION_NS)
        for event in transit.events:
            match event:
                case Published(operation=place):
                    operation, context = course.stream.operations[place], course.contexts[place]
                    begun_ns = clock()
                    completion = run(client, path.client(operation, context))
                    check(f"a stream of {store.design.name} was carried over a bus", completion)
                    heard.append(Heard(operation, context, completion, begun_ns, clock()))
                    if completion.told is Told.OK:
                        told_ok.add(place)
                case Arrived(number=number):
                    if _operation_of(course.published, number) in told_ok:
                        begun_ns = clock()
                        completion = run(agents, path.delivered(numbered[number]))
                        check(f"a delivery of {store.design.name} was handled", completion)
                        handled.append(Handling(number, numbered[number], completion, begun_ns, clock()))
                case Restarted():
                    path.restarted()
                    restarted_ns.append(clock())
    observed = observe(store, [course.stream.channel_id], [course.stream.server_id])
    return Carried(tuple(heard), tuple(handled), tuple(restarted_ns), observed)


def _operation_of(published: Sequence[int], number: int) -> int:
    """The operation that put the delivery of this number on the bus."""
    for operation, count in enumerate(published):
        if number < count:
            return operation
        number -= count
    raise ValueError("no such delivery was published")
