"""The statements of a design's messages as they are really sent, with their parameters."""

from __future__ import annotations

from collections.abc import Sequence

from bench.anatomy.unit import Record, recorded
from bench.drive.drivers import Links, Told, run
from bench.drive.flights import Atomicity, Exchange, Flight, operation_flights
from bench.errors import InvalidMeasurement
from bench.pgbench.world import Post
from bench.server import failing
from variants.contract import Design

Message = tuple[Flight, ...]
"""The flights of one message, with the shared exchange: the plain one sends the same commands one by one."""


def record(design: Design, links: Links, posts: Sequence[Post]) -> list[Message]:
    """Send these messages over shared links. Raises `InvalidMeasurement` when one of them does not succeed."""
    found = []
    for post in posts:
        noted = Record()
        flights = operation_flights(design.write(post.operation, post.context), Atomicity.PER_SIDE, Exchange.SHARED)
        completion = run(links, recorded(flights, noted))
        failing.check(f"a message of {design.name} was recorded", completion)
        if completion.told is not Told.OK:
            raise InvalidMeasurement(f"{design.name}: a message to be replayed ended {completion.told}: {completion.reason}")
        found.append(tuple(flight for flight, _ in noted.flights))
    return found
