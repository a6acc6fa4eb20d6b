"""A stream over a bus that restarts, as a timeline: operations, restarts, and how long each agent lacked each message. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.bus.carry import Carried, Course, Handling
from bench.bus.heard import Heard
from bench.bus.path import Delivery
from bench.bus.transit import BusFault, Restarted, Transit
from bench.drive.drivers import Told
from bench.results.faults_schema import EpisodeRecord, MomentRecord, RegionRecord
from workloads.operations import Delete, Reply, Send, kind_of

AGREEMENT, CENTRAL_ONLY = "I4", "central-only"
CLIENT, AGENTS = "client", "agents"


@dataclass(frozen=True, slots=True)
class Shown:
    """A stream of which a timeline is drawn, with its names in the tables."""

    design: str
    cell: str
    fault: BusFault
    course: Course
    transit: Transit
    carried: Carried

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What travelled over the bus, without the setup."""
        return self.carried.heard[len(self.course.stream.setup) :]

    @property
    def start_ns(self) -> int:
        """When the first of these operations began: the zero of all times."""
        return self.heard[0].begun_ns

    @property
    def last_ns(self) -> int:
        """When nobody looked any more."""
        ended_ns = [*(item.ended_ns for item in self.heard), *(item.ended_ns for item in self.carried.handled)]
        return max(ended_ns, default=self.start_ns)


def timeline(shown: Shown) -> Iterator[MomentRecord | RegionRecord | EpisodeRecord]:
    """The records of it; times are in seconds since the first operation began."""
    yield from _moments(shown)
    yield from _regions(shown)
    yield from _episodes(shown)


def _moments(shown: Shown) -> Iterator[MomentRecord]:
    for heard in shown.heard:
        yield _moment(shown, CLIENT, kind_of(heard.operation), heard)
    for handling in shown.carried.handled:
        yield _moment(shown, AGENTS, f"deliver {kind_of(handling.delivery.operation)}", handling)


def _moment(shown: Shown, process: str, f: str, item: Heard | Handling) -> MomentRecord:
    return MomentRecord(
        design=shown.design,
        cell=shown.cell,
        process=process,
        f=f,
        begin_s=_s(shown, item.begun_ns),
        end_s=_s(shown, item.ended_ns),
        told=item.completion.told,
    )


def _regions(shown: Shown) -> Iterator[RegionRecord]:
    """From each restart until the process handled something again."""
    restarts = [event for event in shown.transit.events if isinstance(event, Restarted)]
    begins_ns = sorted(handling.begun_ns for handling in shown.carried.handled)
    for event, at_ns in zip(restarts, shown.carried.restarted_ns, strict=True):
        until_ns = next((begun_ns for begun_ns in begins_ns if begun_ns > at_ns), shown.last_ns)
        yield RegionRecord(
            design=shown.design,
            cell=shown.cell,
            fault=shown.fault,
            begin_s=_s(shown, at_ns),
            end_s=_s(shown, max(at_ns, until_ns)),
            evidence=f"{len(event.waiting)} deliveries were in the memory of the agents' process",
        )


def _episodes(shown: Shown) -> Iterator[EpisodeRecord]:
    """For each message and agent, from when it was there centrally until the agent had its copy, or it was deleted."""
    numbered = [delivery for group in shown.course.deliveries for delivery in group]
    by_key = {heard.operation.key: heard for heard in shown.heard}
    deleted = {heard.operation.message_key: heard for heard in reversed(shown.heard) if isinstance(heard.operation, Delete)}
    stored = {item.number: item for item in reversed(shown.carried.handled) if item.completion.told is Told.OK}
    for number, delivery in enumerate(numbered):
        heard = by_key[delivery.operation.key]
        if _makes_a_copy(delivery) and heard.completion.told is Told.OK:
            ends = [item for item in (stored.get(number), deleted.get(delivery.operation.key)) if item is not None]
            yield _episode(shown, delivery, heard, min(ends, key=lambda item: item.ended_ns, default=None))


def _makes_a_copy(delivery: Delivery) -> bool:
    """Whether the agent stores a copy: it must be told, and is not the author, who has its own."""
    return isinstance(delivery.operation, (Send, Reply)) and delivery.actor in delivery.context.recipients


def _episode(shown: Shown, delivery: Delivery, heard: Heard, end: Heard | Handling | None) -> EpisodeRecord:
    return EpisodeRecord(
        design=shown.design,
        cell=shown.cell,
        invariant=AGREEMENT,
        fault=shown.fault,
        key=f"{delivery.actor}, {delivery.context.message_id}",
        direction=CENTRAL_ONLY,
        silent=True,
        begin_low_s=_s(shown, heard.begun_ns),
        begin_high_s=_s(shown, heard.ended_ns),
        end_low_s=None if end is None else _s(shown, end.begun_ns),
        end_high_s=None if end is None else _s(shown, end.ended_ns),
        last_s=_s(shown, shown.last_ns),
        agents=1,
        healing="never" if end is None else "self",
    )


def _s(shown: Shown, at_ns: int) -> float:
    return (at_ns - shown.start_ns) / 1e9
