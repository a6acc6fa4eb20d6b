"""The order in which cells, kinds of operation, sides of a cut and invariants are shown; strangers come last, by name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bench.faults.cells import NAMES
from bench.scenes import KINDS

SIDES = ("request-lost", "reply-lost", "zombie")
"""The sides of a message, in the order in which they are shown."""


def cell_order(name: str) -> tuple[int, str]:
    """The place of a cell."""
    return _place(NAMES, name)


def kind_order(name: str) -> tuple[int, str]:
    """The place of a kind of operation."""
    return _place(KINDS, name)


def side_order(name: str) -> tuple[int, str]:
    """The place of a side."""
    return _place(SIDES, name)


def invariant_order(name: str) -> tuple[int, str]:
    """The place of an invariant: that of its number."""
    found = re.search(r"\d+", name)
    return (int(found[0]) if found else 10**6, name)


def _place(known: Sequence[str], name: str) -> tuple[int, str]:
    return (known.index(name) if name in known else len(known), name)
