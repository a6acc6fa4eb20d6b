"""The one connection of a lane's client, which serves both sides of a store."""

from __future__ import annotations

from bench.drive.drivers import Links
from bench.drive.link import Link
from variants.contract import Side


def both(link: Link) -> Links:
    """This connection for both sides."""
    return {Side.CENTRAL: link, Side.AGENT: link}


def only(links: Links) -> Link:
    """The connection behind both sides."""
    return links[Side.CENTRAL]
