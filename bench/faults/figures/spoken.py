"""Names of cells, kinds of operation and sides of a cut as titles say them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_CELLS: Mapping[str, str] = MappingProxyType(
    {
        "per_side": "per side, no retry",
        "per_side_fresh": "per side, a retry under a new id",
        "per_side_derived": "per side, a retry under the same id",
        "joined": "joined, no retry",
        "joined_derived": "joined, a retry under the same id",
        "outbox": "with an outbox",
        "async_restart": "on a bus that forgets at a restart",
        "async_redelivery": "on a bus that delivers again",
    }
)
_SIDES: Mapping[str, str] = MappingProxyType(
    {"request-lost": "request lost", "reply-lost": "reply lost", "zombie": "zombie (only the client is cut off)"}
)


def cell_spoken(name: str) -> str:
    """A cell in a few words."""
    return _CELLS.get(name, plain(name))


def side_spoken(name: str) -> str:
    """A side of a cut in a few words."""
    return _SIDES.get(name, name)


def plain(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ")
