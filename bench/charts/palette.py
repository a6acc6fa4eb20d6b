"""One colour and marker for each design, one colour and hatch for each role of a table, the same in every chart. Pure.

Colours of designs are those of M. Okabe and K. Ito (Color Universal Design, 2008) and a dark purple; of table roles those of
P. Tol's "light" scheme. Both can be told apart with the common kinds of colour blindness, and neighbours differ in lightness too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

INK, FAINT, GRID, PAPER = "#1a1a1a", "#5a5a5a", "#d9d9d9", "#ffffff"

UNEQUAL = " †"
"""Stands behind the name of a design that does less work than the others, or other work, and is compared with none."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a design is drawn."""

    colour: str
    marker: str


_LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "floor": Look("#666666", "v"),
        "dual": Look("#000000", "o"),
        "dual_deployed": Look("#4b0055", "X"),
        "option_a": Look("#0072b2", "s"),
        "option_a_shared": Look("#56b4e9", "p"),
        "option_b": Look("#009e73", "^"),
        "option_b_envelope": Look("#e69f00", "<"),
        "hybrid": Look("#d55e00", "D"),
    }
)
_STRANGERS = (Look("#cc79a7", "P"), Look("#332288", "h"), Look("#117733", "*"), Look("#aa4499", ">"))

_FIRST = ("floor", "dual", "dual_deployed", "option_a", "option_a_shared", "option_b", "option_b_envelope", "hybrid")


def looks(designs: Iterable[str]) -> dict[str, Look]:
    """The look of each design. Designs that are not ours share a few looks, given by the order of their names."""
    names = sorted(set(designs))
    strangers = [name for name in names if name not in _LOOKS]
    given = {name: _STRANGERS[place % len(_STRANGERS)] for place, name in enumerate(strangers)}
    return {name: _LOOKS.get(name) or given[name] for name in names}


def in_order(designs: Iterable[str]) -> list[str]:
    """The floor first, then the note's order, then strangers by name."""
    return sorted(set(designs), key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))


def design_of(variant: str) -> str:
    """The design of a variant: `dual[joined,again]` is one of `dual`."""
    return variant.partition("[")[0]


def levels_of(variant: str) -> tuple[str, ...]:
    """The levels in a variant's brackets: `dual[joined,again]` has `joined` and `again`."""
    match = re.search(r"\[(.*)\]$", variant)
    return tuple(level.strip() for level in match[1].split(",")) if match else ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a table is for, whatever a design calls it. `hatch` tells roles apart where colour does not reach."""

    name: str
    colour: str
    hatch: str
    tables: frozenset[str]


ROLES: tuple[Role, ...] = (
    Role("message, central", "#4477aa", "", frozenset({"root_messages", "messages"})),
    Role("message, in memories", "#ee8866", "///", frozenset({"memories"})),
    Role(
        "servers and channels, central",
        "#99ddff",
        "",
        frozenset({"message_servers", "channels", "central_servers", "central_channels", "servers"}),
    ),
    Role(
        "members, central",
        "#44bb99",
        "\\\\\\",
        frozenset({"channel_participants", "server_agents", "members", "subscriptions"}),
    ),
    Role("worlds and rooms", "#eedd88", "", frozenset({"worlds", "rooms"})),
    Role("participants and entities", "#ffaabb", "---", frozenset({"participants", "entities"})),
    Role("agents", "#aaaa00", "", frozenset({"agents"})),
)
OTHER = Role("other tables", "#bbbbbb", "", frozenset())


def role_of(table: str) -> Role:
    """The role of a table by its name; a name that we do not know is `OTHER`."""
    return next((role for role in ROLES if table in role.tables), OTHER)
