"""What a process under gevent does: two users of a crowd, of which the second one's operation frees the first one's.

Run by `test_crowd.py` as a program of its own, since patching cannot be undone. If the first one's wait stopped the other user, or
whoever hands out operations, this would never end.
"""

from __future__ import annotations

from gevent import monkey  # type: ignore[import-untyped]  # it has no types

monkey.patch_all()

import sys  # noqa: E402  # gevent patches what is imported before anything else is

import gevent  # noqa: E402
from sqlalchemy import text  # noqa: E402

from bench.drive.drivers import Links, run  # noqa: E402
from bench.drive.flights import Exchange, Flights, reading_flights  # noqa: E402
from bench.drive.link import Link  # noqa: E402
from bench.swarm.crowd import Crowd  # noqa: E402
from variants.contract import Query, Reading, Side  # noqa: E402

LOCK = Query(Side.CENTRAL, text("SELECT 1 FROM pg_advisory_lock(7)"))
UNLOCK = Query(Side.CENTRAL, text("SELECT pg_advisory_unlock(7)"))
WAITING = Query(Side.CENTRAL, text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


def flights(query: Query) -> Flights:
    """One read."""

    def reading() -> Reading:
        return (yield query())

    return reading_flights(reading())


def main() -> None:
    """Tell in which order the operations of two users end, and that a user who is asked to go ends its operation first."""
    exchange, conninfo = Exchange(sys.argv[1]), sys.stdin.read()
    lanes: list[Links] = [{Side.CENTRAL: link, Side.AGENT: link} for link in (Link(conninfo, exchange), Link(conninfo, exchange))]
    watching = Link(conninfo, Exchange.PLAIN)
    crowd = Crowd(lanes)
    seats = [crowd.sit(), crowd.sit()]
    assert seats == [0, 1], seats
    assert crowd.sit() is None
    users = [gevent.spawn(crowd.serve, seat) for seat in seats]
    told: list[object] = []

    def until_ended(count: int) -> None:
        while len(told) < count:
            for one in crowd.wait(1.0):
                assert one.completion.reason is None, one.completion
                told.append(one.token)

    taken = [crowd.take()[0], crowd.take()[0]]
    crowd.begin(taken[1], flights(LOCK), "held")
    until_ended(1)
    crowd.begin(taken[0], flights(LOCK), "first")
    while run({Side.CENTRAL: watching, Side.AGENT: watching}, flights(WAITING)).value != [(1,)]:
        gevent.sleep(0.01)
    crowd.ask_to_go(taken[0])
    crowd.begin(taken[1], flights(UNLOCK), "second")
    until_ended(3)
    for lane in taken:
        crowd.give(lane, 0)
    users[0].join()
    assert not users[1].ready()
    assert crowd.any_free
    crowd.ask_to_go(1)
    users[1].join()
    assert not crowd.any_free
    assert crowd.sit() is not None
    # Who frees and who is freed are answered at the same time.
    sys.stdout.write(" ".join(sorted(map(str, told))))


main()
