"""What a process under gevent does: two greenlets, each with a connection of its own, of which the second frees the first.

Run by `test_gevent.py` as a program of its own, since patching cannot be undone. If the first one's wait stopped the whole thread,
the second would never run, and this would never end.
"""

from __future__ import annotations

from gevent import monkey  # type: ignore[import-untyped]  # it has no types

monkey.patch_all()

import sys  # noqa: E402  # gevent patches what is imported before anything else is

import gevent  # noqa: E402
from sqlalchemy import text  # noqa: E402

from bench.drive.drivers import run  # noqa: E402
from bench.drive.flights import Exchange, Flights, reading_flights  # noqa: E402
from bench.drive.link import Link  # noqa: E402
from variants.contract import Query, Reading, Side  # noqa: E402

LOCK = Query(Side.CENTRAL, text("SELECT 1 FROM pg_advisory_lock(7)"))
UNLOCK = Query(Side.CENTRAL, text("SELECT pg_advisory_unlock(7)"))
WAITING = Query(Side.CENTRAL, text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


def main() -> None:
    """Tell in which order the two ended."""
    told: list[str] = []
    exchange = Exchange(sys.argv[1])
    conninfo = sys.stdin.read()
    first, second = (Link(conninfo, exchange) for _ in range(2))

    def of(query: Query) -> Flights:
        def reading() -> Reading:
            return (yield query())

        return reading_flights(reading())

    def ask(link: Link, query: Query) -> object:
        return run({Side.CENTRAL: link, Side.AGENT: link}, of(query)).value

    def wait() -> None:
        ask(first, LOCK)
        told.append("first")

    def free() -> None:
        while ask(second, WAITING) != [(1,)]:
            gevent.sleep(0.01)
        told.append("second")
        ask(second, UNLOCK)

    ask(second, LOCK)
    gevent.joinall([gevent.spawn(wait), gevent.spawn(free)], raise_error=True)
    first.close()
    second.close()
    sys.stdout.write(" ".join(told))


main()
